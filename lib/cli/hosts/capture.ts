import { parseDomain } from '../../parser/domain/domain.ts';
import { parseHosts } from '../../parser/host/host.ts';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { CommandError, usageError, type CommandErrorCode } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, words } from '../terminal/words.ts';
import { publicUri } from './names.ts';
import { asking, virsh, type Asking } from './virsh.ts';

/** A host to be asked, and what it is called here. */
export interface Target {
  readonly name: string;
  readonly uri: string;
}

/** The kind of guest whose CPU is asked for; libvirt's own choice where nothing is said. */
export interface GuestContext {
  readonly virttype?: string | undefined;
  readonly arch?: string | undefined;
  readonly machine?: string | undefined;
  readonly emulatorbin?: string | undefined;
}

/** How to ask. */
export interface CaptureOptions {
  readonly context: GuestContext;
  /** Seconds a host may take. */
  readonly timeout: number;
}

/** Hosts asked at the same time. */
const AT_ONCE = 16;

/** The kind of guest that a domain is. */
export function contextOf(text: string, file: string): GuestContext {
  const { type, arch, machine, emulator } = parseDomain(text, { file });
  return { virttype: type, arch, machine, emulatorbin: emulator };
}

/**
 * What each host's libvirt says, by its name here: one text that `parseHost` reads as one host. All are asked before
 * anything is given; one that cannot be read stops the whole.
 */
export async function captureHosts(
  targets: readonly Target[],
  options: CaptureOptions,
  terminal: Terminal,
): Promise<ReadonlyMap<string, string>> {
  refuseSameNames(targets);
  const texts = new Map<string, string>();
  const failures: unknown[] = [];
  const progress = progressOf(targets.length, terminal);
  progress.show(0);
  await inTurns(targets, async (target) => {
    try {
      texts.set(target.name, await captureHost(target, options, terminal));
    } catch (error) {
      failures.push(error);
    }
    progress.show(texts.size + failures.length);
  });
  progress.end();
  if (failures.length === 0) return texts;
  const isAlone = targets.length === 1;
  const stranger = failures.find((error) => isAlone || !isRefusal(error));
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- as it was thrown
  if (stranger !== undefined) throw stranger;
  const count = `${failures.length} of ${targets.length} hosts cannot be read, so none is used`;
  throw new CommandError('host-unreachable', count, failures.filter(isRefusal).flatMap(linesOf).sort());
}

/** Codes of what a host answers for. */
const UNANSWERED: ReadonlySet<CommandErrorCode> = new Set(['host-unreachable', 'host-timeout']);

/** Is this for the host to answer for? */
function isRefusal(error: unknown): error is Error {
  return isLibvirtXmlError(error) || (error instanceof CommandError && UNANSWERED.has(error.code));
}

function linesOf(error: Error): readonly string[] {
  return isLibvirtXmlError(error)
    ? [`${error.file ?? ''}:${error.line}:${error.column}: ${error.reason}`]
    : [error.message];
}

function refuseSameNames(targets: readonly Target[]): void {
  const names = targets.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw usageError(`two hosts would be called "${twice}": give NAME=URI for one of them`, 'ambiguous-host');
}

async function captureHost(
  { name, uri }: Target,
  options: CaptureOptions,
  terminal: Terminal,
): Promise<string> {
  const asked = asking(options.timeout, terminal);
  const capabilities = await virsh(uri, ['capabilities'], asked);
  const domcapabilities = await virsh(uri, ['domcapabilities', ...contextArguments(options.context)], asked);
  const version = await versionsOf(uri, asked);
  const label = styled('warning', 'yellow', terminal.colour.err);
  if (version.libvirt === undefined)
    terminal.tell(words`${label}: ${name} does not report its libvirt version\n`);
  const text = `${markFor(uri, version)}\n${trimmed(capabilities)}\n${trimmed(domcapabilities)}\n`;
  parseHosts(text, { file: publicUri(uri) });
  return text;
}

/** virsh ends each document with an empty line. */
function trimmed(text: string): string {
  return text.trimEnd();
}

function contextArguments({ virttype, arch, machine, emulatorbin }: GuestContext): readonly string[] {
  const pairs = [
    ['--virttype', virttype],
    ['--emulatorbin', emulatorbin],
    ['--arch', arch],
    ['--machine', machine],
  ] as const;
  return pairs.flatMap(([option, value]) => (value === undefined ? [] : [option, value]));
}

interface Versions {
  readonly libvirt: string | undefined;
  readonly hypervisor: string | undefined;
}

/** A host without an emulator for its own architecture refuses to answer; then its version stays unknown. */
async function versionsOf(uri: string, asked: Asking): Promise<Versions> {
  const answer = virsh(uri, ['version', '--daemon'], asked);
  const text = await answer.catch((error: unknown) => {
    if (asked.deadline.aborted) throw error;
    return '';
  });
  return {
    libvirt: /^Running against daemon: (\d+\.\d+\.\d+)$/m.exec(text)?.[1],
    hypervisor: /^Running hypervisor: (.*)$/m.exec(text)?.[1],
  };
}

/** Where a captured text comes from, as its first line; the parser reads the libvirt version back. */
function markFor(uri: string, { libvirt, hypervisor }: Versions): string {
  const facts = Object.entries({ libvirt, hypervisor, uri: publicUri(uri) }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}='${value.replaceAll(/['?]>?/g, '_')}'`],
  );
  return `<?virt-migratable ${facts.join(' ')}?>`;
}

/** Does something for each, a few at a time. */
async function inTurns<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await action(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** A line that counts, for someone who watches; it is gone when all is done. */
function progressOf(
  all: number,
  { tell, watched }: Terminal,
): { show: (done: number) => void; end: () => void } {
  if (!watched) return { show: () => undefined, end: () => undefined };
  return {
    show: (done) => {
      tell(words`\rasking hosts: ${done} of ${all} `);
    },
    end: () => {
      tell(words`\r\u001b[K`);
    },
  };
}
