import type { ArrivalIssueFacts } from '../../types/issue-facts/arrival.ts';
import type { IssueTable } from './entry.ts';
import { every, grouped, groupedOn, hostList, list, plural } from './words.ts';

const REWRITE_AGAIN = 'Rewrite the domain, stop the guest and start it again.';

/** What is said of guests that each host's hook levels on arrival. */
export const ARRIVAL_ISSUES: IssueTable<ArrivalIssueFacts> = {
  'levelled-on-arrival': {
    severity: 'warning',
    words: ({ lists }, nameOf) =>
      `QEMU's -global disables what not every host's libvirt can name: ${groupedOn(lists, ({ off }) => list(off))}; install the gate on every host ("virt-migratable hook install"), and start the guest with the form of its host (${nameOf('per-host')}); libvirt marks the guest as tainted (custom-argv, hook-script)`,
    meaning:
      'Some host’s libvirt has no name for a feature that must be off. QEMU turns it off by -global, which the hook of a host puts in when the guest arrives, and takes out where QEMU does not know it.',
    whatToDo: 'Install the gate on every host, and start the guest with the form of its host ({per-host}).',
    example: {
      features: ['amd-psfd', 'succor'],
      lists: [{ hosts: ['kvm-b'], off: ['amd-psfd', 'succor'] }],
    },
  },
  'arrival-refused': {
    severity: 'error',
    words: ({ mode, arch }) =>
      `only a host-passthrough, maximum or host-model CPU of x86_64 can be levelled on arrival; the domain has a ${mode} CPU of ${arch}`,
    meaning: 'QEMU turns features off past libvirt only in a CPU that follows its host.',
    whatToDo: 'Use another form, or another CPU mode.',
    example: { mode: 'custom', arch: 'x86_64' },
  },
  'arrival-unknown': {
    severity: 'error',
    words: ({ hosts, features }) =>
      `whether QEMU on ${hostList(hosts)} has ${list(features)} is not known, so ${plural(features, 'it', 'they')} can neither be turned off there nor left alone: describe ${plural(hosts, 'that host', 'those hosts')} by a QMP answer of QEMU there (query-cpu-model-expansion), or by "virt-migratable capture", which states the version of QEMU`,
    meaning:
      'The guest can be levelled only where it is known which properties QEMU has: it does not start with one that it does not know.',
    whatToDo:
      'Give the answer of QEMU to query-cpu-model-expansion for each of these hosts, or capture them again.',
    example: { hosts: ['kvm-b'], features: ['amd-psfd'] },
  },
  'qemu-feature-differs': {
    severity: 'error',
    words: ({ features, presentOn, missingOn, option }, nameOf) =>
      `QEMU on ${hostList(presentOn)} shows guests ${list(features)}, which QEMU on ${hostList(missingOn)} has not, and no libvirt has a name for ${plural(features, 'it', 'them')}: use ${nameOf(option)}`,
    meaning: 'A guest would gain or lose a feature on the way that no line of <cpu> can turn off.',
    whatToDo: 'Use {onArrival} or {pin}.',
    example: {
      features: ['kvm-asyncpf-vmexit'],
      presentOn: ['kvm-b'],
      missingOn: ['kvm-a'],
      option: 'onArrival',
    },
  },
  'emulated-cpu-differs': {
    severity: 'error',
    words: ({ signatures, option }, nameOf) =>
      `QEMU's emulated CPU is another one on each host: ${grouped(signatures, ({ signature }) => signature)}: use ${nameOf(option)}`,
    meaning:
      'A guest of mode maximum without KVM sees the family, model and stepping that QEMU of its host gives it, and they change with the version of QEMU.',
    whatToDo: 'Use {onArrival}, which states them, or {pin}.',
    example: {
      signatures: [
        { hosts: ['kvm-a'], signature: '15/107/1' },
        { hosts: ['kvm-b'], signature: '6/6/3' },
      ],
      option: 'onArrival',
    },
  },
  'guest-levelled': {
    severity: 'warning',
    words: ({ host, off, taken }) =>
      `for host ${host}, ${both(
        off.length > 0 && `QEMU's -global disables ${every(off)}`,
        taken.length > 0 && `the gate removed the -global of ${every(taken)}, which QEMU there does not show`,
      )}; libvirt marks the domain as tainted (custom-argv, hook-script)`,
    meaning: 'The guest was levelled on arrival, as it was rewritten for.',
    whatToDo: 'Nothing.',
    example: { host: 'kvm-b', off: ['amd-psfd'], taken: [] },
  },
  'guest-not-levelled': {
    severity: 'error',
    words: ({ host, missing, foreign, option }, nameOf) =>
      `the domain does not have the form of host ${host}: ${both(
        missing.length > 0 && `it does not disable ${every(missing)}`,
        foreign.length > 0 && `it disables ${every(foreign)}, for which QEMU may have no property`,
      )}: rewrite it with ${nameOf(option)} ${nameOf('per-host')} for ${host}, and define the result`,
    meaning: 'A guest that is levelled on arrival has to be started with the list of its host.',
    whatToDo: 'Use `virt-migratable rewrite DOMAIN.xml --on-arrival --form per-host --for NAME`.',
    example: { host: 'kvm-b', missing: ['amd-psfd'], foreign: [], option: 'onArrival' },
  },
  'guest-mark-differs': {
    severity: 'error',
    words: ({ host, strange, missing }) =>
      `the domain was rewritten for other hosts than those of the gate on ${host}: ${both(
        strange.length > 0 &&
          `${every(strange)} must be off, and whether QEMU there has ${plural(strange, 'it', 'them')} is unknown`,
        missing.length > 0 && `the guest may have ${every(missing)}, which must be off`,
      )}: run "virt-migratable hook install" with all hosts${missing.length === 0 ? '' : ', rewrite the domain, stop it and start it again'}`,
    meaning: 'The pool of the gate and the pool that the guest was rewritten for are not the same.',
    whatToDo: `Install the gate for all hosts. ${REWRITE_AGAIN}`,
    example: { host: 'kvm-b', strange: ['amd-psfd'], missing: [] },
  },
};

function both(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(', and ');
}
