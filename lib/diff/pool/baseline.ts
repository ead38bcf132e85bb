import type { Baseline } from '../../../types/baseline.ts';
import type { Host } from '../../../types/host.ts';
import type { HostIssueCode, Issue, IssueCode, Severity } from '../../../types/issue.ts';
import type { DiffOptions } from '../../../types/options.ts';
import { isX86, PPC64 } from '../../cpu/arches.ts';
import { DUTY_FLAWS } from '../../cpu/facts/kinds.ts';
import { givenHosts } from '../../cpu/given-hosts.ts';
import { joinHosts } from '../../cpu/join.ts';
import { modelVendorOf } from '../../cpu/map.ts';
import { asList } from '../../issues/given.ts';
import { aboutHosts, hasErrors, issue } from '../../issues/issues.ts';
import { optionsOf } from '../../issues/options.ts';
import { frozen } from '../../text/frozen.ts';
import { asMadeHere } from '../../text/made.ts';
import { remembered } from '../../text/remembered.ts';
import { tallied } from '../../text/tallied.ts';
import { givenBaseline } from '../given.ts';
import { JUDGEMENT } from '../settings.ts';
import { dutyIssues } from './duties.ts';
import { commonOf, lossesOf, setsOf, surplusOf } from './feature-sets.ts';
import { unionOf, uniquelyNamed } from './hosts.ts';
import { groupsBy, kindsBy } from './kinds.ts';
import { otherPoolIssues } from './other-arches.ts';

/**
 * What the hosts of a pool have in common and who lacks what. The common set is the plain intersection, libvirt's own
 * answer: the order of hosts, or naming one twice, changes nothing, and another host never adds a feature.
 *
 * @param hosts one or more; a pool to migrate in has at least two.
 * @returns a baseline whose `issues` hold an error, and whose `common` is empty, when the hosts cannot be a pool:
 * different vendors or architectures, features nobody knows, nothing in common.
 * @throws RangeError if no host is given; TypeError for an option that there is not.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const baseline = diffHosts([host('a', 'pcid'), host('b', 'taa-no')]);
 * baseline.common; // → ['fpu', 'pse', 'vme']
 * baseline.surplus; // → { a: ['pcid'], b: ['taa-no'] }
 */
export function diffHosts(hosts: readonly Host[], options: DiffOptions = {}): Baseline {
  return diffGiven(givenHosts(hosts), optionsOf(options, JUDGEMENT));
}

/** The same for hosts that were checked and copied already. */
export function diffGiven(given: readonly Host[], options: DiffOptions): Baseline {
  if (given.length === 0) throw new RangeError('diffHosts needs a host');
  return baselineOf(joinHosts(given), options);
}

/** Findings that are errors where weak sources are refused; what the hosts have in common is told all the same. */
const IS_WEAK: ReadonlySet<IssueCode> = new Set(['weak-source', 'partial-answer']);
/** Findings that keep hosts from being a pool and say nothing of what they have in common. */
const TELLS_COMMON: ReadonlySet<IssueCode> = new Set([...IS_WEAK, 'duplicate-host']);

/**
 * Who has what is worked out when somebody asks, once: for thousands of hosts it is far larger than what they have in
 * common. Those two are properties like any other to `JSON.stringify`, `structuredClone` and a spread.
 */
function baselineOf(hosts: readonly Host[], options: DiffOptions): Baseline {
  const pool = uniquelyNamed(hosts);
  const found = [...hostIssues(pool, options), ...poolIssues(pool, options)];
  const usable = !found.some(({ severity, code }) => severity === 'error' && !TELLS_COMMON.has(code));
  const sets = setsOf(pool);
  const common = usable ? commonOf(sets) : NOTHING;
  const [arch, vendor] = [shared(pool.map((host) => host.arch)), shared(pool.map((host) => host.vendor))];
  const nothing = usable && common.length === 0 && arch !== 'aarch64' && pool[0]?.features?.length !== 0;
  const duties = usable ? dutyIssues(pool, lossesOf(pool, sets, DUTY_FLAWS)) : [];
  const issues = [
    ...found,
    ...(nothing ? [issue('cpus-incompatible', { hosts: namesOf(pool) })] : []),
    ...duties,
  ];
  const attribution: { surplus?: Baseline['surplus']; losses?: Baseline['losses'] } = {};
  const baseline: Baseline = {
    hosts: pool,
    common,
    get surplus() {
      return (attribution.surplus ??= surplusOf(pool, sets, usable));
    },
    get losses() {
      return (attribution.losses ??= usable ? lossesOf(pool, sets) : Object.freeze([]));
    },
    arch,
    vendor,
    issues: frozen(issues),
  };
  return Object.freeze(asMadeHere(baseline, 'baseline'));
}

const NOTHING: readonly string[] = Object.freeze([]);

/**
 * Baselines of parts of a fleet as one: the same, attribution and findings included, as the baseline of all their hosts,
 * in whatever order and grouping they are merged. A host that is in several of them is one host; two hosts of one name
 * are numbered. The documents of one machine (capabilities and domcapabilities) belong in one part.
 *
 * @throws RangeError if no baseline is given; TypeError for what is none, and for an option that there is not.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const [a, b, c] = [host('a', 'pcid'), host('b', 'pcid'), host('c', 'taa-no')];
 * mergeBaselines([diffHosts([a, b]), diffHosts([c])]).surplus; // → { a: ['pcid'], b: ['pcid'], c: ['taa-no'] }
 */
export function mergeBaselines(baselines: readonly Baseline[], options: DiffOptions = {}): Baseline {
  const given = asList(baselines, 'baselines').map((baseline) => givenBaseline(baseline));
  if (given.length === 0) throw new RangeError('mergeBaselines needs a baseline');
  return baselineOf(unionOf(given.map(({ hosts }) => givenHosts(hosts))), optionsOf(options, JUDGEMENT));
}

/** What is doubtful about single hosts, told once for all hosts it holds for. */
function hostIssues(pool: readonly Host[], { refuse = [] }: DiffOptions): readonly Issue[] {
  const strict = refuse.includes('weak-source');
  const groups = new Map<string, { readonly first: Issue<HostIssueCode>; readonly hosts: string[] }>();
  for (const { name, issues } of pool) {
    for (const found of issues) {
      const { message, hosts, ...same } = found;
      remembered(groups, JSON.stringify(same), () => ({ first: found, hosts: [] })).hosts.push(name);
    }
  }
  return [...groups.values()].map(({ first, hosts }) =>
    aboutHosts(first, hosts, strict && IS_WEAK.has(first.code) ? 'error' : first.severity),
  );
}

/** What keeps these hosts from being a pool, and who is there twice. */
function poolIssues(pool: readonly Host[], { accept = [] }: DiffOptions): readonly Issue[] {
  const issues: Issue[] = [];
  const arches = groupsBy(pool, 'arch');
  if (arches.length > 1) issues.push(issue('arch-mismatch', { arches }));
  issues.push(...vendorIssues(pool));
  const unsupported = pool.filter(
    (host) => host.features === undefined && host.arch !== 'aarch64' && !hasErrors(host.issues),
  );
  if (unsupported.length > 0)
    issues.push(issue('arch-unsupported', { hosts: namesOf(unsupported), arch: unsupported[0]?.arch }));
  const bare = pool.filter(({ arch, features }) => features?.length === 0 && !PPC64.has(arch ?? ''));
  const models = distinct(bare.map((host) => host.model));
  if (models.length > 1) issues.push(issue('cpus-incompatible', { hosts: namesOf(pool) }));
  return [
    ...issues,
    ...(pool.every(isX86) ? [] : otherPoolIssues(pool)),
    ...unnamedIssues(pool),
    ...duplicates(pool, accept.includes('same-host') ? 'warning' : 'error'),
  ];
}

/** What some hosts give a guest, others do not, and no feature line can turn off. */
function unnamedIssues(pool: readonly Host[]): readonly Issue[] {
  const asked = pool.filter(({ unnamed, source }) => unnamed !== undefined && source === 'qmp');
  const lists = new Set(asked.map(({ unnamed = NOTHING }) => unnamed));
  const counts = tallied([...lists].flatMap((list) => [...new Set(list)]));
  const features = distinct([...counts.keys()].filter((name) => counts.get(name) !== lists.size));
  if (features.length === 0) return [];
  const differing = new Set(features);
  const shares = new Map(
    [...lists].map((list) => [list, [...new Set(list)].filter((name) => differing.has(name)).length]),
  );
  const shareOf = ({ unnamed = NOTHING }: Host): number => shares.get(unnamed) ?? 0;
  const hosts = namesOf(asked.filter((host) => shareOf(host) > 0));
  const missingOn = namesOf(asked.filter((host) => shareOf(host) < features.length));
  return [issue('feature-unnamed', { features, hosts, missingOn }, 'warning')];
}

function duplicates(pool: readonly Host[], severity: Severity): readonly Issue[] {
  return [...kindsBy(pool, ({ uuid }) => uuid)]
    .filter(([, { length }]) => length > 1)
    .map(([uuid, hosts]) => issue('duplicate-host', { uuid, hosts }, severity));
}

/**
 * Different vendors are no pool. libvirt holds a stated vendor against the models' own vendors too. Where no host states
 * one it does not look at the first host's model: if that is the only one of its vendor, libvirt computes all the same,
 * and so does this, with a warning.
 */
function vendorIssues(pool: readonly Host[]): readonly Issue[] {
  const stated = pool.some(({ vendor }) => vendor !== undefined);
  const ofModels = pool.map(modelVendorOf).filter((vendor) => vendor !== undefined);
  const vendors = distinct([...pool.map(({ vendor }) => vendor), ...ofModels]);
  if (vendors.length < 2) return [];
  const alone = vendors.some((vendor) => ofModels.indexOf(vendor) === ofModels.lastIndexOf(vendor));
  const passes = !stated && vendors.length === 2 && alone;
  const groups = vendors.map((vendor) => ({
    vendor,
    hosts: namesOf(pool.filter((host) => host.vendor === vendor || modelVendorOf(host) === vendor)),
  }));
  return [issue('vendor-mismatch', { vendors: groups }, passes ? 'warning' : 'error')];
}

function namesOf(hosts: readonly Host[]): readonly string[] {
  return hosts.map(({ name }) => name);
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

function shared(values: readonly (string | undefined)[]): string | undefined {
  const known = distinct(values);
  return known.length === 1 ? known[0] : undefined;
}
