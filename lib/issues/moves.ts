import type { GateIssueFacts, LiveIssueFacts } from '../../types/issue-facts/moves.ts';
import type { IssueTable, OptionName } from './entry.ts';
import { every, hostList, lackers, list, plural, those } from './words.ts';

const BEYOND = {
  host: 'kvm-a',
  features: ['avx512f'],
  missingOn: ['kvm-b'],
  unknownOn: [],
} as const;

/** What the gate says of one guest. Its line is all an operator gets: every feature is named. */
export const GATE_ISSUES: IssueTable<GateIssueFacts> = {
  'guest-feature-gained': {
    severity: 'error',
    words: ({ host, features, certain, ...others }) =>
      `host ${host} ${certain ? 'has' : 'may have'} ${every(features)}, which ${lacked(others)}: the domain was started without disabling ${plural(features, 'it', 'them')} and might gain ${plural(features, 'it', 'them')} on arrival`,
    meaning: 'A running guest would arrive on a host that shows it more than its source did.',
    whatToDo:
      'Rewrite the domain, stop the guest and start it again. `hook install --rescue` lets some of these pass.',
    example: { ...BEYOND, certain: true },
  },
  'guest-feature-missing': {
    severity: 'error',
    words: ({ host, features, asked, certain }) =>
      `host ${host} ${certain ? 'lacks' : 'is not known to have'} ${every(features)}, which the domain ${asked ? 'requires' : `may be using: it was started without disabling ${plural(features, 'it', 'them')}`}`,
    meaning: 'The guest needs, or may be using, features that this host lacks.',
    whatToDo: 'Rewrite the domain, stop the guest and start it again.',
    example: { host: 'kvm-b', features: ['avx512f'], asked: false, certain: true },
  },
  'guest-feature-shown': {
    severity: 'error',
    words: ({ host, features, unnamedOn, instead, ...others }, nameOf) =>
      `started on ${host}, the domain may have ${every(features)}, which ${lacked(others)}: ${remedy({ features, unnamedOn, instead }, nameOf)}`,
    meaning: 'The guest is about to start here with features that not every host of the pool has.',
    whatToDo: 'Rewrite the domain before the start.',
    example: { ...BEYOND, unnamedOn: [], instead: [] },
  },
  'guest-not-rescuable': {
    severity: 'error',
    words: ({ mode, arch }) =>
      `QEMU's -global disables features only in host-passthrough and maximum CPUs of x86_64; the domain has ${mode === undefined ? 'no <cpu>' : `a ${mode} CPU of ${arch}`}`,
    meaning: 'The CPU of this guest cannot be changed on its way.',
    whatToDo: 'Rewrite the domain, stop the guest and start it again.',
    example: { mode: 'custom', arch: 'x86_64' },
  },
  'guest-rescued': {
    severity: 'warning',
    words: ({ host, features }) =>
      `${every(features)} of host ${host} ${plural(features, 'is', 'are')} kept from the domain with QEMU's -global; libvirt marks it as tainted (custom-argv, hook-script)`,
    meaning: 'The guest arrives without features that it would have gained here.',
    whatToDo: 'Rewrite the domain before its next start.',
    example: { host: 'kvm-a', features: ['avx512f'] },
  },
};

/** Where a running guest can go. */
export const LIVE_ISSUES: IssueTable<LiveIssueFacts> = {
  'live-gains': {
    severity: 'error',
    words: ({ hosts, features }) =>
      `on ${hostList(hosts)} the running guest would gain ${list(features)}, which the host it runs on lacks`,
    meaning: 'QEMU shows a host-passthrough or maximum guest what the destination has, also while it runs.',
    whatToDo: 'Rewrite the stored domain, stop the guest and start it again.',
    example: { hosts: ['kvm-a'], features: ['avx512f'] },
  },
  'live-incompatible': {
    severity: 'error',
    words: ({ hosts, features, certain }) =>
      `${hostList(hosts)} cannot take the running guest: ${those(hosts, 'lacks', 'lack')} ${list(features)}, which the guest ${certain ? 'has' : 'may have'}`,
    meaning: 'The CPU of a running guest cannot change, and the host lacks some of it.',
    whatToDo: 'Rewrite the stored domain, stop the guest and start it again.',
    example: { hosts: ['kvm-b'], features: ['avx512f'], certain: false },
  },
  'live-name-unknown': {
    severity: 'error',
    words: ({ hosts, features }) =>
      `${hostList(hosts)} cannot take the running guest: libvirt there does not know ${list(features)}, which the guest's CPU names`,
    meaning: 'libvirt on that host refuses the XML of the guest.',
    whatToDo: 'Update libvirt there, or move the guest elsewhere.',
    example: { hosts: ['kvm-b'], features: ['vmx-ept'] },
  },
  'live-needs-power-cycle': {
    severity: 'warning',
    words: () =>
      'this is the XML of a running guest, whose CPU changes only when the guest is stopped and started: rewrite the stored XML (virsh dumpxml --inactive)',
    meaning: 'What is written here takes effect at the next start. A reboot from inside is not enough.',
    whatToDo:
      'Rewrite the output of `virsh dumpxml --inactive`, define it, stop the guest and start it again.',
    example: {},
  },
  'live-unknown': {
    severity: 'error',
    words: ({ hosts, features }) =>
      `whether ${hostList(hosts)} can take the running guest is unknown${features.length === 0 ? '' : `: the guest may have ${list(features)}, and so may the host`}`,
    meaning: 'Too little is known of the host or of the guest.',
    whatToDo: 'Give better sources for the host; say where the guest runs (`check --from NAME`).',
    example: { hosts: ['kvm-b'], features: ['hle'] },
  },
};

type Beyond = GateIssueFacts['guest-feature-shown'];

function lacked({ missingOn, unknownOn }: Pick<Beyond, 'missingOn' | 'unknownOn'>): string {
  const words = lackers(missingOn, unknownOn);
  return words === '' ? 'not every host is known to have' : words;
}

/** A line that some host's libvirt rejects helps nobody: what it depends on, or a model with none of it, does. */
function remedy(
  { features, unnamedOn, instead }: Pick<Beyond, 'features' | 'unnamedOn' | 'instead'>,
  nameOf: OptionName,
): string {
  if (unnamedOn.length === 0) return `disable ${plural(features, 'it', 'them')} in its XML`;
  const names = plural(features, 'that name', 'those names');
  const way =
    instead.length === 0
      ? `give it a named model (${nameOf('pin')}) or level it on arrival (${nameOf('onArrival')})`
      : `disable ${every(instead)} instead`;
  return `${way}, because libvirt on ${hostList(unnamedOn)} does not know ${names}`;
}
