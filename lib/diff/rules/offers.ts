import type { BaselineHost } from '../../../types/baseline.ts';
import type { Offers } from '../../../types/host.ts';
import type { DomainUse } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import { remembered } from '../../text/remembered.ts';
import { NOTHING, saying, type Case, type Outcome } from '../case.ts';
import { kindsBy, oneOfEach, type Kinds } from '../pool/kinds.ts';
import { defaultMachine } from './default-machine.ts';
import { hypervMode, type OfferList } from './hyperv.ts';
import { newerValues, olderHosts } from './known-since.ts';

const CHARACTER_DEVICES: ReadonlySet<string> = new Set(
  'dev file null pipe spiceport stdio tcp udp vc'.split(' '),
);

/** The model that a newer libvirt gives a USB drive of CDs. */
const USB_BOT = 'usb-bot';

/** Values that libvirt accepts and lists on no host, so that their absence says nothing. */
const NEVER_LISTED: Readonly<Record<string, ReadonlySet<string>>> = {
  'channel.type': CHARACTER_DEVICES,
  'console.type': CHARACTER_DEVICES,
  'disk.bus': new Set(['sd']),
  'disk.model': new Set([USB_BOT, 'usb-storage']),
  'gic.version': new Set(['host']),
  'hostdev.subsysType': new Set(['mdev', 'scsi_host']),
};

/** Lists that need not be complete: what no host lists may be there all the same. */
const INCOMPLETE: ReadonlySet<string> = new Set(['loader.path']);

/** What the guest uses and some host does not offer. What a host does not report is unknown, not refused. */
export function offersRule(guest: Case): Outcome {
  const { domain, pool } = guest;
  const answersOn = pool.ask(newAnswers);
  const issues: Issue[] = [];
  for (const use of domain.uses) {
    const { special, offered, tooNew } = answersOn(use.key);
    if (special !== undefined) issues.push(...special(guest, use));
    if (offered?.has(use.value) === false || tooNew.includes(use.value) || tooNew.includes('*'))
      issues.push(...notOffered(guest, use));
  }
  if (answersOn('disk.model').tooNew.includes(USB_BOT)) issues.push(...opticalDrives(guest));
  return saying(issues);
}

/**
 * Where a USB drive of CDs has no model, a libvirt that knows `usb-bot` starts it as that, and an older one as
 * `usb-storage` (11.5's documentation; tried from 12.9.0 to 9.0.0 and 11.3.0, and back).
 */
function opticalDrives(guest: Case): readonly Issue[] {
  const { domain, pool } = guest;
  const [key, value] = ['disk.model', USB_BOT];
  if (tooOld(pool.hosts, key, value).length === pool.hosts.length) return [];
  return domain.devices.flatMap(({ values: { device, model, 'target@bus': bus }, span }) =>
    device === 'cdrom' && bus === 'usb' && model === undefined ? notOffered(guest, { key, value, span }) : [],
  );
}

/** Uses that no list of a host answers for. */
const SPECIAL: ReadonlyMap<string, (guest: Case, use: DomainUse) => readonly Issue[]> = new Map([
  ['vcpu', tooMany],
  ['emulator', otherEmulators],
  ['hyperv.mode', hypervIssues],
  ['launchSecurity', confined],
  ['os.firmware', ownFirmware],
  ['memory.model', confined],
]);

/** What is asked about the uses of a key. */
interface Answers {
  readonly special: ((guest: Case, use: DomainUse) => readonly Issue[]) | undefined;
  /** The values that every host offers which reports the key, if any does. */
  readonly offered: ReadonlySet<string> | undefined;
  /** The values that some host's libvirt is too old for. */
  readonly tooNew: readonly string[];
}

/** There are only so many keys. */
function newAnswers(hosts: readonly BaselineHost[]): (key: string) => Answers {
  const known = new Map<string, Answers>();
  const all = [...new Set(hosts.map(({ offers }) => offers))];
  const isStated = hosts.some(({ libvirtVersion }) => libvirtVersion !== undefined);
  const answersTo = (key: string): Answers => {
    const tooNew = isStated ? newerValues(key).filter((value) => tooOld(hosts, key, value).length > 0) : [];
    return { special: SPECIAL.get(key), offered: offeredByAll(all, key), tooNew };
  };
  return (key) => remembered(known, key, () => answersTo(key));
}

/** The hosts whose libvirt is too old for a use, but for those that list it all the same. */
function tooOld(hosts: readonly BaselineHost[], key: string, value: string): readonly string[] {
  const silent = hosts.filter(({ offers }) => listIn(offers, key)?.includes(value) !== true);
  return olderHosts(silent, key, value);
}

function offeredByAll(offers: readonly Offers[], key: string): ReadonlySet<string> | undefined {
  const lists = offers.map((one) => listIn(one, key)).filter((list) => list !== undefined);
  const [first, ...others] = new Set(lists);
  if (first === undefined) return undefined;
  return new Set(first.filter((value) => others.every((list) => list.includes(value))));
}

/** What the hosts that report a key list for it. */
function listsFor(hosts: readonly BaselineHost[], key: string): readonly OfferList[] {
  return hosts.flatMap((host) => {
    const list = listIn(host.offers, key);
    return list === undefined ? [] : [{ host: host.name, list }];
  });
}

/** What a host lists for a key; nothing at all where the element itself is not supported. */
function listIn(offers: Offers, key: string): readonly string[] | undefined {
  const [element = ''] = key.split('.');
  return offers[key] ?? (offers[element]?.length === 0 ? [] : undefined);
}

function notOffered({ pool, issueAt }: Case, { key, value, span }: DomainUse): readonly Issue[] {
  const lists = pool.askAbout(listsFor, key);
  const unlisted = lists.flatMap(({ host, list }) => (list.includes(value) ? [] : host));
  const isNowhere = unlisted.length === lists.length;
  const isSaid = !isNowhere || NEVER_LISTED[key]?.has(value) !== true;
  const lacking = new Set([...(isSaid ? unlisted : []), ...tooOld(pool.hosts, key, value)]);
  const missingOn = pool.names.filter((name) => lacking.has(name));
  if (missingOn.length === 0) return [];
  const severity = isNowhere && INCOMPLETE.has(key) ? 'warning' : 'error';
  return [issueAt('not-offered', span, { use: key, value, missingOn }, severity)];
}

/**
 * libvirt chooses a firmware where the domain names none, writes its path into the domain, and opens that on other hosts.
 */
function ownFirmware(guest: Case, { value, span }: DomainUse): readonly Issue[] {
  const { domain, pool } = guest;
  const key = 'loader.path';
  const isNamed = domain.uses.some((use) => use.key === key);
  if (isNamed || value !== 'efi' || pool.ask(newAnswers)(key).offered?.size !== 0) return [];
  const [path] = pool.askAbout(listsFor, key).flatMap(({ list }) => list);
  return path === undefined ? [] : notOffered(guest, { key, value: path, span });
}

/** A guest that is kept from its host stays there, by whatever means (SEV, TDX, secure execution). */
function confined({ issueAt }: Case, { key, value, span }: DomainUse): readonly Issue[] {
  if (key === 'launchSecurity') return [issueAt('not-migratable', span, { use: key, value })];
  return value === 'sgx-epc' ? [issueAt('not-migratable', span, { use: 'memory.model', value })] : [];
}

function tooMany(guest: Case, { value, span }: DomainUse): readonly Issue[] {
  const { pool, issueAt } = guest;
  const wanted = Number(value);
  const machine = guest.domain.machine ?? defaultMachine(guest) ?? '';
  const maximum = pool.askAbout(fewestVcpus, machine);
  if (!(wanted > maximum)) return NOTHING.issues;
  const few = vcpuLimits(pool.hosts, machine).filter(({ most }) => wanted > most);
  return [issueAt('vcpu-maximum', span, { vcpus: wanted, hosts: few.map(({ name }) => name), maximum })];
}

function fewestVcpus(hosts: readonly BaselineHost[], machine: string): number {
  const unlike = oneOfEach(hosts, ({ machines, vcpuMaximum }) => [machines, vcpuMaximum]);
  return vcpuLimits(unlike, machine).reduce((fewest, { most }) => Math.min(fewest, most), Infinity);
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

function hypervIssues(guest: Case, use: DomainUse): readonly Issue[] {
  return hypervMode(guest, use, (key) => guest.pool.askAbout(listsFor, key));
}
