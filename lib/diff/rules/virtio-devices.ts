import type { BaselineHost } from '../../../types/baseline.ts';
import type { Domain } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { DomainChange } from '../../../types/plan.ts';
import type { VirtioFeatures } from '../../../types/virtio.ts';
import { compareVersions, normalVersion } from '../../cpu/versions.ts';
import { issue } from '../../issues/issues.ts';
import { scanAgain } from '../../xml/place.ts';
import { attributeOf, childrenNamed, descend } from '../../xml/query.ts';
import { saying, type Case, type Outcome } from '../case.ts';
import type { Settings } from '../settings.ts';
import { argumentChanges } from './command-line.ts';
import { driverChanges, type VirtioInterface, type VirtioSwitch } from './virtio-driver.ts';

const NET = 'virtio-net';

/** @see https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options */
const SWITCHES: Readonly<Record<string, VirtioSwitch & { readonly since?: string }>> = {
  ...switchesOf('host', '', ['csum', 'gso', 'mrg_rxbuf']),
  ...switchesOf('host', 'host_', ['tso4', 'tso6', 'ecn', 'ufo']),
  ...switchesOf('guest', 'guest_', ['csum', 'tso4', 'tso6', 'ecn', 'ufo']),
  event_idx: { element: 'driver', attribute: 'event_idx' },
  iommu_platform: { element: 'driver', attribute: 'iommu' },
  packed: { element: 'driver', attribute: 'packed', since: '6.3.0' },
  rss: { element: 'driver', attribute: 'rss', since: '8.3.0' },
  hash: { element: 'driver', attribute: 'rss_hash_report', since: '8.3.0' },
};

function switchesOf(
  element: 'host' | 'guest',
  prefix: string,
  attributes: readonly string[],
): Readonly<Record<string, VirtioSwitch>> {
  return Object.fromEntries(attributes.map((name) => [prefix + name, { element, attribute: name }]));
}

/** Switches of QEMU's network device that libvirt has no words for. */
const PROPERTIES: ReadonlySet<string> = new Set(
  (
    'host_uso guest_uso4 guest_uso6 guest_rsc_ext queue_reset indirect_desc any_layout ' +
    'ctrl_vq ctrl_rx ctrl_vlan ctrl_rx_extra ctrl_mac_addr ctrl_guest_offloads ' +
    'guest_announce status mq notify_on_empty in_order packed rss hash'
  ).split(' '),
);

const MODELS: ReadonlySet<string> = new Set(['virtio', 'virtio-transitional', 'virtio-non-transitional']);

/** One feature that not every host's devices offer. */
interface Difference {
  readonly feature: string;
  readonly offering: readonly string[];
  readonly lacking: readonly string[];
  readonly how: VirtioSwitch | 'property' | undefined;
}

/** What makes a domain's devices alike, as asked. */
export function virtioOutcome(c: Case): Outcome {
  const { domain, pool, settings } = c;
  const virtio = pool.ask(virtioOf);
  const interfaces = interfacesOf(domain);
  const silent = pool.names.filter((name) => virtio[name]?.offered[NET] === undefined);
  const others = otherDevices(pool.names, virtio);
  if (interfaces.length === 0) return saying(others);
  if (silent.length > 0) return saying([issue('virtio-unknown', { hosts: silent }), ...others]);
  const differences = differencesOf(pool.hosts, virtio, settings);
  const changes = (wanted: readonly Difference[]): readonly DomainChange[] => [
    ...interfaces.flatMap((one) =>
      driverChanges(
        one,
        wanted.flatMap(({ how }) => (typeof how === 'object' ? [how] : [])),
      ),
    ),
    ...argumentChanges(
      domain,
      wanted.flatMap(({ feature, how }) => (how === 'property' ? [`virtio-net-device.${feature}=off`] : [])),
    ),
  ];
  const issues = [
    ...differences.flatMap((difference) => obstacles(difference, virtio, changes([difference]).length > 0)),
    ...conflicts(c, interfaces, differences),
    ...others,
  ];
  return {
    issues,
    changes: changes(differences),
    changesFor: (host) => changes(differences.filter(({ offering }) => offering.includes(host))),
  };
}

/** Host name → what its virtio devices offer. */
type VirtioByHost = Readonly<Record<string, VirtioFeatures>>;

function virtioOf(hosts: readonly BaselineHost[]): VirtioByHost {
  return Object.fromEntries(
    hosts.flatMap(({ name, virtio }) => (virtio === undefined ? [] : [[name, virtio]])),
  );
}

/** What other devices differ in: nothing is done about that, so it is said. Hosts that say nothing of one are passed over. */
function otherDevices(hosts: readonly string[], virtio: VirtioByHost): readonly Issue[] {
  const kinds = new Set(hosts.flatMap((name) => Object.keys(virtio[name]?.offered ?? {})));
  return [...kinds].sort().flatMap((device) => {
    const telling = hosts.filter((name) => virtio[name]?.offered[device] !== undefined);
    const offers = telling.map((name) => virtio[name]?.offered[device] ?? []);
    const features = [...new Set(offers.flat())]
      .filter((feature) => !offers.every((names) => names.includes(feature)))
      .sort();
    return device === NET || features.length === 0
      ? []
      : [issue('virtio-device-differs', { device, features, hosts: telling })];
  });
}

/** The interfaces that are virtio devices of QEMU's own; one that is passed through shows what its hardware has. */
function interfacesOf({ text, span }: Domain): readonly VirtioInterface[] {
  const { tree, top } = scanAgain(text, span.start);
  // libvirt reads every <devices>.
  return childrenNamed(tree, top.index, 'devices')
    .flatMap(({ index }) => childrenNamed(tree, index, 'interface'))
    .filter((element) => {
      const model = descend(tree, element.index, 'model');
      const type = model === undefined ? undefined : attributeOf(tree, model, 'type');
      return type !== undefined && MODELS.has(type) && attributeOf(tree, element, 'type') !== 'hostdev';
    })
    .map((element) => ({ tree, element }));
}

function differencesOf(
  hosts: readonly BaselineHost[],
  virtio: VirtioByHost,
  settings: Settings,
): readonly Difference[] {
  const offers = new Map(hosts.map(({ name }) => [name, new Set(virtio[name]?.offered[NET])]));
  const all = [...new Set([...offers.values()].flatMap((names) => [...names]))].sort();
  const versions = hosts.flatMap(libvirtVersionsOf);
  return all.flatMap((feature): Difference[] => {
    const names = [...offers.keys()];
    const offering = names.filter((name) => offers.get(name)?.has(feature) === true);
    if (offering.length === names.length) return [];
    const { since, ...found } = SWITCHES[feature] ?? { since: undefined };
    const isKnown = since === undefined || versions.every((version) => compareVersions(version, since) >= 0);
    const property = settings.virtio === 'properties' && PROPERTIES.has(feature) ? 'property' : undefined;
    const how = 'element' in found && isKnown ? found : property;
    return [{ feature, offering, lacking: names.filter((name) => !offering.includes(name)), how }];
  });
}

/** The libvirt version that was stated for a host; else those that its CPU may have been read with. */
function libvirtVersionsOf({ libvirtVersion, cpuMaps }: BaselineHost): readonly string[] {
  return libvirtVersion === undefined
    ? cpuMaps.map(({ version }) => normalVersion(version) ?? '0.0.0')
    : [libvirtVersion];
}

/** What keeps a difference from being written, or makes it doubtful. */
function obstacles(
  { feature, offering, lacking, how }: Difference,
  virtio: VirtioByHost,
  isOpen: boolean,
): readonly Issue[] {
  if (how === undefined) {
    const way = PROPERTIES.has(feature) ? ({ option: 'properties' } as const) : {};
    return [issue('virtio-not-expressible', { feature, missingOn: lacking, ...way })];
  }
  if (!isOpen) return [];
  const note = issue('virtio-feature', { feature, presentOn: offering, missingOn: lacking });
  if (how !== 'property') return [note];
  const properties = (name: string): readonly string[] | undefined => virtio[name]?.properties[NET];
  const without = lacking.filter((name) => properties(name)?.includes(feature) === false);
  const unasked = lacking.filter((name) => properties(name) === undefined);
  return [
    note,
    ...(without.length > 0 ? [issue('virtio-property-unknown', { feature, hosts: without })] : []),
    ...(unasked.length > 0 ? [issue('virtio-property-unchecked', { feature, hosts: unasked })] : []),
  ];
}

/** Where the domain insists on what not every host's devices offer. */
function conflicts(
  { settings, issueAt }: Case,
  interfaces: readonly VirtioInterface[],
  differences: readonly Difference[],
): readonly Issue[] {
  return interfaces.flatMap(({ tree, element }) =>
    differences.flatMap(({ feature, lacking, how }) => {
      if (typeof how !== 'object') return [];
      const path = how.element === 'driver' ? ['driver'] : ['driver', how.element];
      const holder = descend(tree, element.index, ...path);
      if (holder === undefined || attributeOf(tree, holder, how.attribute) !== 'on') return [];
      const facts = { feature, element: how.element, attribute: how.attribute, missingOn: lacking };
      const code = settings.accept.has('conflicts') ? 'virtio-overridden' : 'virtio-conflict';
      return [issueAt(code, holder.startTag, facts)];
    }),
  );
}
