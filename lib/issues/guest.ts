import type { GuestIssueFacts } from '../../types/issue-facts/guest.ts';
import type { IssueTable } from './entry.ts';
import { groupedOn, hostList, leaveOut, list, plural, those } from './words.ts';

const CONTEXT: Readonly<Record<GuestIssueFacts['context-mismatch']['about'], string>> = {
  type: 'type',
  machine: 'machine type',
  arch: 'architecture',
};

function called(machine: string, unstated: true | undefined): string {
  return `"${machine}"${unstated ? " (libvirt's default)" : ''}`;
}

/** What of a guest, beside its CPU, does not fit a host. */
export const GUEST_ISSUES: IssueTable<GuestIssueFacts> = {
  'context-mismatch': {
    severity: 'error',
    words: ({ about, domain, asked, hosts, command, option }, nameOf) =>
      about === 'type' && domain !== 'kvm' && domain !== 'qemu'
        ? `the domain has type "${domain}", and only guests of type kvm or qemu can be judged`
        : `the domain has ${CONTEXT[about]} ${domain}, but ${those(hosts, 'was', 'were')} asked about ${asked}: run "${command}" there${about === 'type' ? ', and give that instead' : option === undefined ? '' : `, or use ${nameOf(option)}`}`,
    meaning:
      'What a host offers depends on type, architecture and machine type of the guest, and this host was asked about another one, or the guest is of another hypervisor (Xen, LXC, bhyve …). A warning for a difference that does no harm.',
    whatToDo:
      'Run the command in the message on that host. {other-machine} goes on all the same, with a warning. Leave a guest of another hypervisor out.',
    example: {
      about: 'machine',
      domain: 'pc-q35-7.2',
      asked: 'pc-i440fx-7.2',
      hosts: ['kvm-a'],
      command: 'virsh domcapabilities --virttype kvm --machine pc-q35-7.2',
      option: 'other-machine',
    },
  },
  'emulator-differs': {
    severity: 'note',
    words: ({ emulator, asked, hosts }) =>
      `the domain uses the emulator ${emulator}, but ${those(hosts, 'was', 'were')} asked about ${asked}: run "virsh domcapabilities --emulatorbin ${emulator}" there to be sure`,
    meaning: 'Another emulator may offer other features.',
    whatToDo:
      'Nothing, if both paths lead to the same QEMU. Else ask the host about the emulator of the domain.',
    example: { emulator: '/usr/bin/kvm', asked: '/usr/bin/qemu-system-x86_64', hosts: ['kvm-a'] },
  },
  'emulator-version': {
    severity: 'warning',
    words: ({ versions }) =>
      `QEMU versions differ (newest machine type: ${groupedOn(versions, ({ version }) => version)}), and an emulated CPU with mode='maximum' depends on the version: use a named model`,
    meaning: 'With emulation, mode="maximum" is all that this version of QEMU can emulate.',
    whatToDo: 'Use a named model, which is the same everywhere.',
    example: {
      versions: [
        { version: '7.2.0', hosts: ['kvm-a'] },
        { version: '10.0.0', hosts: ['kvm-b'] },
      ],
    },
  },
  'device-may-not-migrate': {
    severity: 'warning',
    words: ({ device, hosts }) =>
      `whether ${device} can be migrated from ${hostList(hosts)} depends on its driver or backend: try it before it matters, or detach it first`,
    meaning:
      'libvirt and QEMU of these versions migrate such a device only if its driver or the program behind it can.',
    whatToDo: 'Try a migration of a guest that may be lost, or detach the device before the move.',
    example: { device: '<hostdev> of type pci', hosts: ['kvm-a'] },
  },
  'device-not-migratable': {
    severity: 'error',
    words: ({ device, hosts }) =>
      `libvirt and QEMU on ${hostList(hosts)} do not migrate a guest with ${device}: detach it before the move${device.startsWith('<interface') || device.includes('pci') ? ', or use an interface with <teaming>' : ''}`,
    meaning:
      'libvirt or QEMU of these versions, or of a version that is not known, refuses to migrate such a device.',
    whatToDo: 'Detach the device (virsh detach-device), or replace it by one that can be migrated.',
    example: { device: '<hostdev> of type pci', hosts: ['kvm-a', 'kvm-b'] },
  },
  'disk-not-shared': {
    severity: 'note',
    words: () =>
      'a disk in a file can be migrated if both hosts share its storage; otherwise use virsh migrate --copy-storage-all',
    meaning: 'The domain has a disk in a file. Whether the hosts share the storage it is on is not known.',
    whatToDo: 'Make sure that the hosts share it, or copy it along.',
    example: {},
  },
  'record-foreign': {
    severity: 'warning',
    words: ({ places }) =>
      `the record in <metadata> names what no rewrite writes (${list(places)}): that is left as it is`,
    meaning:
      'Somebody else wrote or changed the record of an earlier rewrite. Only what a rewrite can have written is undone.',
    whatToDo: 'Look at the record and at the places it names; remove the record if it is not yours.',
    example: { places: ['devices/emulator'] },
  },
  'hyperv-host-model': {
    severity: 'error',
    words: ({ features, common, unknownOn }) =>
      unknownOn.length > 0
        ? `hyperv mode='host-model' gives the guest the enlightenments of its host, and ${hostList(unknownOn)} ${plural(unknownOn, 'does', 'do')} not report any: use mode='custom' and list what the guest needs`
        : `hyperv mode='host-model' gives the guest the enlightenments of its host, and the hosts differ in ${list(features)}: use mode='custom' with ${list(common)}`,
    meaning: 'The guest would see other Hyper-V enlightenments on another host.',
    whatToDo: "Use `<hyperv mode='custom'>` and list the enlightenments that every host offers.",
    example: { features: ['evmcs'], common: ['relaxed', 'vapic'], unknownOn: [] },
  },
  'hyperv-mode': {
    severity: 'error',
    words: ({ mode }) => `hyperv mode="${mode}" is not known: use custom, passthrough or host-model`,
    meaning: 'libvirt may know this mode, but what it gives the guest is not known here.',
    whatToDo: "Use `<hyperv mode='custom'>`.",
    example: { mode: 'strict' },
  },
  'hyperv-passthrough': {
    severity: 'error',
    words: () =>
      "hyperv mode='passthrough' gives the guest whatever enlightenments its host has: use mode='custom' and list those that all hosts have",
    meaning: 'The guest gets Hyper-V enlightenments that the next host may lack.',
    whatToDo: "Use `<hyperv mode='custom'>` and list the enlightenments.",
    example: {},
  },
  'inactive-not-judged': {
    severity: 'warning',
    words: () => 'the <inactiveDomain> is neither judged nor changed: give it as a <domain>',
    meaning:
      'A snapshot of a running guest has two definitions: the one it goes on with, which is looked at, and the one it starts from once it was shut down.',
    whatToDo: 'Copy it out, call it `<domain>`, and give that too.',
    example: {},
  },
  'machine-alias': {
    severity: 'error',
    words: ({ machine, unstated, machines }, option) =>
      `${called(machine, unstated)} resolves to different machine types (${groupedOn(machines, (one) => one.machine)}): use ${option('machine')}`,
    meaning:
      'An alias stands for the newest machine type of each QEMU, and these differ. A domain that names no machine type gets the default of the host that defines it: on x86, `pc`. It keeps that where it moves, and so this is a warning then.',
    whatToDo: 'Write a versioned machine type that every host has; {machine} chooses one.',
    example: {
      machine: 'q35',
      machines: [
        { machine: 'pc-q35-7.2', hosts: ['kvm-a'] },
        { machine: 'pc-q35-10.0', hosts: ['kvm-b'] },
      ],
    },
  },
  'machine-changed': {
    severity: 'note',
    words: ({ from, to }) => `machine type ${from} becomes ${to}, which every host has`,
    meaning: 'You asked for it ({machine}).',
    whatToDo: 'Nothing. The guest sees the new machine at its next start.',
    example: { from: 'q35', to: 'pc-q35-7.2' },
  },
  'machine-missing': {
    severity: 'error',
    words: ({ machine, missingOn, candidates }, option) =>
      candidates.length === 0
        ? `${those(missingOn, 'has', 'have')} no machine type "${machine}", and the hosts share none of its family: ${leaveOut(missingOn)}`
        : `${those(missingOn, 'has', 'have')} no machine type "${machine}": use ${option('machine')}, or one of ${list(candidates)}`,
    meaning: 'The guest cannot start on these hosts.',
    whatToDo: 'Use a machine type that every host has; {machine} chooses the newest.',
    example: { machine: 'pc-q35-10.0', missingOn: ['kvm-a'], candidates: ['pc-q35-7.2', 'pc-q35-7.1'] },
  },
  'machine-unversioned': {
    severity: 'note',
    words: ({ machine, unstated }) =>
      `machine type ${called(machine, unstated)} stands for the newest of its family on the host that defines the guest: name a versioned one that every host has`,
    meaning:
      'libvirt replaces such a machine type by a versioned one when the domain is defined, which may be another one on each host.',
    whatToDo: 'Name a versioned machine type that every host has (`qemu-system-x86_64 -machine help`).',
    example: { machine: 'q35' },
  },
  'machine-unknown': {
    severity: 'error',
    words: ({ hosts }) =>
      `the machine types of ${hostList(hosts)} are unknown: add the output of "virsh capabilities", under the same host name`,
    meaning: 'A common machine type was asked for, and a host does not list its own.',
    whatToDo: 'Give the output of `virsh capabilities` of that host too.',
    example: { machine: 'q35', hosts: ['kvm-a'] },
  },
  'argument-not-judged': {
    severity: 'warning',
    words: ({ argument }) =>
      `${argument} on QEMU's command line may change what the guest sees, and nothing here looks at it: make sure that it means the same on every host, or say it in the domain's XML`,
    meaning: 'The domain hands QEMU an option that can change its machine, accelerator or CPU past libvirt.',
    whatToDo: "Say the same in the domain's XML, or remove the option.",
    example: { argument: '-readconfig' },
  },
  'not-migratable': {
    severity: 'error',
    words: ({ use, value }, option) => {
      if (use === 'cpu.migratable')
        return `QEMU refuses to migrate a guest with migratable="${value}": use ${option('migratable')}`;
      if (use === 'argument.cpu' || use === 'argument.global') {
        const option = use === 'argument.cpu' ? '-cpu' : '-global';
        const instead = value === 'invtsc=on' ? ', or state tsc-frequency beside it' : '';
        return `QEMU refuses to migrate a guest whose ${option} argument has ${value}: remove that from the argument${instead}`;
      }
      const markup =
        use === 'launchSecurity' ? `<launchSecurity type='${value}'>` : `<memory model='${value}'>`;
      return `QEMU cannot migrate a guest with ${markup}: remove it, or keep the guest on one host`;
    },
    meaning: 'The guest has something that QEMU does not migrate, whatever the hosts.',
    whatToDo:
      '`migratable="off"`: use {migratable}. Encrypted guests (SEV, TDX, secure execution) and SGX memory: such a guest stays on its host.',
    example: { use: 'cpu.migratable', value: 'off' },
  },
  'not-offered': {
    severity: 'error',
    words: ({ use, value, missingOn }) =>
      `the domain uses ${use} "${value}", which ${those(missingOn, 'does', 'do')} not offer: change it, or ${leaveOut(missingOn)}`,
    meaning:
      'A device, firmware or other part of the domain is missing from the domcapabilities of a host, or newer than its libvirt.',
    whatToDo: 'Use what every host offers, or install what is missing there.',
    example: { use: 'disk.bus', value: 'sata', missingOn: ['kvm-b'] },
  },
  pmu: {
    severity: 'note',
    words: (_, option) =>
      `the guest sees the performance counters of its host, and those of another kind of CPU differ: use ${option('pmu')}`,
    meaning: 'Performance counters cannot be made equal.',
    whatToDo: "Use {pmu}, which writes `<pmu state='off'/>`.",
    example: {},
  },
  'smbios-host': {
    severity: 'warning',
    words: () =>
      "smbios mode='host' shows the guest the make and serial number of its host, which are others on every host: from its next start there it is another computer; use mode='sysinfo' and state them in <sysinfo>",
    meaning:
      'What the firmware says of the computer follows the host. A running guest keeps what it has read.',
    whatToDo: "State the values in `<sysinfo type='smbios'>`, and use `<smbios mode='sysinfo'/>`.",
    example: {},
  },
  'tsc-frequency': {
    severity: 'warning',
    words: ({ frequencies, fixed }) => {
      const rates = groupedOn(frequencies, ({ frequency }) => `${frequency} Hz`);
      return fixed === undefined
        ? `time stamp counters run at different rates, and some hosts cannot scale them (${rates}): a guest that measures time with the counter measures wrongly after a move; let it use kvm-clock`
        : `the domain fixes the time stamp counter at ${fixed} Hz, and these hosts can neither run nor scale to that rate (${rates}): ${leaveOut(frequencies.flatMap(({ hosts }) => hosts))}, or remove the frequency`;
    },
    meaning:
      'A guest that measures time with the counter measures wrongly after a move. An error where the domain fixes a rate that a host cannot give.',
    whatToDo: 'Let the guest use kvm-clock; with a fixed rate, leave these hosts out or remove the rate.',
    example: {
      frequencies: [
        { frequency: 2100000000, hosts: ['kvm-a'] },
        { frequency: 2600000000, hosts: ['kvm-b'] },
      ],
    },
  },
  'tsc-unspecified': {
    severity: 'error',
    words: ({ feature }) =>
      `QEMU migrates a guest with ${feature} only if its rate is fixed: add <timer name='tsc' frequency='…'/> to <clock>, or remove ${feature}`,
    meaning: 'The guest is promised a counter of constant rate, and the domain does not say which.',
    whatToDo: 'Fix the rate, or remove the line.',
    example: { feature: 'invtsc' },
  },
  'vcpu-maximum': {
    severity: 'error',
    words: ({ vcpus, hosts, maximum }) =>
      `the domain has ${vcpus} virtual CPUs, and ${those(hosts, 'takes', 'take')} at most ${maximum}: use fewer, or ${leaveOut(hosts)}`,
    meaning: 'The guest cannot start on these hosts.',
    whatToDo: 'Use fewer virtual CPUs, or another machine type.',
    example: { vcpus: 300, hosts: ['kvm-b'], maximum: 255 },
  },
};
