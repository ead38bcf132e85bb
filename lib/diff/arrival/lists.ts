import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import { isX86 } from '../../cpu/arches.ts';
import { hiddenFeatures, isMeasuredSince, qemuHasName } from '../../cpu/facts/qemu-names.ts';
import { isNamed, namesInEveryMap } from '../../cpu/map.ts';
import { FEATURE_NAME, isOfKernel, qemuName } from '../../cpu/names.ts';
import { knownQemuVersion } from '../../cpu/qemu-properties.ts';
import { tallied } from '../../text/tallied.ts';
import { lossesOfOneProcessor } from '../pool/guest-pool.ts';
import { oneOfEach } from '../pool/kinds.ts';
import { reasonToIgnore } from '../pool/ignored.ts';

/** What QEMU of one host is told of the features that `<cpu>` cannot name, and of which it cannot be told. */
export interface HostArrival {
  /** Sorted names of what a guest might get there: turned off by `-global`. */
  readonly off: readonly string[];
  /** Sorted names of what no guest gets there. QEMU may have no property for them, and then stops at one. */
  readonly absent: readonly string[];
  /** Sorted names of which nobody knows whether QEMU there has them. */
  readonly open: readonly string[];
}

/** What a pool differs in, or may differ in, and not every libvirt of it can name. */
export interface Arrival {
  /** Sorted. */
  readonly features: readonly string[];
  readonly hosts: Readonly<Record<string, HostArrival>>;
}

const NOTHING: Arrival = Object.freeze({ features: [], hosts: {} });

/**
 * The features that cannot go into a shared `<cpu>`, and each host's own list of them: what a guest might get there, by
 * the host's document, by QEMU's own answer, or because QEMU of its version has the property and libvirt no name for it.
 */
export function arrivalOf(hosts: readonly BaselineHost[], baseline: Baseline): Arrival {
  if (!isX86(baseline)) return NOTHING;
  const told = toldOf(baseline);
  const candidates = [...new Set([...told.keys(), ...hiddenOn(hosts)])].filter((name) =>
    FEATURE_NAME.test(name),
  );
  const states = new Map(
    candidates.map((name) => [name, hosts.map((host) => stateOn(host, name, told.get(name)))] as const),
  );
  const features = candidates.filter((name) => isOpen(name, new Set(states.get(name)))).sort();
  const listsOf = (at: number): HostArrival => {
    const of = (...wanted: readonly (State | undefined)[]): readonly string[] =>
      features.filter((name) => wanted.includes(states.get(name)?.[at]));
    return { off: of('given', 'possible'), absent: of('absent'), open: of('open') };
  };
  return { features, hosts: Object.fromEntries(hosts.map(({ name }, at) => [name, listsOf(at)])) };
}

/** A guest gets it on a host; it may, and QEMU there has the property; it does not; or neither is known. */
type State = 'given' | 'possible' | 'absent' | 'open';

/** Must it be off somewhere? What follows the host's kernel is the same where QEMU is: of it, only a difference counts. */
function isOpen(name: string, states: ReadonlySet<State>): boolean {
  const isSame = states.size === 1 && (states.has('given') || states.has('absent'));
  const isAlike = isOfKernel(name) && !states.has('absent') && !states.has('open');
  return !isSame && !isAlike;
}

/** What documents say of a feature: the hosts that have it, and those that lack it. */
type Told = Readonly<Record<'present' | 'missing' | 'unknown', ReadonlySet<string>>>;

/** What hosts differ in, and not every libvirt has a name for, or hands QEMU lines about. */
function toldOf(baseline: Baseline): ReadonlyMap<string, Told> {
  const seen = baseline.losses.filter(({ feature }) => reasonToIgnore(feature) === undefined);
  const all = [...seen, ...lossesOfOneProcessor(baseline)];
  const unnamed = all.filter(({ unnamedOn }) => unnamedOn.length > 0);
  return new Map(
    unnamed.map(({ feature, presentOn, missingOn, unknownOn }) => [
      feature,
      { present: new Set(presentOn), missing: new Set(missingOn), unknown: new Set(unknownOn) },
    ]),
  );
}

/** What QEMU of hosts may show without a name of their libvirt's, where not all have told that they do. */
function hiddenOn(hosts: readonly BaselineHost[]): readonly string[] {
  const counts = tallied(hosts.flatMap(({ unnamed = [] }) => unnamed));
  const told = [...counts].flatMap(([name, count]) => (count < hosts.length ? [name] : []));
  const silent = hosts.filter(({ unnamed }) => unnamed === undefined);
  const kinds = oneOfEach(silent, (host) => [host.cpuMaps, `${knownQemuVersion(host)} ${host.virtType}`]);
  const hidden = kinds.flatMap((host) => {
    const version = knownQemuVersion(host);
    return version === undefined ? [] : hiddenFeatures(version, namesInEveryMap(host.cpuMaps), host.virtType);
  });
  return [...told, ...hidden];
}

function stateOn(host: BaselineHost, feature: string, told: Told | undefined): State {
  return documented(host, feature, told) ?? byVersion(host, feature);
}

/** What a host's document, or its QEMU, says itself. */
function documented(host: BaselineHost, feature: string, told: Told | undefined): State | undefined {
  const { name, grade, unnamed, features = [] } = host;
  if (unnamed?.includes(qemuName(feature)) === true) return 'given';
  // What the hardware has, QEMU need not have a property for.
  if (isIn(told?.present, name) || features.includes(feature)) return grade === 'A' ? 'given' : undefined;
  return isLacked(host, feature, told) ? 'absent' : undefined;
}

function isLacked(
  { name, grade, unnamed, cpuMaps }: BaselineHost,
  feature: string,
  told: Told | undefined,
): boolean {
  if (unnamed !== undefined || isIn(told?.missing, name)) return true;
  return grade === 'A' && isNamed(cpuMaps, feature) && !isIn(told?.unknown, name);
}

function isIn(names: ReadonlySet<string> | undefined, name: string): boolean {
  return names?.has(name) === true;
}

/** What QEMU of a host's version can do. */
function byVersion(host: BaselineHost, feature: string): State {
  const isOfVmx = feature.startsWith('vmx-');
  if (isOfVmx && host.grade === 'A' && host.features?.includes('vmx') === false) return 'absent';
  const version = knownQemuVersion(host);
  const has = version === undefined ? 'maybe' : qemuHasName(version, feature);
  if (has === 'no') return 'absent';
  // Without the controls of VMX no guest can be run inside this one: they are not turned off on a suspicion.
  const isSure = has === 'yes' && isMeasuredSince(version ?? '') && !isOfVmx;
  return isSure ? 'possible' : 'open';
}

/**
 * Of these, what every guest of a CPU that follows its host gets where QEMU has the property: what KVM gives it. Whether
 * it gets the others depends on the hardware.
 */
export function certainDifferences({ features, hosts }: Arrival): readonly string[] {
  const isOn = (list: keyof HostArrival, name: string): boolean =>
    Object.values(hosts).some((host) => host[list].includes(name));
  return features.filter((name) => isOfKernel(name) && isOn('off', name) && isOn('absent', name));
}
