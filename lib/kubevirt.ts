import type { Host } from '../types/host.ts';
import type { KubeVirtAdvice, KubeVirtFeature, KubeVirtGuest } from '../types/kubevirt.ts';
import type { Judgement, PlanOptions } from '../types/options.ts';
import type { DomainChange } from '../types/plan.ts';
import type { Pool } from '../types/pool.ts';
import { givenHosts } from './cpu/given-hosts.ts';
import { PLAN } from './diff/settings.ts';
import { optionsOf } from './issues/options.ts';
import { hasErrors } from './issues/issues.ts';
import { kubevirtDomain } from './parser/domain/kubevirt.ts';
import { frozenCopy } from './text/frozen.ts';
import { groupedBy } from './text/remembered.ts';
import { createPool } from './pool.ts';

/**
 * What to write into a virtual machine of KubeVirt so that it sees one CPU on all nodes that can run it, and among which
 * nodes it can move as it is. The nodes may be read from any source.
 *
 * @throws LibvirtXmlError for a guest whose CPU cannot be told, and for what is no host; RangeError if no node is given;
 * TypeError for what is no guest, and for an option that there is not.
 * @example
 * const node = (name, feature) => hostFromFeatures({ name, features: ['fpu', feature], libvirtVersion: '9.0.0' });
 * const spec = { domain: { cpu: { model: 'host-passthrough' } } };
 * const [guest] = kubevirtGuests({ kind: 'VirtualMachineInstance', spec });
 * const { features, groups } = kubevirtAdvice(guest, [node('a', 'pcid'), node('b', 'taa-no'), node('c', 'pcid')]);
 * features.map(({ name, policy }) => `${name} ${policy}`); // → ['pcid disable', 'taa-no disable']
 * groups; // → [['a', 'c'], ['b']]
 */
export function kubevirtAdvice(
  guest: KubeVirtGuest,
  nodes: readonly Host[],
  options: PlanOptions = {},
): KubeVirtAdvice {
  const xml = kubevirtDomain(guest);
  const { accept, refuse } = optionsOf(options, PLAN);
  const judgement: Judgement = { ...(accept && { accept }), ...(refuse && { refuse }) };
  const poolOf = (hosts: readonly Host[]): Pool => createPool(hosts, judgement);
  const isSafe = (hosts: readonly Host[]): boolean => poolOf(hosts).check(xml, options).safe;
  const runsOn = (kind: readonly Host[]): boolean => {
    const twins = twinsOf(kind);
    const { issues, disable } = poolOf(twins).check(xml, options);
    // Whatever nobody knows of a node is the same on its twin.
    return !hasErrors(issues) && disable.every(({ missingOn }) => missingOn.length < twins.length);
  };
  const hosts = givenHosts(nodes);
  if (hosts.length === 0) throw new RangeError('no node is given');
  const kinds = kindsOf(hosts).map((kind) => ({ hosts: kind, canRun: runsOn(kind) }));
  const able = kinds.filter(({ canRun }) => canRun).flatMap(({ hosts }) => hosts);
  const groups = kinds
    .filter(({ canRun }) => canRun)
    .flatMap(({ hosts }) => (hosts.length < 2 || isSafe(hosts) ? [hosts] : hosts.map((host) => [host])))
    .sort((a, b) => b.length - a.length);
  const result = able.length < 2 ? undefined : poolOf(able).rewrite(xml, options);
  const changes = result?.ok === true ? result.plan.shared : undefined;
  return frozenCopy({
    nodes: namesOf(able),
    features: changes === undefined ? undefined : featuresAfter(guest.features, changes),
    changed: changes !== undefined && changes.length > 0,
    groups: groups.map(namesOf),
  });
}

/** The first host twice: what stops a guest there, stops it on that host. */
function twinsOf([first]: readonly Host[]): readonly Host[] {
  return first === undefined ? [] : [first, { ...first, name: `${first.name} again`, uuid: undefined }];
}

/** Hosts that show a guest one CPU, as far as anybody knows, in the order of the first of each. */
function kindsOf(hosts: readonly Host[]): readonly (readonly Host[])[] {
  const kinds = groupedBy(hosts, (host) => {
    const { arch, vendor, model, features, uncertain, silent, unnamed, usableModels, machines } = host;
    return JSON.stringify([
      arch,
      vendor,
      model,
      features,
      uncertain,
      silent,
      unnamed,
      usableModels,
      machines,
    ]);
  });
  return [...kinds.values()];
}

function namesOf(hosts: readonly Host[]): readonly string[] {
  return hosts.map(({ name }) => name);
}

/** The lines that are there, with those that a plan adds or gives another policy. */
function featuresAfter(
  features: readonly KubeVirtFeature[],
  changes: readonly DomainChange[],
): readonly KubeVirtFeature[] {
  const lines = new Map(features.map(({ name, policy }) => [name, policy]));
  for (const change of changes) {
    if (change.kind === 'add' || change.kind === 'replace') lines.set(change.name, change.policy);
  }
  return [...lines].map(([name, policy]) => ({ name, policy }));
}
