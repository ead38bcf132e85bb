import type { Issue, IssueOption } from '../../types/issue.ts';
import type { OptionName } from '../issues/entry.ts';
import { reworded } from '../issues/format.ts';
import type { LibvirtXmlError } from '../issues/issues.ts';

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
