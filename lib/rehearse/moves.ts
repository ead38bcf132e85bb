import type { Domain } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { ReadOptions } from '../../types/options.ts';
import type { CheckResult } from '../../types/pool.ts';
import type {
  FoundIncident,
  MoveOutcome,
  RehearsedMove,
  RehearsedStart,
  RehearsedWay,
  StartOutcome,
} from '../../types/rehearsal.ts';
import { isMarked } from '../diff/arrival/mark.ts';
import { hasNoCheck, isListed } from '../diff/cpu/changes.ts';
import { NOBODY_KNOWS, type Verdict } from '../diff/running-guest.ts';
import { frozen } from '../text/frozen.ts';
import { incidentsForGuest } from './guest-incidents.ts';
import type { Pair } from './pair.ts';
import { reasonsIn, stopsStart, type Reasons } from './reasons.ts';
import { WAYS, type SidedHost } from './sides.ts';
import { resolvedMachine, runningOn, startedOn } from './started.ts';
import { verdictBetween } from './verdicts.ts';

/** A move or a start, and the incidents that it can come to. */
export interface WithIncidents<One> {
  readonly one: One;
  readonly incidents: readonly FoundIncident[];
}

/** A guest as it is started on a host, by the name of that host. */
export type GuestOn = (host: string) => Domain;

/** What becomes of a guest that is moved between hosts of a pair, each way. */
export function movesOf(
  guest: GuestOn,
  pair: Pair,
  read: ReadOptions,
): readonly WithIncidents<RehearsedMove>[] {
  return WAYS.map((way) => moveOf(guest, pair, way, read));
}

function moveOf(
  guest: GuestOn,
  pair: Pair,
  way: RehearsedWay,
  read: ReadOptions,
): WithIncidents<RehearsedMove> {
  const [from, to] = way === 'forward' ? [pair.before, pair.after] : [pair.after, pair.before];
  const [source, target] = [from.first, to.first];
  const domain = guest(source.host.name);
  const checked = pair.pool.check(startedOn(domain, source.host), { read, runningOn: source.host.name });
  const found = reasonsIn(checked.issues, checked.domain, source, target);
  const verdict = isUnanswerable(found.open) ? NOBODY_KNOWS : verdictBetween(checked, pair, source, target);
  const { missing, gained, uncertain, unnamed } = verdict;
  const facts = { lost: missing, unnamed: unnamed.length > 0, hostModel: gained.length > 0 };
  const incidents = incidentsForGuest(domain, pair, way, facts);
  const outcome = withIncidents(moveOutcome(checked, verdict, found), incidents);
  const issues = frozen([...found.refusing, ...found.open]);
  const about = { way, from: from.names, to: to.names, outcome };
  const one = { ...about, missing, gained, uncertain, unnamed, issues, ...certainOf(incidents) };
  return { one: frozen(one), incidents };
}

function moveOutcome(
  { domain, issues }: CheckResult,
  { now, missing, gained, unnamed, uncertain }: Verdict,
  { refusing, open }: Reasons,
): MoveOutcome {
  if (isUnanswerable(open)) return 'unknown';
  if (refusing.length > 0 || (unnamed.length > 0 && now === 'no')) return 'refused';
  if (missing.length > 0) return isListed(domain.cpu) ? 'refused' : 'changes';
  if (gained.length > 0 || isAnotherCpu(issues)) return 'changes';
  if (open.length + uncertain.length > 0) return 'unknown';
  return now === 'yes' ? 'equal' : 'unknown';
}

/** Does the emulated CPU state another family, model or stepping, whatever its features? */
function isAnotherCpu(issues: readonly Issue[]): boolean {
  return issues.some(({ code }) => code === 'emulated-cpu-differs');
}

/** Hosts that were asked about another kind of guest, or that cannot be one pool, say nothing of this one. */
function isUnanswerable(open: Reasons['open']): boolean {
  return open.some(({ severity, code }) => severity === 'error' && code !== 'derived-features-refused');
}

function certainOf(incidents: readonly FoundIncident[]): Pick<RehearsedMove, 'incidents'> {
  const certain = incidents.filter((found) => found.certain);
  return { incidents: frozen(certain.map(({ incident }) => incident.id)) };
}

/** What certainly happens to a guest that would be equal otherwise. */
function withIncidents(outcome: MoveOutcome, incidents: readonly FoundIncident[]): MoveOutcome {
  if (outcome !== 'equal' && outcome !== 'unknown') return outcome;
  const certain = incidents.filter((found) => found.certain).map(({ incident }) => incident.outcome);
  if (certain.includes('refused')) return 'refused';
  return certain.includes('corrupts') || certain.includes('changes') ? 'changes' : outcome;
}

/** What a cold start on the upgraded host makes of a guest, beside its moves between the same hosts. */
export function startOf(
  guest: GuestOn,
  pair: Pair,
  { read, moves }: { readonly read: ReadOptions; readonly moves: readonly RehearsedMove[] },
): WithIncidents<RehearsedStart> {
  const [old, upgraded] = [pair.before.first, pair.after.first];
  const domain = guest(old.host.name);
  const text = isListed(domain.cpu) ? domain.text : runningOn(domain, old.host);
  const checked = pair.pool.check(text, { read, runningOn: old.host.name });
  const found = reasonsIn(checked.issues, checked.domain, old, upgraded);
  const verdict = isUnanswerable(found.open)
    ? NOBODY_KNOWS
    : isListed(domain.cpu)
      ? ofMoves(moves)
      : atStart(domain, verdictBetween(checked, pair, old, upgraded), moves);
  const stopping = found.refusing.filter((one) => stopsStart(one, domain));
  const [model, machine] = [modelChange(domain, pair), machineChange(domain, pair)];
  const isOtherCpu = model !== undefined || isAnotherCpu(checked.issues);
  const changes = isOtherCpu || verdict.gained.length + verdict.missing.length > 0;
  const facts = { lost: verdict.missing, unnamed: false, hostModel: changes };
  const incidents = incidentsForGuest(domain, pair, 'start', facts);
  const isChanged = incidents.some(({ certain, incident }) => certain && incident.outcome === 'changes');
  const isOther = changes || machine !== undefined || isChanged;
  const one: RehearsedStart = {
    hosts: pair.after.names,
    outcome: startOutcome(domain, verdict, { refusing: stopping, open: found.open }, isOther),
    gained: verdict.gained,
    lost: verdict.missing,
    uncertain: verdict.uncertain,
    ...(model !== undefined && { model }),
    ...(machine !== undefined && { machine }),
    deprecated: isDeprecated(domain, upgraded),
    issues: frozen([...stopping, ...found.open]),
    ...certainOf(incidents),
  };
  return { one: frozen(one), incidents };
}

/** A named model shows at its next start what hosts have of it: what would be missing on the way there, or back. */
function ofMoves(moves: readonly RehearsedMove[]): Verdict {
  const missingOn = (wanted: RehearsedWay): readonly string[] =>
    moves.find(({ way }) => way === wanted)?.missing ?? [];
  return { ...NOBODY_KNOWS, now: 'yes', missing: missingOn('forward'), gained: missingOn('back') };
}

/** Nobody turns off at a start what the domain does not: what a guest would lose on its way back, it has then. */
function atStart(domain: Domain, verdict: Verdict, moves: readonly RehearsedMove[]): Verdict {
  return isMarked(domain) ? { ...verdict, gained: ofMoves(moves).gained } : verdict;
}

function startOutcome(
  domain: Domain,
  { now, missing, uncertain }: Verdict,
  { refusing, open }: Reasons,
  isOther: boolean,
): StartOutcome {
  if (isUnanswerable(open)) return 'unknown';
  const isHeld = isListed(domain.cpu) && !hasNoCheck(domain.cpu, domain.type);
  if (refusing.length > 0 || (isHeld && missing.length > 0)) return 'fails';
  if (isOther) return 'changes';
  if (open.length > 0 || uncertain.length > 0) return 'unknown';
  return now === 'yes' ? 'equal' : 'unknown';
}

/** libvirt builds a host-model CPU on the model that fits best: its family and model numbers are those of that model. */
function modelChange({ cpu }: Domain, { before, after }: Pair): RehearsedStart['model'] | undefined {
  const [old, upgraded] = [before.first.host.model, after.first.host.model];
  return cpu?.mode !== 'host-model' || old === upgraded ? undefined : { before: old, after: upgraded };
}

function machineChange(domain: Domain, { before, after }: Pair): RehearsedStart['machine'] | undefined {
  const [old, upgraded] = [before, after].map(({ first }) => resolvedMachine(first.host, domain));
  const isOther = old !== undefined && upgraded !== undefined && old !== upgraded;
  return isOther ? { before: old, after: upgraded } : undefined;
}

function isDeprecated({ machine, arch }: Domain, { host }: SidedHost): boolean {
  return host.machines.some(
    ({ name, deprecated, arch: own }) =>
      name === machine && deprecated && (arch === undefined || own === arch),
  );
}
