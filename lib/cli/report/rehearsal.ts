import type {
  Cure,
  FoundIncident,
  Rehearsal,
  RehearsedGuest,
  RehearsedHosts,
  RehearsedMove,
  RehearsedStart,
  Release,
} from '../../../types/rehearsal.ts';
import type { Incident } from '../../../types/incident.ts';
import type { Issue } from '../../../types/issue.ts';
import { list } from '../../issues/words.ts';
import { nameList } from '../../text/fold.ts';
import { groupedBy } from '../../text/remembered.ts';
import { commandOption, inCommandWords } from '../../report/wording.ts';
import { isPath } from '../guests/files.ts';
import { isUri, namedSource } from '../hosts/names.ts';
import { isDirectory } from '../files/glob.ts';
import { styled, words, type Style, type Words } from '../terminal/words.ts';
import { commandLine } from './next.ts';
import type { RehearseResult } from './results.ts';
import type { Table } from './table.ts';
import { counted } from './words.ts';

/** What the command line names, for commands to be pasted. */
export interface HostsGiven {
  /** Both sides. */
  readonly words: readonly string[];
  /** Where guests are defined that are no files. */
  readonly connect: string | undefined;
}

const WAYS = { forward: 'old → new', back: 'new → old', start: 'next start' } as const;
type Outcome = RehearsedMove['outcome'] | RehearsedStart['outcome'];
const STYLES: Readonly<Record<Outcome, Style>> = {
  equal: 'green',
  changes: 'red',
  refused: 'red',
  fails: 'red',
  unknown: 'yellow',
};

/** A rehearsal for programs: its issues name the options of the command. */
export function rehearsalFacts(result: Rehearsal): RehearseResult {
  const guests = result.guests.map((guest) => ({
    ...guest,
    moves: guest.moves.map((move) => ({ ...move, issues: move.issues.map(inCommandWords) })),
    starts: guest.starts.map((start) => ({ ...start, issues: start.issues.map(inCommandWords) })),
  }));
  return { command: 'rehearse', ...result, guests };
}

export interface RehearsalLook {
  readonly given: HostsGiven;
  readonly isWide: boolean;
  readonly colour: boolean;
}

/** A line for people; one that is whole is to be pasted, and stays in one line however long it is. */
export interface RehearsalLine {
  readonly words: Words;
  readonly isWhole?: boolean;
}

/** A rehearsal for people, line by line: the hosts, each guest, and a sum. */
export function* rehearsalLines(result: Rehearsal, look: RehearsalLook): Generator<RehearsalLine> {
  const { hosts, guests, onlyBefore, onlyAfter } = result;
  for (const one of hosts)
    for (const line of hostsWords(one, guests.length === 0 || look.isWide)) yield { words: line };
  if (onlyBefore.length > 0) yield { words: words`only before the upgrade: ${nameList(onlyBefore)}\n` };
  if (onlyAfter.length > 0) yield { words: words`only after the upgrade: ${nameList(onlyAfter)}\n` };
  if (hosts.length === 0)
    yield {
      words: words`no host is on both sides: state one name for both captures of a host (NAME=FILE)\n`,
    };
  for (const guest of guests) yield* guestLines(guest, look);
  if (guests.length > 1) yield { words: words`\n${sumOf(guests)}\n` };
}

function* hostsWords(one: RehearsedHosts, isFull: boolean): Generator<Words> {
  yield words`${nameList(one.hosts)}: ${releaseWords(one.before, one.after)}\n`;
  if (!isFull) return;
  for (const line of [...featureLines(one), ...machineLines(one)]) yield words`  ${line}\n`;
  yield* incidentLines(one.incidents);
}

/** Incidents in full, each once; those that depend on what nobody stated in one line. */
function* incidentLines(found: readonly FoundIncident[]): Generator<Words> {
  const certain = found.filter((one) => one.certain);
  for (const one of certain) yield incidentWords(one);
  const possible = found.filter((one) => !one.certain);
  if (possible.length > 0) yield words`  possible: ${idsOf(possible).join(', ')} (docs/incidents.md)\n`;
}

function idsOf(found: readonly FoundIncident[]): readonly string[] {
  return [...new Set(found.map(({ incident }) => incident.id))];
}

/** The programs that are other ones: `libvirt 9.0.0 → 11.3.0, QEMU 7.2.22 → 10.0.13`. */
function releaseWords(before: Release, after: Release): string {
  const parts = (['libvirt', 'qemu', 'kernel', 'microcode'] as const).flatMap((program) => {
    const [old, upgraded] = [before[program], after[program]];
    if (old === upgraded) return [];
    return [`${program === 'qemu' ? 'QEMU' : program} ${old ?? 'unknown'} → ${upgraded ?? 'unknown'}`];
  });
  return parts.length === 0 ? 'the same versions' : parts.join(', ');
}

/** What became of what guests see on hosts, a line for each thing that changed. */
function featureLines({
  gained,
  lost,
  unknown,
  byMicrocode,
  before,
  model,
  modelsLost,
}: RehearsedHosts): readonly string[] {
  const cause = !byMicrocode
    ? ''
    : before.kernel === undefined
      ? ', by the microcode or the kernel'
      : ', by the microcode';
  return stated([
    gained.length > 0 && `guests gain ${list(gained)}${cause}`,
    lost.length > 0 && `guests lose ${list(lost)}${cause}`,
    unknown.length > 0 && `unknown: ${list(unknown)}`,
    model && `host-model is built on ${model.after ?? 'no model'}, before on ${model.before ?? 'no model'}`,
    modelsLost.length > 0 && `models that cannot be used any more: ${list(modelsLost)}`,
  ]);
}

function machineLines({ machinesGone, machinesDeprecated, aliases }: RehearsedHosts): readonly string[] {
  const moved = aliases.map(({ alias, before, after }) => `${alias} is ${after}, before ${before}`);
  return stated([
    machinesGone.length > 0 && `machine types that are gone: ${list(machinesGone)}`,
    machinesDeprecated.length > 0 && `machine types that are deprecated now: ${list(machinesDeprecated)}`,
    moved.length > 0 && `aliases: ${moved.join('; ')}`,
  ]);
}

function stated(lines: readonly (string | false | undefined)[]): readonly string[] {
  return lines.filter((line) => line !== false && line !== undefined);
}

/** An incident: when, what, what to do, and where it is written. */
function incidentWords({ incident, way }: FoundIncident): Words {
  const { id, what, guests, cure, sources } = incident;
  return words`  ${id} (${WAYS[way]}; ${guests}): ${what} ${cure} ${sources[0] ?? ''}\n`;
}

function* guestLines(guest: RehearsedGuest, look: RehearsalLook): Generator<RehearsalLine> {
  for (const line of guestWords(guest, look)) yield { words: line };
  for (const cure of guest.cures)
    yield { words: words`  cure: ${cureText(cure, guest, look.given)}\n`, isWhole: cure.kind === 'rewrite' };
}

function* guestWords(guest: RehearsedGuest, { isWide, colour }: RehearsalLook): Generator<Words> {
  const { name, ok, incidents, cures } = guest;
  const verdict = styled(verdictOf(guest), ok ? 'green' : 'red', colour);
  yield words`\n${name}: ${verdict}\n`;
  const isOne = guest.moves.length === 2;
  for (const { way, from, to, outcome, reasons } of waysOf(guest)) {
    const places = isOne ? '' : ` (${from === '' ? to : `${from} → ${to}`})`;
    yield words`  ${way}${places}: ${outcomeWords(outcome, reasons, colour)}\n`;
  }
  if (isWide) yield* incidentLines(incidents);
  else yield* knownTrouble(incidents);
  if (!ok && cures.length === 0) yield words`  no cure is known\n`;
}

/** Every way of a guest, and its starts, which are from nowhere. */
function waysOf({ moves, starts }: RehearsedGuest): readonly {
  readonly way: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
}[] {
  return [
    ...moves.map((move) => {
      const { way, from, to, outcome } = move;
      const places = { from: nameList(from), to: nameList(to) };
      return { way: WAYS[way], ...places, outcome, reasons: reasonsOf(move) };
    }),
    ...starts.map((start) => {
      const { hosts, outcome } = start;
      return { way: WAYS.start, from: '', to: nameList(hosts), outcome, reasons: startReasons(start) };
    }),
  ];
}

/** The line about the next start says these already. */
function isToldAnyway({ outcome, change = {} }: Incident): boolean {
  return outcome === 'warns' || change.hostModel === true || change.machine === 'alias';
}

/** Incidents by their names, and where they are written. */
function* knownTrouble(found: readonly FoundIncident[]): Generator<Words> {
  const certain = found.filter(({ certain: isSo, incident }) => isSo && !isToldAnyway(incident));
  const known = new Map(certain.map(({ incident: { id, sources } }) => [id, sources[0] ?? '']));
  const possible = idsOf(found.filter((one) => !one.certain));
  for (const [id, source] of known) yield words`  others had ${id}: ${source}\n`;
  if (possible.length > 0) yield words`  possible as well: ${possible.join(', ')} (docs/incidents.md)\n`;
}

function outcomeWords(outcome: Outcome, reasons: readonly string[], colour: boolean): Words {
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return words`${styled(outcome, STYLES[outcome], colour)}${why}`;
}

function reasonsOf(move: RehearsedMove): readonly string[] {
  const { outcome, missing, unnamed, issues } = move;
  return orKnown(move, [
    ...(unnamed.length > 0 ? [`libvirt there does not know ${list(unnamed)}`] : []),
    ...(missing.length > 0 ? [`${outcome === 'refused' ? 'lacks' : 'loses'} ${list(missing)}`] : []),
    // What refuses a guest stands before what would change.
    ...(outcome === 'changes' ? [] : issues.map((found) => messageOf(found, move))),
    ...featureChanges(move),
  ]);
}

function featureChanges({
  gained,
  uncertain,
}: Pick<RehearsedMove, 'gained' | 'uncertain'>): readonly string[] {
  return stated([
    gained.length > 0 && `gains ${list(gained)}`,
    uncertain.length > 0 && `unknown: ${list(uncertain)}`,
  ]);
}

/** Reasons; failing those, the incidents that are one, or what else no feature shows. */
function orKnown(
  { outcome, incidents }: Pick<RehearsedMove | RehearsedStart, 'outcome' | 'incidents'>,
  reasons: readonly string[],
): readonly string[] {
  if (reasons.length > 0 || outcome === 'equal') return reasons;
  if (incidents.length > 0) return incidents;
  return outcome === 'changes' ? ['its family, model or stepping is another one'] : [];
}

/** What a finding says of this way. */
function messageOf(found: Issue, { way }: RehearsedMove): string {
  if (found.code !== 'derived-features-refused') return inCommandWords(found).message;
  const target = way === 'forward' ? 'after/' : 'before/';
  return found.hosts.some((host) => host.startsWith(target))
    ? 'libvirt there takes ht and cmp_legacy for extra features'
    : 'QEMU there does not report ht, which the guest was started with';
}

function startReasons(start: RehearsedStart): readonly string[] {
  const { outcome, lost, model, machine, deprecated, issues } = start;
  return orKnown(
    start,
    stated([
      lost.length > 0 && `loses ${list(lost)}`,
      ...(outcome === 'changes' ? [] : issues.map((found) => inCommandWords(found).message)),
      ...featureChanges(start),
      model && `its model is ${model.after ?? 'unknown'}, before ${model.before ?? 'unknown'}`,
      machine && `if it is defined anew, its machine is ${machine.after}, before ${machine.before}`,
      deprecated && 'its machine type is deprecated there',
    ]),
  );
}

/** The gravest that becomes of a guest, in words that are counted. */
function verdictOf({ ok, moves, starts }: RehearsedGuest): string {
  if (ok) return 'equal';
  const stuck = (['forward', 'back'] as const).filter((wanted) =>
    moves.some(({ way, outcome }) => way === wanted && outcome === 'refused'),
  );
  if (stuck.length > 0) return `stuck ${stuck.map((way) => WAYS[way]).join(' and ')}`;
  const all: readonly Outcome[] = [...moves, ...starts].map(({ outcome }) => outcome);
  if (all.includes('fails')) return 'not startable after the upgrade';
  if (moves.some(({ outcome }) => outcome === 'changes')) return 'changed while running';
  return all.includes('changes') ? 'changed at the next start' : 'unknown';
}

function sumOf(guests: readonly RehearsedGuest[]): string {
  const alike = groupedBy(guests, verdictOf);
  const parts = [...alike].map(([verdict, { length }]) => `${length} ${verdict}`);
  return `${counted(guests.length, 'guest')}: ${parts.join(', ')}`;
}

/** A cure in words, or as a command to paste. */
function cureText(cure: Cure, guest: RehearsedGuest, given: HostsGiven): string {
  if (cure.kind === 'rewrite') return commandFor(cure, guest, given);
  const options = cure.options.map((option) => commandOption(option));
  return options.length === 0 ? cure.text : `${cure.text} (rewrite ${options.join(' ')})`;
}

/** `rewrite` for a file, and where each host has its own form; `apply` for a guest that is defined somewhere. */
function commandFor({ options }: Cure, { name, file = name }: RehearsedGuest, given: HostsGiven): string {
  const hosts = given.words.flatMap((word) => [isOfDirectory(word) ? '--hosts' : '--host', word]);
  const shared = [
    ...hosts,
    '--same-host',
    '--any-machine',
    ...options.flatMap((one) => commandOption(one).split(' ')),
  ];
  const ending = options.includes('per-host') ? '.{host}.xml' : '.safe.xml';
  const output = ['--output', `${file.replace(/\.xml$/, '')}${ending}`];
  const at = isPath(file) || given.connect === undefined ? [] : ['--connect', given.connect];
  const isWritten = at.length === 0 || options.includes('per-host');
  const words = isWritten
    ? ['rewrite', file, ...at, ...shared, ...output]
    : ['apply', file, ...at, ...shared];
  return commandLine(words);
}

function isOfDirectory(word: string): boolean {
  const { value } = namedSource(word);
  return !isUri(value) && isDirectory(value);
}

/** A rehearsal as a table: what becomes of each guest on each way; without guests, what became of the hosts. */
export function rehearsalTable({ hosts, guests }: Rehearsal, given: HostsGiven): Table {
  if (guests.length === 0)
    return {
      head: ['hosts', 'versions', 'change'],
      rows: hosts.flatMap((one) => {
        const versions = releaseWords(one.before, one.after);
        const incidents = one.incidents.map(
          ({ incident, way, certain }) => `${incident.id} (${certain ? '' : 'possible, '}${WAYS[way]})`,
        );
        const lines = [...featureLines(one), ...machineLines(one), ...incidents];
        return lines.map((line) => [nameList(one.hosts), versions, line]);
      }),
    };
  return {
    head: ['guest', 'way', 'from', 'to', 'outcome', 'why', 'cure'],
    rows: guests.flatMap((guest) => {
      const cures = guest.cures.map((cure) => cureText(cure, guest, given)).join('; ');
      return waysOf(guest).map(({ way, from, to, outcome, reasons }) => [
        ...[guest.name, way, from, to, outcome, reasons.join('; ')],
        outcome === 'equal' ? '' : cures,
      ]);
    }),
  };
}
