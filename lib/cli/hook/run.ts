import type { GateOperation, GateVerdict } from '../../../types/gate.ts';
import { gateVerdict } from '../../gate.ts';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { decodeUtf8 } from '../../text/decode.ts';
import { printable } from '../../text/printable.ts';
import { inCommandWords } from '../../report/wording.ts';
import { readState, StateError } from './state.ts';

/** Where the gate finds its facts, and what holds where it cannot give a verdict. */
export interface HookSettings {
  readonly state: string;
  readonly onError: 'deny' | 'allow';
}

/** All that the hook sees and touches, its state apart. */
export interface HookWorld {
  readonly stdin: () => Uint8Array;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** One line for the log; must neither wait nor throw. */
  readonly log: (line: string) => void;
  readonly now: () => number;
}

/** libvirt's operations that can still be refused. In all others a failure would only do harm. */
const GATED: ReadonlyMap<string, GateOperation> = new Map([
  ['migrate begin', 'migrate'],
  ['restore begin', 'restore'],
  ['prepare begin', 'prepare'],
]);

const REFUSED: Readonly<Record<GateOperation, string>> = {
  migrate: 'may not migrate to',
  restore: 'may not be restored on',
  prepare: 'may not start on',
};

/** What the hook makes of one call. */
interface Outcome {
  readonly code: 0 | 1;
  readonly verdict: GateVerdict['decision'] | 'error';
  readonly host: string;
  readonly features: readonly string[];
  readonly reason: string;
  /** The XML to go on with, where it is not the one given. */
  readonly xml?: string;
}

/**
 * One call of libvirt's hook: `words` are guest, operation, sub-operation and extra, the XML stands on standard input.
 * Never asks libvirt, which waits for the hook.
 *
 * @returns 0 to go on; 1 to refuse, with one line on `err`. Always 0 for what is no question to the gate.
 * @see https://libvirt.org/hooks.html
 */
export function runHook({ state, onError }: HookSettings, words: readonly string[], world: HookWorld): 0 | 1 {
  const [guest = '', operation = '', step = ''] = words;
  const asked = GATED.get(`${operation} ${step}`);
  if (asked === undefined) return passOn(world);
  const outcome = outcomeOf(state, asked, onError, world);
  const name = shown(guest);
  try {
    if (outcome.xml !== undefined) world.out(outcome.xml);
  } catch {
    return 1;
  }
  world.log(logLine(name, asked, outcome));
  if (outcome.reason !== '') world.err(lineFor(name, asked, outcome));
  return outcome.code;
}

/** Whoever writes the XML should not find the pipe closed; that is all there is to do. */
function passOn({ stdin }: HookWorld): 0 {
  try {
    stdin();
  } catch {
    return 0;
  }
  return 0;
}

function outcomeOf(
  path: string,
  operation: GateOperation,
  onError: HookSettings['onError'],
  world: HookWorld,
): Outcome {
  const unsure = { code: onError === 'allow' ? 0 : 1, features: [] } as const;
  let host = 'this host';
  try {
    const input = readAll(world);
    const { pool, settings } = readState(path, world.now());
    host = pool.self;
    const text = textOf(input);
    const verdict = gateVerdict(text, pool, operation, { rescue: settings.rescue });
    const { decision, features, xml } = verdict;
    const reason =
      decision === 'open' ? '' : verdict.issues.map((found) => inCommandWords(found).message).join('; ');
    if (decision === 'unjudged') return { ...unsure, verdict: decision, host, reason };
    const code = decision === 'closed' ? 1 : 0;
    return { code, verdict: decision, host, features, reason, ...(xml !== text && { xml }) };
  } catch (error) {
    return { ...unsure, verdict: 'error', host, reason: reasonOf(error) };
  }
}

function readAll({ stdin }: HookWorld): Uint8Array {
  try {
    return stdin();
  } catch (error) {
    throw new StateError(`standard input cannot be read (${error instanceof Error ? error.message : ''})`);
  }
}

function textOf(bytes: Uint8Array): string {
  const decoded = decodeUtf8(bytes);
  if ('text' in decoded) return decoded.text;
  throw new StateError(decoded.problem.replace('the file', "the domain's XML"));
}

function reasonOf(error: unknown): string {
  if (error instanceof StateError) return `${error.message}; see "virt-migratable hook install"`;
  if (isLibvirtXmlError(error))
    return `its XML cannot be read: ${error.line}:${error.column}: ${error.reason}`;
  return error instanceof Error ? error.message : String(error);
}

function lineFor(guest: string, operation: GateOperation, { code, verdict, host, reason }: Outcome): string {
  const said =
    code === 1
      ? `${REFUSED[operation]} ${host}`
      : verdict === 'error' || verdict === 'unjudged'
        ? 'passes unjudged'
        : 'passes';
  return `${shown(`virt-migratable: domain ${guest} ${said}: ${reason}`, 8192)}\n`;
}

function logLine(
  guest: string,
  operation: GateOperation,
  { verdict, code, host, features, reason }: Outcome,
): string {
  const facts = [
    ['guest', guest],
    ['operation', operation],
    ['host', host],
    ['verdict', verdict],
    ['exit', String(code)],
    ...(features.length === 0 ? [] : [['features', features.join(',')]]),
    ...(reason === '' ? [] : [['reason', shown(reason, 8192)]]),
  ];
  return facts.map(([name = '', value = '']) => `${name}=${plain(value)}`).join(' ');
}

function plain(value: string): string {
  return /^[\w.,:+@-]+$/.test(value) ? value : JSON.stringify(value);
}

/** One line that does nothing to a terminal, and is no longer than anybody reads. */
function shown(text: string, longest = 256): string {
  return printable(text).slice(0, longest);
}
