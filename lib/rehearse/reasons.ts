import type { Domain } from '../../types/domain.ts';
import type { Issue, IssueCode } from '../../types/issue.ts';
import { setForEveryModel } from '../cpu/facts/qemu-compat.ts';
import { isSince } from '../cpu/facts/since.ts';
import { qemuNumber } from '../cpu/versions.ts';
import { isListed } from '../diff/cpu/changes.ts';
import type { SidedHost } from './sides.ts';

/** Issues about levelling, or that the verdict on a running guest has said already. */
const NOT_ABOUT_MOVES: ReadonlySet<IssueCode> = new Set([
  'way-out',
  'way-taken',
  'feature-not-expressible',
  'no-common-model',
  'policy-conflict',
  'core-feature',
  'live-gains',
  'live-incompatible',
  'live-name-unknown',
  'live-unknown',
  'live-needs-power-cycle',
  'security-loss',
  'duty-bit-differs',
  'below-floor',
  'cpu-follows-host',
  'machine-alias',
  'levelled-on-arrival',
  'qemu-feature-differs',
  'emulated-cpu-differs',
]);
/** The verdict has these for a CPU that is compared line by line. */
const OF_LINES: ReadonlySet<IssueCode> = new Set(['unknown-feature', 'unknown-model']);
/** Issues that keep a guest from leaving a host. */
const AT_SOURCE: ReadonlySet<IssueCode> = new Set(['device-not-migratable', 'not-migratable']);

/** Findings of a pair that say something about one way between its hosts. */
export interface Reasons {
  /** libvirt or QEMU refuses the guest for them. */
  readonly refusing: readonly Issue[];
  /** Nobody can tell because of them. */
  readonly open: readonly Issue[];
}

/** What findings say of a guest that goes from one host to another. */
export function reasonsIn(
  issues: readonly Issue[],
  domain: Domain,
  source: SidedHost,
  target: SidedHost,
): Reasons {
  const isTold = ({ code }: Issue): boolean =>
    !NOT_ABOUT_MOVES.has(code) && !(isListed(domain.cpu) && OF_LINES.has(code));
  const told = issues.filter(isTold);
  const refusing = told.filter((found) => isRefusing(found, source, target));
  const open = told.filter(
    (found) => !refusing.includes(found) && isOpen(found, domain, [source, target], target),
  );
  return { refusing, open };
}

function isRefusing(found: Issue, source: SidedHost, target: SidedHost): boolean {
  if (found.code === 'derived-features-refused') return isDerivedRefused(found.hosts, source, target);
  if (found.severity !== 'error' || found.code === 'context-mismatch') return false;
  const hosts = hostsOf(found);
  return AT_SOURCE.has(found.code)
    ? hosts === undefined || hosts.includes(source.host.name)
    : hosts?.includes(target.host.name) === true;
}

/**
 * On arrival from a host where they are not in the list, for features nobody asked for; on the way to a QEMU that does not
 * report them, for those that are missing.
 */
function isDerivedRefused(hosts: readonly string[], source: SidedHost, target: SidedHost): boolean {
  if (hosts.includes(target.host.name)) return !hosts.includes(source.host.name);
  const { qemu } = target.release;
  return hosts.includes(source.host.name) && qemu !== undefined && !isSince(qemu, '10.0');
}

function isOpen(found: Issue, domain: Domain, both: readonly SidedHost[], target: SidedHost): boolean {
  // Which model QEMU takes is known of x86 alone, where libvirt has written it into the domain.
  if (found.code === 'no-cpu-model') return !isSameKind(both);
  if (found.code === 'context-mismatch' && found.about === 'machine')
    return !both.every((one) => isSameContext(domain, one));
  if (found.code === 'qemu-newer-than-libvirt' || found.code === 'names-not-comparable')
    return (
      !isSameKind(both) && found.features.some((name) => both.some((one) => mayHave(one, name, found.hosts)))
    );
  // Both have them in the list: nobody has tried it between unlike releases.
  if (found.code === 'derived-features-refused')
    return found.hosts.includes(target.host.name) && !isSameKind(both);
  return found.severity === 'error' && hostsOf(found)?.includes(target.host.name) !== false;
}

/** A host that was not upgraded shows guests what it showed them, whether anybody has a name for it or not. */
function isSameKind([one, other]: readonly SidedHost[]): boolean {
  return one !== undefined && other !== undefined && one.kind === other.kind;
}

function mayHave(one: SidedHost, name: string, hosts: readonly string[]): boolean {
  const { vendor, name: own } = one.host;
  return hosts.includes(own) && !one.cannotGive(name) && !(vendor === 'AMD' && name.startsWith('vmx'));
}

/** From this machine type on, models of CPUs are the same for every one. */
const FIRST_ALIKE = '4.0';

/**
 * Does the CPU that a host reports, for another machine type, hold for the guest's as well? It does where QEMU sets the
 * same compat properties for both.
 */
function isSameContext({ machine }: Domain, { host, release }: SidedHost): boolean {
  const { machine: asked, machines } = host;
  if (asked === undefined || machine === undefined || asked === machine) return true;
  const own = machines.find(({ name }) => name === machine)?.canonical ?? machine;
  const isKnown = [own, asked].every((name) => isSince(qemuNumber(name) ?? '0.0', FIRST_ALIKE));
  const { qemu } = release;
  if (!isKnown || qemu === undefined) return false;
  return setForEveryModel(own, qemu).join() === setForEveryModel(asked, qemu).join();
}

/** What is refused on the move starts all the same, but for a CPU that is compared in full. */
export function stopsStart(found: Issue, { cpu }: Domain): boolean {
  if (found.code === 'derived-features-refused') return cpu?.check === 'full';
  return !AT_SOURCE.has(found.code);
}

/** The hosts that a finding blames; `undefined` where it names none. */
function hostsOf(found: Issue): readonly string[] | undefined {
  if ('unnamedOn' in found) return found.unnamedOn;
  if ('missingOn' in found) return found.missingOn;
  return 'hosts' in found ? found.hosts : undefined;
}
