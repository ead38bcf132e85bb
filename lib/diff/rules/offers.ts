import type { BaselineHost } from '../../../types/baseline.ts';
import type { DomainUse } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import { saying, type Case, type Outcome } from '../case.ts';
import { kindsBy, type Kinds } from '../pool/kinds.ts';

/** Values that libvirt accepts and lists on no host, so that their absence says nothing. */
const NEVER_LISTED: Readonly<Record<string, ReadonlySet<string>>> = {
  'channel.type': new Set(['dev', 'file', 'null', 'pipe', 'spiceport', 'stdio', 'tcp', 'udp', 'vc']),
  'console.type': new Set(['dev', 'file', 'null', 'pipe', 'spiceport', 'stdio', 'tcp', 'udp', 'vc']),
  'gic.version': new Set(['host']),
  'hostdev.subsysType': new Set(['mdev', 'scsi_host']),
};

/** Lists that need not be complete: what no host lists may be there all the same. */
const INCOMPLETE: ReadonlySet<string> = new Set(['loader.path']);

/** Cases that QEMU cannot migrate. */
const CONFINED: Readonly<Record<string, ReadonlySet<string>>> = {
  launchSecurity: new Set(['sev', 'sev-snp', 'tdx', 's390-pv']),
  'memory.model': new Set(['sgx-epc']),
};

/** What the guest uses and some host does not offer. What a host does not report is unknown, not refused. */
export function offersRule(guest: Case): Outcome {
  const { domain, pool } = guest;
  const issues: Issue[] = [];
  for (const use of domain.uses) {
    const { key, value } = use;
    const special = SPECIAL.get(key);
    if (special !== undefined) issues.push(...special(guest, use));
    const lists = pool.askAbout(listsFor, key);
    if (lists.length === 0) continue;
    const said = pool.memory(lists, value, () => offered(lists, value));
    if (said.without.length > 0) issues.push(...notOffered(guest, use, said));
  }
  return saying(issues);
}

/** Uses that no list of a host answers for. */
const SPECIAL: ReadonlyMap<string, (guest: Case, use: DomainUse) => readonly Issue[]> = new Map([
  ['vcpu', tooMany],
  ['emulator', otherEmulators],
  ['hyperv.mode', hypervMode],
  ['launchSecurity', confined],
  ['memory.model', confined],
]);

/** What hosts say of a value of a key. */
interface Offered {
  readonly without: readonly string[];
  /** Does any host offer it? */
  readonly somewhere: boolean;
}

/** What a host lists for a key. */
interface OfferList {
  readonly host: string;
  readonly list: readonly string[];
}

/** What the hosts that report a key list for it. */
function listsFor(hosts: readonly BaselineHost[], key: string): readonly OfferList[] {
  return hosts.flatMap((host) => {
    const list = listOf(host, key);
    return list === undefined ? [] : [{ host: host.name, list }];
  });
}

function offered(lists: readonly OfferList[], value: string): Offered {
  return {
    without: Object.freeze(lists.flatMap(({ host, list }) => (list.includes(value) ? [] : [host]))),
    somewhere: lists.some(({ list }) => list.includes(value)),
  };
}

/** What a host lists for a key; nothing at all where the element itself is not supported. */
function listOf({ offers }: BaselineHost, key: string): readonly string[] | undefined {
  const [element = ''] = key.split('.');
  return offers[key] ?? (offers[element]?.length === 0 ? [] : undefined);
}

function notOffered(
  { issueAt }: Case,
  { key, value, span }: DomainUse,
  { without, somewhere }: Offered,
): readonly Issue[] {
  if (!somewhere && NEVER_LISTED[key]?.has(value) === true) return [];
  const severity = !somewhere && INCOMPLETE.has(key) ? 'warning' : 'error';
  return [issueAt('not-offered', span, { use: key, value, missingOn: without }, severity)];
}

function confined({ issueAt }: Case, { key, value, span }: DomainUse): readonly Issue[] {
  const use = key === 'launchSecurity' ? 'launchSecurity' : 'memory.model';
  return CONFINED[use]?.has(value) === true ? [issueAt('not-migratable', span, { use, value })] : [];
}

function tooMany({ domain, pool, issueAt }: Case, { value, span }: DomainUse): readonly Issue[] {
  const wanted = Number(value);
  const few = pool.askAbout(vcpuLimits, domain.machine ?? '').filter(({ most }) => wanted > most);
  if (few.length === 0) return [];
  const maximum = Math.min(...few.map(({ most }) => most));
  return [issueAt('vcpu-maximum', span, { vcpus: wanted, hosts: few.map(({ name }) => name), maximum })];
}

function vcpuLimits(
  hosts: readonly BaselineHost[],
  machine: string,
): readonly { readonly name: string; readonly most: number }[] {
  return hosts.flatMap(({ name, vcpuMaximum, machines }) => {
    const own = machines.find((one) => one.name === machine)?.maxCpus;
    const most = Math.min(vcpuMaximum ?? Infinity, own ?? Infinity);
    return most === Infinity ? [] : [{ name, most }];
  });
}

function emulators(hosts: readonly BaselineHost[]): Kinds {
  return kindsBy(hosts, ({ emulator }) => emulator);
}

function otherEmulators({ pool, issueAt }: Case, { value, span }: DomainUse): readonly Issue[] {
  return [...pool.ask(emulators)]
    .filter(([path]) => path !== value)
    .map(([path, names]) =>
      issueAt('emulator-differs', span, { emulator: value, asked: path, hosts: names }),
    );
}

/** Every enlightenment the host happens to have: another host has others. */
function hypervMode({ pool, issueAt }: Case, { value, span }: DomainUse): readonly Issue[] {
  if (value === 'passthrough') return [issueAt('hyperv-passthrough', span, {})];
  if (value === 'custom') return [];
  if (value !== 'host-model') return [issueAt('hyperv-mode', span, { mode: value })];
  const lists = pool.askAbout(listsFor, 'hyperv.features');
  const all = [...new Set(lists.flatMap(({ list }) => list))].sort();
  const features = all.filter((name) => lists.some(({ list }) => !list.includes(name)));
  const unknownOn = pool.names.filter((name) => !lists.some(({ host }) => host === name));
  if (features.length + unknownOn.length === 0) return [];
  const common = all.filter((name) => !features.includes(name));
  return [issueAt('hyperv-host-model', span, { features, common, unknownOn })];
}
