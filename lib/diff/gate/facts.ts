import type { Baseline, BaselineHost, Loss } from '../../../types/baseline.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { GateParticular, GatePool } from '../../../types/gate.ts';
import { namedAncestor } from '../../cpu/dependencies.ts';
import { presenceOn } from '../../cpu/grade.ts';
import { shownUntil } from '../../cpu/facts/qemu-compat.ts';
import { qemuHasName } from '../../cpu/facts/qemu-names.ts';
import { featuresInSomeMap, isModel } from '../../cpu/map.ts';
import { addedByQemu } from '../../cpu/qemu-models.ts';
import { knownQemuVersion } from '../../cpu/qemu-properties.ts';
import { givenBaseline } from '../given.ts';
import { nameOrKind } from '../../text/value-kind.ts';
import { arrivalOf, certainDifferences, type Arrival } from '../arrival/lists.ts';
import { featuresOfHosts, lossesOfOneProcessor, untoldFeatures } from '../pool/guest-pool.ts';
import { reasonToIgnore } from '../pool/ignored.ts';
import { visibleDifferences } from '../pool/visible.ts';

/**
 * What a gate on one host of a pool has to know: small and plain JSON, so that it can be kept in a file and a verdict
 * reads neither hosts nor CPU maps.
 *
 * @param self name of the host the gate stands on.
 * @throws RangeError if the baseline has no host of that name, or cannot be a pool (an issue of severity `error`).
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * gatePool(diffHosts([host('a', 'pcid'), host('b', 'clwb')]), 'a').hosts;
 * // → [{ name: 'a', surplus: ['pcid'], unknown: [], off: [], absent: [] }, { name: 'b', surplus: ['clwb'], unknown: [], off: [], absent: [] }]
 */
export function gatePool(given: Baseline, self: string): GatePool {
  const baseline = givenBaseline(given);
  const own = baseline.hosts.find(({ name }) => name === self);
  if (own === undefined) throw new RangeError(`the pool has no host ${nameOrKind(self)}`);
  const stop = baseline.issues.find(({ severity }) => severity === 'error');
  if (stop !== undefined) throw new RangeError(stop.message);
  const { maps, losses, common } = visibleDifferences(baseline);
  const arrival = arrivalOf(baseline.hosts, baseline);
  const told = [...withQemu(baseline, [...losses.values()]), ...unnamedLosses(baseline)];
  const all = [...told, ...hiddenLosses(baseline, arrival, told)];
  const namesOf = (list: 'presentOn' | 'unknownOn', host: string): readonly string[] =>
    all.filter((loss) => loss[list].includes(host)).map(({ feature }) => feature);
  const ofOne = lossesOfOneProcessor(baseline);
  const unnamed = [...all, ...ofOne].filter(({ unnamedOn }) => unnamedOn.length > 0);
  return {
    schemaVersion: 4,
    self,
    arch: baseline.arch ?? null,
    vendor: baseline.vendor ?? null,
    virtType: own.virtType ?? null,
    common: [...common].sort(),
    hosts: baseline.hosts.map(({ name }) => ({
      name,
      surplus: namesOf('presentOn', name),
      unknown: namesOf('unknownOn', name),
      off: arrival.hosts[name]?.off ?? [],
      absent: arrival.hosts[name]?.absent ?? [],
    })),
    particulars: particulars(baseline, ofOne),
    rescuable: rescuable(baseline, arrival, all, self),
    unnamed: Object.fromEntries(unnamed.map(({ feature, unnamedOn }) => [feature, unnamedOn])),
    ancestors: ancestors(maps, [...unnamed.map(({ feature }) => feature), ...arrival.features]),
    models: models(baseline, own, maps),
  };
}

/** What depends on the guest: by its machine type, or by how its processors are laid out. */
function particulars({ hosts }: Baseline, ofOne: readonly Loss[]): readonly GateParticular[] {
  const untold = new Map(hosts.map((host) => [host, untoldFeatures(host, undefined)]));
  // A host that is known to have it may show other bits behind it than one of which nobody knows.
  const mayHave = (host: BaselineHost, feature: string): boolean => {
    const { has, maybe } = presenceOn(host);
    return [has, maybe].some((names) => names.has(feature)) || untold.get(host)?.includes(feature) === true;
  };
  const byMachine = [...new Set([...untold.values()].flat())].map((feature): GateParticular => ({
    feature,
    guests: { machinesUntil: shownUntil(feature) ?? '' },
    presentOn: [],
    unknownOn: hosts.filter((host) => mayHave(host, feature)).map(({ name }) => name),
  }));
  const ofOneProcessor = ofOne.map(({ feature, presentOn, unknownOn }): GateParticular => ({
    feature,
    guests: 'one-processor-a-socket',
    presentOn,
    unknownOn,
  }));
  return [...byMachine, ...ofOneProcessor];
}

/** What nobody states of a host, and QEMU there has no property for, no guest gets there: the host lacks it. */
function withQemu({ hosts }: Baseline, losses: readonly Loss[]): readonly Loss[] {
  const versions = new Map(hosts.map((host) => [host.name, knownQemuVersion(host)]));
  const distinct = new Set([...versions.values()].filter((version) => version !== undefined));
  return losses.flatMap((loss) => {
    if (loss.unknownOn.length === 0) return [loss];
    const lacking = new Set([...distinct].filter((version) => qemuHasName(version, loss.feature) === 'no'));
    const lacks = (name: string): boolean => lacking.has(versions.get(name) ?? '');
    const unknownOn = loss.unknownOn.filter((host) => !lacks(host));
    const missingOn = [...loss.missingOn, ...loss.unknownOn.filter(lacks)].sort();
    // What no host gives is no difference any more.
    return loss.presentOn.length + unknownOn.length === 0 ? [] : [{ ...loss, missingOn, unknownOn }];
  });
}

/** What QEMU of some hosts says it gives guests, others do not, and no libvirt has a name for. */
function unnamedLosses({ hosts, issues }: Baseline): readonly Loss[] {
  const features = issues.flatMap((one) =>
    one.code === 'feature-unnamed' && one.missingOn.length > 0 ? one.features : [],
  );
  const unnamedOn = hosts.map(({ name }) => name);
  return features.map((feature) => {
    const where = (isSo: (unnamed: readonly string[] | undefined) => boolean): readonly string[] =>
      hosts.filter(({ unnamed }) => isSo(unnamed)).map(({ name }) => name);
    const presentOn = where((unnamed) => unnamed?.includes(feature) === true);
    const missingOn = where((unnamed) => unnamed?.includes(feature) === false);
    const unknownOn = where((unnamed) => unnamed === undefined);
    return { feature, presentOn, missingOn, unknownOn, unnamedOn };
  });
}

/** What no document speaks of, and QEMU shows where it has the property. */
function hiddenLosses(
  { hosts }: Baseline,
  arrival: Arrival,
  told: readonly Pick<Loss, 'feature'>[],
): readonly Loss[] {
  const known = new Set(told.map(({ feature }) => feature));
  const unnamedOn = hosts.map(({ name }) => name);
  return certainDifferences(arrival)
    .filter((feature) => !known.has(feature))
    .map((feature) => {
      const isAbsent = (name: string): boolean => arrival.hosts[name]?.absent.includes(feature) === true;
      const missingOn = unnamedOn.filter(isAbsent);
      const unknownOn = unnamedOn.filter((name) => !isAbsent(name));
      return { feature, presentOn: [], missingOn, unknownOn, unnamedOn };
    });
}

/** A host known by its physical CPU only may have what its QEMU has no property for: there nothing is rescued. */
function rescuable(
  { issues }: Baseline,
  { hosts }: Arrival,
  losses: readonly Loss[],
  self: string,
): readonly string[] {
  if (issues.some((one) => one.code === 'weak-source' && one.hosts.includes(self))) return [];
  const known = new Set(hosts[self]?.off);
  const alone = losses.filter(
    ({ feature, presentOn, unknownOn }) =>
      [...presentOn, ...unknownOn].join() === self && (unknownOn.length === 0 || known.has(feature)),
  );
  return alone.map(({ feature }) => feature);
}

function ancestors(maps: readonly CpuMap[], features: readonly string[]): Readonly<Record<string, string>> {
  const found = features.map((feature) => [feature, namedAncestor(maps, feature)] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** A model means what the libvirt the guest was started by says: whatever any of the pool's maps counts to it. */
function models(
  { common, hosts, losses }: Baseline,
  { cpuMaps: own, virtType }: Pick<BaselineHost, 'cpuMaps' | 'virtType'>,
  maps: readonly CpuMap[],
): Readonly<Record<string, readonly string[]>> {
  const everywhere = new Set(common);
  const ofHost = new Set(featuresOfHosts(hosts, 'one'));
  const differing = new Set(
    losses.flatMap(({ feature, presentOn }) => (presentOn.length > 0 ? [feature] : [])),
  );
  const known = (own[0]?.models ?? []).map(({ name }) => name).filter((name) => isModel(own, name));
  const beyond = (name: string): readonly string[] => {
    // Where no host has it, QEMU's own model shows nothing of it either.
    const added = [...addedByQemu(name, { virtType })].filter((one) => differing.has(one));
    const features = [...featuresInSomeMap(maps, name), ...added];
    const isSeen = (one: string): boolean => reasonToIgnore(one) === undefined || ofHost.has(one);
    const open = features.filter((one) => !everywhere.has(one) && isSeen(one));
    return [...new Set(open)].sort();
  };
  return Object.fromEntries(known.map((name) => [name, beyond(name)]));
}
