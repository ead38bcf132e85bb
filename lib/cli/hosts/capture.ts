import type { InputErrorCode } from '../../../types/issue.ts';
import { compareVersions } from '../../cpu/versions.ts';
import { parseDomain } from '../../parser/domain/domain.ts';
import { parseHosts } from '../../parser/host/host.ts';
import { isLibvirtXmlError, type LibvirtXmlError } from '../../issues/issues.ts';
import { CommandError, type CommandErrorCode } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, words, type Words } from '../terminal/words.ts';
import { cpuMapOf } from './cpu-map-of.ts';
import { nearestMachine } from './nearest-machine.ts';
import { publicUri } from './names.ts';
import { asking, type Asking } from './program.ts';
import { virsh } from './virsh.ts';

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

export interface CaptureOptions {
  readonly context: GuestContext;
  /** Seconds a host may take. */
  readonly timeout: number;
  /** Bring its CPU map along. */
  readonly cpuMap?: boolean;
}

const AT_ONCE = 16;

/** The kind of guest that a domain is. */
export function contextOf(text: string, file: string): GuestContext {
  const { type, arch, machine, emulator } = parseDomain(text, { file });
  return { virttype: type, arch, machine, emulatorbin: emulator };
}

/** What was captured, by host, and of whom nothing could be. */
export interface Captured {
  readonly texts: ReadonlyMap<string, CapturedText>;
  readonly failures: readonly CaptureFailure[];
}

/** What a host reports: one text that `parseHost` reads as one host, and its CPU map where that was asked for. */
export interface CapturedText {
  readonly text: string;
  readonly cpuMap?: Readonly<Record<string, string>>;
}

/** A host that could not be captured, and why. */
export interface CaptureFailure {
  readonly target: Target;
  readonly code: CommandErrorCode | InputErrorCode;
  readonly message: string;
}

/** What each host's libvirt says, by its name here, and whoever cannot be read beside it. */
export async function captureHosts(
  targets: readonly Target[],
  options: CaptureOptions,
  terminal: Terminal,
): Promise<Captured> {
  refuseSameNames(targets);
  const texts = new Map<string, CapturedText>();
  const failures: CaptureFailure[] = [];
  const count = (done: number): void => {
    if (terminal.watched) terminal.tell(words`\rasking hosts: ${done} of ${targets.length} `);
  };
  count(0);
  const bugs: unknown[] = [];
  await inTurns(targets, async (target) => {
    try {
      texts.set(target.name, await captureHost(target, options, terminal));
    } catch (error) {
      if (isLibvirtXmlError(error) || error instanceof CommandError)
        failures.push({ target, code: error.code, message: lineOf(error) });
      else bugs.push(error);
    }
    count(texts.size + failures.length);
  });
  if (terminal.watched) terminal.tell(words`\r\u001b[K`);
  if (bugs.length > 0) throw bugs[0];
  const inOrder = targets.flatMap((target) => failures.filter((failure) => failure.target === target));
  return { texts, failures: inOrder };
}

/** @throws CommandError if there is any: of one host alone, what it says itself */
export function refuseFailures(targets: readonly Target[], failures: readonly CaptureFailure[]): void {
  const [first] = failures;
  if (first === undefined) return;
  const codes = new Set(failures.map(({ code }) => code));
  const code = (codes.size === 1 ? first.code : 'host-unreachable') as CommandErrorCode;
  if (targets.length === 1) throw new CommandError(code, first.message);
  const count = `${failures.length} of ${targets.length} hosts cannot be read, so none is used`;
  throw new CommandError(
    code,
    count,
    failures.map(({ message }) => message),
  );
}

function lineOf(error: LibvirtXmlError | CommandError): string {
  return isLibvirtXmlError(error)
    ? `${error.file ?? ''}:${error.line}:${error.column}: ${error.reason}`
    : error.message;
}

function refuseSameNames(targets: readonly Target[]): void {
  const names = targets.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new CommandError(
      'ambiguous-host',
      `two hosts would be called "${twice}": give NAME=URI for one of them`,
    );
}

async function captureHost(
  target: Target,
  options: CaptureOptions,
  terminal: Terminal,
): Promise<CapturedText> {
  const { name, uri } = target;
  const asked = asking(options.timeout, terminal);
  const capabilities = await virsh(uri, ['capabilities'], asked);
  const version = await askedVersions(uri, asked);
  const context = { ...options.context, machine: machineAsked(target, capabilities, options, terminal) };
  const domcapabilities = await domcapabilitiesOf(uri, contextArguments(context), version, asked);
  if (version.libvirt === undefined)
    terminal.tell(words`${warning(terminal)}: ${name} does not report its libvirt version\n`);
  // virsh ends each document with an empty line.
  const text = `${markFor(target, version)}\n${capabilities.trimEnd()}\n${domcapabilities.trimEnd()}\n`;
  parseHosts(text, { file: publicUri(uri) });
  return { text, ...(options.cpuMap && { cpuMap: await cpuMapOf(uri, asked) }) };
}

function warning({ colour }: Terminal): Words {
  return styled('warning', 'yellow', colour.err);
}

/** The machine type to ask a host about: the nearest that it has. */
function machineAsked(
  { name }: Target,
  capabilities: string,
  { context: { arch, machine } }: CaptureOptions,
  terminal: Terminal,
): string | undefined {
  const nearest = machine === undefined ? undefined : nearestMachine(capabilities, arch, machine);
  if (nearest === undefined) return machine;
  terminal.tell(
    words`${warning(terminal)}: ${name} has no machine type ${machine ?? ''} and was asked about ${nearest}: no guest with ${machine ?? ''} starts there; "rewrite --machine common" finds a type that all hosts have\n`,
  );
  return nearest;
}

/** Since then libvirt can list all features of the host-model CPU, so that nobody has to know what its model stands for. */
const EXPANDS = '12.2.0';

/** With every feature listed, where both virsh and the host can; one that refuses it all the same is asked without. */
async function domcapabilitiesOf(
  uri: string,
  context: readonly string[],
  version: Versions,
  asked: Asking,
): Promise<string> {
  const plain = ['domcapabilities', ...context];
  const knows = [version.client, version.libvirt].every(
    (one) => one !== undefined && compareVersions(one, EXPANDS) >= 0,
  );
  if (!knows) return virsh(uri, plain, asked);
  try {
    return await virsh(uri, [...plain, '--expand-cpu-features'], asked);
  } catch (error) {
    if (asked.deadline.aborted) throw error;
    return virsh(uri, plain, asked);
  }
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
  /** That of virsh here. */
  readonly client: string | undefined;
  readonly libvirt: string | undefined;
  readonly hypervisor: string | undefined;
}

/** A host without an emulator for its own architecture refuses to answer; then its version stays unknown. */
async function askedVersions(uri: string, asked: Asking): Promise<Versions> {
  const answer = virsh(uri, ['version', '--daemon'], asked);
  const text = await answer.catch((error: unknown) => {
    if (asked.deadline.aborted) throw error;
    return '';
  });
  return {
    client: /^Using library: libvirt (\d+\.\d+\.\d+)$/m.exec(text)?.[1],
    libvirt: /^Running against daemon: (\d+\.\d+\.\d+)$/m.exec(text)?.[1],
    hypervisor: /^Running hypervisor: (.*)$/m.exec(text)?.[1],
  };
}

/** What every machine calls itself. */
const NOT_A_NAME = 'localhost';

/** Where a captured text comes from, as its first line; the parser reads the libvirt version back. */
function markFor({ name, uri }: Target, { libvirt, hypervisor }: Versions): string {
  const own = name === NOT_A_NAME ? undefined : name;
  const facts = Object.entries({ libvirt, hypervisor, name: own, uri: publicUri(uri) }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}='${value.replaceAll(/['?]>?/g, '_')}'`]),
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
