import type { BaselineHost } from '../../../types/baseline.ts';
import type { DomainUse } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import { memory } from '../../text/memory.ts';
import type { Guest } from './guest-context.ts';
import { kindsBy, perPool, perPoolAnd } from '../pool/per-pool.ts';

/** Values that libvirt accepts and lists on no host, so that their absence says nothing. */
const NEVER_LISTED: Readonly<Record<string, ReadonlySet<string>>> = {
  'channel.type': new Set(['dev', 'file', 'null', 'pipe', 'spiceport', 'stdio', 'tcp', 'udp', 'vc']),
  'console.type': new Set(['dev', 'file', 'null', 'pipe', 'spiceport', 'stdio', 'tcp', 'udp', 'vc']),
  'gic.version': new Set(['host']),
  'hostdev.subsysType': new Set(['mdev', 'scsi_host']),
};

/** Lists that need not be complete: what no host lists may be there all the same. */
const INCOMPLETE: ReadonlySet<string> = new Set(['loader.path']);

/** Guests that QEMU cannot migrate. */
const CONFINED: Readonly<Record<string, ReadonlySet<string>>> = {
  launchSecurity: new Set(['sev', 'sev-snp', 'tdx', 's390-pv']),
  'memory.model': new Set(['sgx-epc']),
};

/** What the guest uses and some host does not offer. What a host does not report is unknown, not refused. */
export function judgeOffers(guest: Guest): readonly Issue[] {
  const { domain, hosts } = guest;
  const issues: Issue[] = [];
  for (const use of domain.uses) {
    const { key, value } = use;
    const special = SPECIAL.get(key);
    if (special !== undefined) issues.push(...special(guest, use));
    const said = questionOn(hosts, key)(value);
    if (said.without.length > 0) issues.push(...notOffered(guest, use, said));
  }
  return issues;
}

/** Uses that no list of a host answers for. */
const SPECIAL: ReadonlyMap<string, (guest: Guest, use: DomainUse) => readonly Issue[]> = new Map([
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

const EVERYWHERE: Offered = { without: [], somewhere: true };

/** What the hosts of a pool say of each value of a key. */
const questionOn = perPoolAnd((hosts, key): ((value: string) => Offered) => {
  const lists = hosts.map((host) => ({ name: host.name, list: offered(host, key) }));
  if (lists.every(({ list }) => list === undefined)) return () => EVERYWHERE;
  const values = memory<Offered>();
  return (value) =>
    values(value, () => ({
      without: lists.flatMap(({ name, list }) => (list?.includes(value) === false ? [name] : [])),
      somewhere: lists.some(({ list }) => list?.includes(value)),
    }));
});

/** What a host lists for a key; nothing at all where the element itself is not supported. */
function offered({ offers }: BaselineHost, key: string): readonly string[] | undefined {
  const [element = ''] = key.split('.');
  return offers[key] ?? (offers[element]?.length === 0 ? [] : undefined);
}

function notOffered(
  { found }: Guest,
  { key, value, span }: DomainUse,
  { without, somewhere }: Offered,
): readonly Issue[] {
  if (!somewhere && NEVER_LISTED[key]?.has(value) === true) return [];
  const severity = !somewhere && INCOMPLETE.has(key) ? 'warning' : 'error';
  return [found('not-offered', span, { use: key, received: value, hosts: without }, severity)];
}

function confined({ found }: Guest, { key, value, span }: DomainUse): readonly Issue[] {
  if (CONFINED[key]?.has(value) !== true) return [];
  const received = key === 'launchSecurity' ? `launchSecurity type='${value}'` : `memory model='${value}'`;
  return [found('not-migratable', span, { received })];
}

function tooMany({ domain, hosts, found }: Guest, { value, span }: DomainUse): readonly Issue[] {
  const wanted = Number(value);
  const few = limitsOf(hosts, domain.machine ?? '').filter(({ most }) => wanted > most);
  if (few.length === 0) return [];
  const expected = String(Math.min(...few.map(({ most }) => most)));
  return [found('vcpu-maximum', span, { hosts: few.map(({ name }) => name), received: value, expected })];
}

const limitsOf = perPoolAnd((hosts, machine) =>
  hosts.flatMap(({ name, vcpuMaximum, machines }) => {
    const own = machines.find((one) => one.name === machine)?.maxCpus;
    const most = Math.min(vcpuMaximum ?? Infinity, own ?? Infinity);
    return most === Infinity ? [] : [{ name, most }];
  }),
);

const emulatorsOf = perPool((hosts) => kindsBy(hosts, ({ emulator }) => emulator));

function otherEmulators({ hosts, found }: Guest, { value, span }: DomainUse): readonly Issue[] {
  return [...emulatorsOf(hosts)]
    .filter(([path]) => path !== value)
    .map(([path, names]) =>
      found('emulator-differs', span, { hosts: names, received: path, expected: value }),
    );
}

/** Every enlightenment the host happens to have: another host has others. */
function hypervMode({ found }: Guest, { value, span }: DomainUse): readonly Issue[] {
  return value === 'passthrough' ? [found('hyperv-passthrough', span, {})] : [];
}
