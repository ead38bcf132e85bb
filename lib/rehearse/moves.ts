import type { Domain } from '../../types/domain.ts';
import type { Issue, IssueCode } from '../../types/issue.ts';
import type { ReadOptions } from '../../types/options.ts';
import type { CheckResult } from '../../types/pool.ts';
import type { MoveOutcome, RehearsedMove, RehearsedStart, RehearsedWay, StartOutcome } from '../../types/rehearsal.ts';
import type { RunningVerdict } from '../../types/running.ts';
import { isSince } from '../cpu/facts/since.ts';
import type { Pair } from './pair.ts';
import { cannotGive, WAYS, type HostKind, type SidedHost } from './sides.ts';
import { resolvedMachine, runningOn, startedOn } from './started.ts';

/** A guest on its way between two hosts. */
interface Way {
  readonly way: RehearsedWay;
  readonly from: HostKind;
  readonly to: HostKind;
}

/** Issues about levelling, or that the verdict on a running guest has said already. */
const NOT_ABOUT_MOVES: ReadonlySet<IssueCode> = new Set<IssueCode>([
  ...(['way-out', 'feature-not-expressible', 'no-common-model', 'policy-conflict', 'core-feature'] as const),
  ...(['live-gains', 'live-incompatible', 'live-name-unknown', 'live-unknown', 'live-needs-power-cycle'] as const),
  ...(['security-loss', 'duty-bit-differs', 'below-floor', 'cpu-follows-host', 'machine-alias'] as const),
]);
/** Issues that keep a guest from leaving a host. */
const AT_SOURCE: ReadonlySet<IssueCode> = new Set<IssueCode>(['device-not-migratable', 'not-migratable']);
/** Warnings that say that nobody knows whether guests are equal. */
const OPEN: ReadonlySet<IssueCode> = new Set<IssueCode>(['qemu-newer-than-libvirt', 'names-not-comparable']);

/** What becomes of a guest between two hosts: both ways, and at its next start. */
export function movesOf(domain: Domain, pair: Pair, read: ReadOptions): readonly RehearsedMove[] {
  return WAYS.map((way) => {
    const [from, to] = way === 'forward' ? [pair.before, pair.after] : [pair.after, pair.before];
    return moveOf(domain, pair, { way, from, to }, read);
  });
}

function moveOf(domain: Domain, { pool }: Pair, { way, from, to }: Way, read: ReadOptions): RehearsedMove {
  const [source, target] = [from.first, to.first];
  const checked = pool.check(startedOn(domain, source.host), { read, runningOn: source.host.name });
  const verdict = settled(verdictOn(checked, target), source, target);
  const found = reasonsIn(checked.issues, source, target);
  const isListed = checked.domain.cpu?.mode === 'custom' && checked.domain.cpu.match !== 'minimum';
  const outcome = moveOutcome(checked, verdict, { found, isListed });
  return Object.freeze({
    way,
    from: from.names,
    to: to.names,
    outcome,
    ...{ missing: verdict.missing, gained: verdict.gained },
    ...{ uncertain: verdict.uncertain, unnamed: verdict.unnamed },
    issues: Object.freeze([...found.refusing, ...found.open]),
  });
}

/** A guest without features of its own has the same CPU wherever it is safe. */
const NOTHING: Omit<RunningVerdict, 'host' | 'afterPowerCycle'> = {
  ...{ now: 'unknown', missing: [], gained: [], uncertain: [], unnamed: [] },
};

function verdictOn({ running = [] }: CheckResult, { host }: SidedHost): typeof NOTHING {
  return running.find((one) => one.host === host.name) ?? NOTHING;
}

/** What QEMU on one host has no property for, no guest has there: then that is known. */
function settled(verdict: typeof NOTHING, source: SidedHost, target: SidedHost): typeof NOTHING {
  const gives = ({ host }: SidedHost, name: string): boolean => host.features?.includes(name) === true;
  const gained = verdict.uncertain.filter((name) => cannotGive(source, name) && gives(target, name));
  const missing = verdict.uncertain.filter((name) => cannotGive(target, name) && gives(source, name));
  const isNowhere = (name: string): boolean => cannotGive(source, name) && cannotGive(target, name);
  const uncertain = verdict.uncertain.filter(
    (name) => !gained.includes(name) && !missing.includes(name) && !isNowhere(name),
  );
  const isSettled = uncertain.length === 0 && verdict.uncertain.length > 0;
  const isAlike = gained.length + missing.length + verdict.gained.length + verdict.missing.length === 0;
  return {
    ...verdict,
    now: isSettled && isAlike ? 'yes' : verdict.now,
    missing: [...verdict.missing, ...missing].sort(),
    gained: [...verdict.gained, ...gained].sort(),
    uncertain,
  };
}

/** Findings of a pair that say something about one way between its hosts. */
interface Reasons {
  /** libvirt or QEMU refuses the guest for them. */
  readonly refusing: readonly Issue[];
  /** Nobody can tell because of them. */
  readonly open: readonly Issue[];
}

function reasonsIn(issues: readonly Issue[], source: SidedHost, target: SidedHost): Reasons {
  const told = issues.filter(({ code }) => !NOT_ABOUT_MOVES.has(code));
  const refusing = told.filter((found) => isRefusing(found, source, target));
  const open = told.filter(
    (found) =>
      !refusing.includes(found) &&
      (OPEN.has(found.code) || (found.severity === 'error' && !isElsewhere(found, target))),
  );
  return { refusing, open };
}

function isRefusing(found: Issue, source: SidedHost, target: SidedHost): boolean {
  if (found.code === 'derived-features-refused') return isDerivedRefused(found.hosts, source, target);
  if (found.severity !== 'error') return false;
  const hosts = hostsOf(found);
  return AT_SOURCE.has(found.code)
    ? hosts === undefined || hosts.includes(source.host.name)
    : hosts !== undefined && hosts.includes(target.host.name) && !OPEN.has(found.code);
}

/** On arrival for features nobody asked for; on the way to a QEMU that does not report them, for those that are missing. */
function isDerivedRefused(hosts: readonly string[], source: SidedHost, target: SidedHost): boolean {
  if (hosts.includes(target.host.name)) return true;
  const { qemu } = target.release;
  return hosts.includes(source.host.name) && qemu !== undefined && !isSince(qemu, '10.0');
}

/** Is it about the other host alone? */
function isElsewhere(found: Issue, target: SidedHost): boolean {
  const hosts = hostsOf(found);
  return hosts !== undefined && !hosts.includes(target.host.name);
}

/** The hosts that a finding blames; `undefined` where it names none. */
function hostsOf(found: Issue): readonly string[] | undefined {
  if ('unnamedOn' in found) return found.unnamedOn;
  if ('missingOn' in found) return found.missingOn;
  return 'hosts' in found ? found.hosts : undefined;
}

function moveOutcome(
  { domain, safe }: CheckResult,
  { now, missing, gained, unnamed, uncertain }: typeof NOTHING,
  { found, isListed }: { readonly found: Reasons; readonly isListed: boolean },
): MoveOutcome {
  if (found.refusing.length > 0 || (unnamed.length > 0 && now === 'no')) return 'refused';
  if (missing.length > 0) return isListed ? 'refused' : 'changes';
  if (gained.length > 0) return 'changes';
  if (found.open.length > 0 || uncertain.length > 0) return 'unknown';
  if (now === 'yes') return 'equal';
  return domain.cpu?.mode === undefined && safe ? 'equal' : 'unknown';
}

/** What a cold start on the upgraded host makes of a guest. */
export function startOf(
  domain: Domain,
  pair: Pair,
  { read, forward }: { readonly read: ReadOptions; readonly forward: RehearsedMove | undefined },
): RehearsedStart {
  const [old, upgraded] = [pair.before.first, pair.after.first];
  const isModel = domain.cpu?.mode === 'custom' && domain.cpu.match !== 'minimum';
  const shown = runningOn(domain, old.host);
  const checked = pair.pool.check(isModel ? domain.text : shown, { read, runningOn: old.host.name });
  const follows = settled(verdictOn(checked, upgraded), old, upgraded);
  const verdict = isModel && forward !== undefined ? { ...NOTHING, ...forward, now: 'yes' as const } : follows;
  const { refusing, open } = reasonsIn(checked.issues, old, upgraded);
  const facts = { model: modelChange(domain, pair), machine: machineChange(domain, pair) };
  const stopping = refusing.filter((found) => stopsStart(found, domain));
  return Object.freeze({
    hosts: pair.after.names,
    outcome: startOutcome(domain, verdict, { stopping, open, changed: facts, safe: checked.safe }),
    gained: verdict.gained,
    lost: verdict.missing,
    uncertain: verdict.uncertain,
    ...(facts.model && { model: facts.model }),
    ...(facts.machine && { machine: facts.machine }),
    deprecated: isDeprecated(domain, upgraded),
    issues: Object.freeze([...stopping, ...open]),
  });
}

/** What is refused on the move starts all the same, but for a CPU that is compared in full. */
function stopsStart(found: Issue, { cpu }: Domain): boolean {
  if (found.code === 'derived-features-refused') return cpu?.check === 'full';
  return !AT_SOURCE.has(found.code);
}

interface StartFacts {
  readonly stopping: readonly Issue[];
  readonly open: readonly Issue[];
  readonly changed: {
    readonly model: RehearsedStart['model'] | undefined;
    readonly machine: RehearsedStart['machine'] | undefined;
  };
  readonly safe: boolean;
}

function startOutcome(
  { cpu }: Domain,
  { now, missing, gained, uncertain }: typeof NOTHING,
  { stopping, open, changed, safe }: StartFacts,
): StartOutcome {
  const isModel = cpu?.mode === 'custom';
  if (stopping.length > 0 || (isModel && missing.length > 0 && cpu.check !== 'none')) return 'fails';
  const isOther = changed.model !== undefined || changed.machine !== undefined;
  if (isOther || missing.length > 0 || gained.length > 0) return 'changes';
  if (open.length > 0 || uncertain.length > 0) return 'unknown';
  return now === 'yes' || (cpu?.mode === undefined && safe) ? 'equal' : 'unknown';
}

/** libvirt builds a host-model CPU on the model that fits best: its family and model numbers are those of that model. */
function modelChange({ cpu }: Domain, { before, after }: Pair): RehearsedStart['model'] | undefined {
  const [old, upgraded] = [before.first.host.model, after.first.host.model];
  return cpu?.mode !== 'host-model' || old === upgraded ? undefined : { before: old, after: upgraded };
}

function machineChange(
  { machine, arch, type }: Domain,
  { before, after }: Pair,
): RehearsedStart['machine'] | undefined {
  if (machine === undefined) return undefined;
  const resolve = ({ first }: HostKind): string | undefined =>
    resolvedMachine(first.host, { machine, arch, type });
  const [old, upgraded] = [resolve(before), resolve(after)];
  return old === undefined || upgraded === undefined || old === upgraded
    ? undefined
    : { before: old, after: upgraded };
}

function isDeprecated({ machine, arch }: Domain, { host }: SidedHost): boolean {
  return host.machines.some(
    ({ name, deprecated, arch: own }) =>
      name === machine && deprecated && (arch === undefined || own === arch),
  );
}
