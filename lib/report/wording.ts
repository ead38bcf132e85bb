import type { Presence } from '../../types/issue-facts/common.ts';
import type { Issue, IssueOption } from '../../types/issue.ts';
import type { OptionName } from '../issues/entry.ts';
import { reworded } from '../issues/format.ts';
import type { LibvirtXmlError } from '../issues/issues.ts';
import { areFew, hostList, those } from '../issues/words.ts';

/** Options that a message names, as they are typed. */
const COMMAND: Readonly<Record<IssueOption, string>> = {
  auto: '--auto',
  'below-floor': '--allow-below-floor',
  conflicts: '--override-conflicts',
  cpuMap: '--cpu-map',
  disableParent: '--disable-parent',
  guard: '--guard',
  identity: '--refuse identity',
  libvirtVersion: '--libvirt-version',
  machine: '--machine common',
  maxphysaddr: '--maxphysaddr common',
  migratable: '--set-migratable',
  model: '--pin --model NAME',
  nested: '--disable-nested',
  onArrival: '--on-arrival',
  'other-machine': '--any-machine',
  'per-host': '--form per-host',
  'same-host': '--same-host',
  unnamed: '--refuse unnamed',
  pin: '--pin',
  pmu: '--pmu off',
  properties: '--qemu-properties',
  'security-loss': '--refuse security-loss',
  virtio: '--virtio NAME=FILE',
  'weak-source': '--refuse weak-source',
};

/** An option as it is typed. */
export const commandOption: OptionName = (option) => COMMAND[option];

/** An issue whose message names the command's options in place of the library's. */
export function inCommandWords(found: Issue): Issue {
  return reworded(found, commandOption);
}

/** A host where a domain should be: often a shell has put files in place of a pattern behind one `--host`. */
const HOST_FOR_DOMAIN = /^<(?:domainCapabilities|capabilities|cpu)> holds no domain$/;
const ABOUT_HOSTS =
  "If it is a host, write --host in front of it. A pattern needs quotes (--host 'hosts/*.xml'); for a directory, use --hosts DIR.";

/** What to do about input that cannot be read, without the library's name of an option beside the command's. */
export function hintInCommandWords({
  reason,
  hint,
}: Pick<LibvirtXmlError, 'reason' | 'hint'>): string | undefined {
  const own = hint?.replaceAll(/\bmax\w+ \((--[\w-]+)\)/g, '$1');
  return HOST_FOR_DOMAIN.test(reason) ? ABOUT_HOSTS : own;
}

/**
 * Who has features and who lacks them: every host of a few, of many the smaller part: `a has it, b lacks it`,
 * `lacking on 3 of 30: kvm-15, kvm-16, kvm-26`, `only on 2 of 30: kvm-01, kvm-02`.
 */
export function presence({ presentOn, missingOn, unknownOn }: Presence, it: 'it' | 'them'): string {
  const count = presentOn.length + missingOn.length + unknownOn.length;
  if (areFew({ length: count })) {
    const has = presentOn.length === 0 ? [] : [`${those(presentOn, 'has', 'have')} ${it}`];
    const lacks = missingOn.length === 0 ? [] : [`${those(missingOn, 'lacks', 'lack')} ${it}`];
    const unsure = unknownOn.length === 0 ? [] : [`unknown on ${hostList(unknownOn)}`];
    return [...has, ...lacks, ...unsure].join(', ');
  }
  const known = isRare({ presentOn, missingOn })
    ? share('only on', presentOn, count)
    : share('lacking on', missingOn, count);
  return [...known, ...share('unknown on', unknownOn, count)].join('; ');
}

/** Have fewer hosts it than lack it? Then those are named that have it. */
export function isRare({ presentOn, missingOn }: Pick<Presence, 'presentOn' | 'missingOn'>): boolean {
  return presentOn.length > 0 && presentOn.length < missingOn.length;
}

function share(start: string, hosts: readonly string[], count: number): readonly string[] {
  if (hosts.length === 0) return [];
  if (hosts.length === count) return [`${start} all ${count} hosts`];
  return [`${start} ${hosts.length} of ${count}: ${hostList(hosts)}`];
}
