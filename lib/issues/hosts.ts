import type { HostIssueFacts, PoolIssueFacts } from '../../types/issue-facts/hosts.ts';
import type { IssueTable } from './entry.ts';
import { grouped, hostList, list, plural, those } from './words.ts';

type WeakSource = HostIssueFacts['weak-source']['source'];

/** What each source is, for a sentence. */
const WEAK: Readonly<Record<WeakSource, string>> = {
  capabilities: '"virsh capabilities"',
  cpuid: 'raw CPUID',
  cpuinfo: '/proc/cpuinfo',
  'fallback-model': 'a model with fallback="allow"',
  'host-cpu': 'the <cpu> of a host',
  incus: 'the resources of Incus or LXD',
  kubevirt: 'the node labels of KubeVirt',
  lscpu: '"lscpu"',
  nfd: 'the node labels of Node Feature Discovery',
  opennebula: 'the monitoring of OpenNebula',
  openstack: 'the cpu_info of OpenStack',
  proxmox: 'the CPU flags of Proxmox VE',
  vdsm: 'the capabilities of VDSM',
};

const QMP = `ask its QEMU over QMP: query-cpu-model-expansion of the model "host"`;
const IN_POD =
  'use "kubectl -n kubevirt exec POD -- cat /var/lib/kubevirt-node-labeller/virsh_domcapabilities.xml", POD being the virt-handler of the node';

/** The command that gives a better source, where that is not virsh. */
const BETTER: Readonly<Partial<Record<WeakSource, string>>> = { incus: QMP, kubevirt: IN_POD, proxmox: QMP };

/** What each fact is called that documents of one machine share. */
const FACTS: Readonly<Record<HostIssueFacts['host-contradiction']['fact'], string>> = {
  arch: 'architecture',
  cpu: 'CPU',
  family: 'CPU family and model',
  uuid: 'UUID',
  vendor: 'CPU vendor',
  'virt-type': 'type of guest',
};

const SKIPPED: Readonly<Record<HostIssueFacts['input-skipped']['skipped'][number], string>> = {
  'code-fence': 'the fence of a code block',
  message: 'messages of a program',
  'shell-prompt': 'a shell prompt',
  text: 'text beside the code block',
};

/** What the document of one host leaves open. */
export const HOST_ISSUES: IssueTable<HostIssueFacts> = {
  'arch-unsupported': {
    severity: 'error',
    words: ({ arch = 'this architecture', hosts }) =>
      `cannot compare ${hostList(hosts)}: libvirt does not report which CPU features a guest gets on ${arch}`,
    meaning:
      'The hosts are of an architecture for which libvirt lists no CPU features of guests, so nothing can be compared.',
    whatToDo:
      'Leave these hosts out. x86, POWER, s390x and aarch64 (SVE lengths, pointer authentication) work.',
    example: { arch: 'riscv64', hosts: ['kvm-a'] },
  },
  'feature-unnamed': {
    severity: 'note',
    words: ({ features, hosts, missingOn }) =>
      `libvirt has no name for ${list(features)}, which ${those(hosts, 'gives', 'give')} to guests${missingOn.length === 0 ? '' : ` and ${those(missingOn, 'does', 'do')} not`}: no <feature> line can disable ${plural(features, 'it', 'them')}`,
    meaning:
      'A guest gets features for which libvirt has no name. A note where it concerns one host; a warning where hosts differ in such a feature, and an error for a guest that would see the difference.',
    whatToDo:
      'Where hosts differ: give them the same kernel and QEMU, or put them in separate pools. A named model ({pin}) shows none of them but those of KVM itself (`kvm-…`). A guest that uses such a feature may fail after a move.',
    example: { features: ['kvm-asyncpf-vmexit'], hosts: ['kvm-a'], missingOn: ['kvm-b'] },
  },
  'host-contradiction': {
    severity: 'error',
    words: ({ hosts, files, fact, values, features }) =>
      `the documents of ${hostList(hosts)} (${list(files)}) are not of one machine: ${FACTS[fact]} ${list(values)}${features.length === 0 ? '' : `, and a guest would have ${list(features)}, which that hardware lacks`}; give each machine a name of its own`,
    meaning:
      'Documents that were given under one name, or in one text, contradict each other in what cannot differ on one machine.',
    whatToDo: 'Check which file comes from which host, and give each machine a name of its own.',
    example: {
      hosts: ['kvm-a'],
      files: ['capabilities.xml', 'domcapabilities.xml'],
      fact: 'vendor',
      values: ['AMD', 'Intel'],
      features: [],
    },
  },
  'inferred-libvirt-version': {
    severity: 'warning',
    words: ({ hosts, mapVersions, uncertain }, option) =>
      uncertain.length === 0
        ? `the libvirt version of ${hostList(hosts)} is not stated: the CPU map of libvirt ${list(mapVersions)} was used`
        : `the libvirt version of ${hostList(hosts)} is not stated, and ${list(uncertain)} ${plural(uncertain, 'depends on it and counts', 'depend on it and count')} as unknown: state the version with ${option('libvirtVersion')}`,
    meaning:
      'A CPU model has other features in other libvirt versions, and the version of these hosts is not stated. Features that depend on it count as unknown. A note where nothing depends on it.',
    whatToDo: 'State the version that "virsh version --daemon" prints on the host, with {libvirtVersion}.',
    example: { hosts: ['kvm-a'], mapVersions: ['9.0.0', '10.0.0'], uncertain: ['vmx-ept'] },
  },
  'input-fragment': {
    severity: 'note',
    words: ({ hosts, element }) =>
      `the text of ${hostList(hosts)} is a part of domcapabilities (<${element}>): nothing that depends on the type of guest, the machine type or the emulator is checked`,
    meaning:
      'Only a part of the output of `virsh domcapabilities` was given, which does not state what it was asked about.',
    whatToDo: 'Use the whole output of `virsh domcapabilities`.',
    example: { hosts: ['kvm-a'], element: 'mode' },
  },
  'input-skipped': {
    severity: 'note',
    words: ({ hosts, skipped }) =>
      `lines around the document were skipped in the text of ${hostList(hosts)}: ${list(skipped.map((kind) => SKIPPED[kind]))}`,
    meaning: 'The document was pasted together with lines that are no part of it.',
    whatToDo: 'Nothing, if these lines say nothing about the host.',
    example: { hosts: ['kvm-a'], skipped: ['shell-prompt'] },
  },
  'labels-frozen': {
    severity: 'warning',
    words: ({ hosts }) =>
      `the labels of ${hostList(hosts)} may be out of date: the annotation node-labeller.kubevirt.io/skip-node keeps KubeVirt from updating them; remove it`,
    meaning: 'KubeVirt does not update the labels of a node with this annotation.',
    whatToDo: 'Remove the annotation, and read the nodes again after a few minutes.',
    example: { hosts: ['node-1'] },
  },
  'libvirt-newer-than-maps': {
    severity: 'note',
    words: ({ hosts, libvirtVersion, mapVersion }, option) =>
      `libvirt ${libvirtVersion} of ${hostList(hosts)} is newer than every CPU map known here, so that of ${mapVersion} is used; to be sure, give the host's own (/usr/share/libvirt/cpu_map) with ${option('cpuMap')}`,
    meaning:
      'The stated libvirt version is newer than the newest bundled CPU map. That libvirt may know more features, or other models.',
    whatToDo: "Give the host's own CPU map with {cpuMap}.",
    example: { hosts: ['kvm-a'], libvirtVersion: '99.0.0', mapVersion: '12.8.0' },
  },
  'nodes-skipped': {
    severity: 'note',
    words: ({ nodes }) =>
      `nodes without CPU labels of KubeVirt run no virtual machines and are left out: ${hostList(nodes)}`,
    meaning: 'Some nodes of the list carry no labels of KubeVirt, as nodes of the control plane.',
    whatToDo: 'Nothing, if these nodes run no virtual machines.',
    example: { hosts: ['node-1'], nodes: ['control-plane'] },
  },
  'partial-answer': {
    severity: 'warning',
    words: ({ hosts }) =>
      `the QMP answer of ${hostList(hosts)} lists only features that are on, so every other feature counts as absent: use the whole answer to query-cpu-model-expansion`,
    meaning:
      'QEMU lists every feature as on or off. This answer has nothing that is off, so it was shortened.',
    whatToDo: 'Use the answer to `query-cpu-model-expansion` as QEMU gave it.',
    example: { hosts: ['kvm-a'] },
  },
  'unknown-presence': {
    severity: 'error',
    words: ({ hosts, source, arch }) =>
      source === 'domcapabilities' && arch === 'aarch64'
        ? `the CPU of ${hostList(hosts)} is unknown: domcapabilities of aarch64 do not report it; give "virsh capabilities" of the host as well, under the same name`
        : source === 'domcapabilities'
          ? `the CPU features of ${hostList(hosts)} are unknown: these domcapabilities report no host-model CPU; check the host with "virt-host-validate qemu"`
          : `the CPU features of ${hostList(hosts)} are unknown: this document does not list them; use "virsh domcapabilities"`,
    meaning:
      'The document does not say which CPU features a guest gets on the host. Unknown is never taken for "none".',
    whatToDo:
      'Use the output of `virsh domcapabilities` of that host, with the type of guest that you want to move.',
    example: { hosts: ['kvm-a'], source: 'capabilities', arch: 'x86_64' },
  },
  'weak-source': {
    severity: 'warning',
    words: ({ hosts, source, grade }) =>
      `${those(hosts, 'is', 'are')} described by ${WEAK[source]} only: ${grade === 'B' ? 'that is a list of the hypervisor, which may be incomplete or for another machine type' : 'that is the physical CPU, and a guest may get less'}; ${BETTER[source] ?? 'use "virsh domcapabilities"'}`,
    meaning:
      'The document describes the physical CPU (grade C), or is a list of the hypervisor that may be incomplete (grade B). What a guest gets there depends on kernel and QEMU too, so the comparison may be wrong.',
    whatToDo: 'Use the output of `virsh domcapabilities` of these hosts. {weak-source} makes it an error.',
    example: { hosts: ['kvm-a'], grade: 'C', source: 'capabilities' },
  },
};

/** What keeps hosts from being a pool, or makes it doubtful. */
export const POOL_ISSUES: IssueTable<PoolIssueFacts> = {
  'guest-fits-no-pool': {
    severity: 'error',
    words: ({ guest, features, hosts }) =>
      hosts.length === 0
        ? `guest "${guest}" can run on none of these hosts: ${features.length === 0 ? 'they are of another architecture' : `the nearest lacks ${list(features)}`}`
        : `guest "${guest}" fits none of these pools, though ${hostList(hosts)} alone could run it: allow more pools, or leave out the hosts beside ${plural(hosts, 'it', 'them')} that lack ${list(features)}`,
    meaning:
      'A guest needs features, for its operating system or because its `<cpu>` requires them, that no pool of the plan has on every host.',
    whatToDo:
      'Allow more pools (`--max`) or smaller ones (`--min-size`), or add hosts that have the features.',
    example: { guest: 'web-01', features: ['avx2'], hosts: [] },
  },
  'arch-mismatch': {
    severity: 'error',
    words: ({ arches, domainArch }) =>
      domainArch === undefined
        ? `architectures differ (${grouped(arches, ({ arch }) => arch)}): use one pool for each architecture`
        : `the domain is for ${domainArch}, the hosts are not (${grouped(arches, ({ arch }) => arch)}): use hosts of its architecture`,
    meaning: 'The hosts are of different architectures, or of another one than the domain.',
    whatToDo: 'A guest migrates only between hosts of its own architecture: use one pool for each.',
    example: {
      arches: [
        { arch: 'aarch64', hosts: ['kvm-a'] },
        { arch: 'x86_64', hosts: ['kvm-b'] },
      ],
    },
  },
  'arm-hosts-differ': {
    severity: 'error',
    words: ({ hosts }) =>
      `the CPUs of ${hostList(hosts)} differ, or may differ: on aarch64 libvirt can disable only SVE lengths and pointer authentication, so a pool needs equal hosts`,
    meaning: 'Some of these aarch64 hosts differ in what they report of their CPU, or report nothing of it.',
    whatToDo: 'Use one pool for each kind of CPU.',
    example: { hosts: ['arm-a', 'arm-b'] },
  },
  'arm-not-comparable': {
    severity: 'warning',
    words: ({ hosts }) =>
      `on aarch64 only SVE and pointer authentication can be compared: make sure yourself that ${hostList(hosts)} are otherwise equal`,
    meaning: 'libvirt does not report what else a guest gets on aarch64.',
    whatToDo: 'Compare the hosts yourself: processor, kernel, QEMU.',
    example: { hosts: ['arm-a', 'arm-b'] },
  },
  'arm-properties-differ': {
    severity: 'error',
    words: ({ hosts, properties }) =>
      `QEMU gives guests unlike CPUs on ${hostList(hosts)}, and on aarch64 nothing makes these equal: ${list(properties.map(({ property, values }) => `${property} (${grouped(values, ({ value }) => value)})`))}; use one pool for each kind of CPU`,
    meaning:
      'The answers of QEMU differ in fields of registers that a guest can read, or in other properties of the CPU.',
    whatToDo: 'Use one pool for each kind of CPU, with equal kernels and QEMU versions.',
    example: {
      hosts: ['arm-a', 'arm-b'],
      properties: [
        {
          property: 'MIDR_EL1.PartNum',
          values: [
            { value: '3392', hosts: ['arm-a'] },
            { value: '3407', hosts: ['arm-b'] },
          ],
        },
      ],
    },
  },
  'base-models-differ': {
    severity: 'warning',
    words: ({ models, lowest }) =>
      `base models differ (${grouped(models, ({ model }) => model)}): ${lowest === undefined ? 'which model all of these hosts can run is unknown' : `all of these hosts can run ${lowest}`}`,
    meaning: 'The s390x hosts are of different generations.',
    whatToDo: 'Give the guest the model that all of them can run.',
    example: {
      models: [
        { model: 'z13', hosts: ['lpar-a'] },
        { model: 'z14', hosts: ['lpar-b'] },
      ],
      lowest: 'z13',
    },
  },
  'cpus-incompatible': {
    severity: 'error',
    words: ({ hosts }) => `the CPUs of ${hostList(hosts)} have nothing in common: use separate pools`,
    meaning: 'No CPU feature is on all hosts, or they name different models and no features.',
    whatToDo: 'Check that each file describes what you think it does; put unlike hosts in separate pools.',
    example: { hosts: ['kvm-a', 'kvm-b'] },
  },
  'weak-source-requires': {
    severity: 'error',
    words: ({ hosts, source, option: wanted }, option) =>
      `${option(wanted)} would require what is listed by ${WEAK[source]}, and a guest on ${hostList(hosts)} may not get all of that; ${BETTER[source] ?? 'use "virsh domcapabilities"'}`,
    meaning:
      'A physical CPU has features that no guest gets, and what a hypervisor lists may be for another machine type. A guest that requires what it does not get does not start.',
    whatToDo:
      'Give the output of `virsh domcapabilities` of these hosts, or leave out {guard}, {pin} and {onArrival}.',
    example: { hosts: ['kvm-a'], source: 'capabilities', option: 'guard' },
  },
  'domain-type-missing': {
    severity: 'error',
    words: ({ asked }) =>
      `the domain does not say its type, and the hosts were asked about different ones (${grouped(asked, ({ type }) => type)}): add type='kvm' or type='qemu' to <domain>`,
    meaning:
      'KVM and emulated guests see different CPUs, and it is not known which of the two this guest is.',
    whatToDo: "Add `type='kvm'` or `type='qemu'` to `<domain>`.",
    example: {
      asked: [
        { type: 'kvm', hosts: ['kvm-a'] },
        { type: 'qemu', hosts: ['kvm-b'] },
      ],
    },
  },
  'duplicate-host': {
    severity: 'error',
    words: ({ hosts, uuid }, option) =>
      `${hostList(hosts)} have the same UUID (${uuid}), so they are one machine: give each host its own document, or use ${option('same-host')} if the boards are clones`,
    meaning: 'Two of the documents come from one machine.',
    whatToDo:
      'Give each host its own document. Some boards ship with equal UUIDs: set host_uuid in libvirtd.conf there, or use {same-host}.',
    example: { hosts: ['kvm-a', 'kvm-b'], uuid: '4dea22b3-1d52-d8f3-2516-782e98ab3fa0' },
  },
  'power-levels-differ': {
    severity: 'error',
    words: ({ levels, lowest }) =>
      `POWER levels differ (${grouped(levels, ({ model }) => model)})${lowest === undefined ? '' : `, and all of these hosts can give ${lowest}: give the guest that level (<cpu mode='host-model'><model>${lowest.toLowerCase()}</model></cpu>)`}`,
    meaning:
      'The hosts are POWER processors of different levels. A guest of a level that all of them can give migrates between them.',
    whatToDo: 'Give the guest the level that all of them can give.',
    example: {
      levels: [
        { model: 'POWER8', hosts: ['power-a'] },
        { model: 'POWER9', hosts: ['power-b'] },
      ],
      lowest: 'POWER8',
    },
  },
  'too-few-hosts': {
    severity: 'error',
    words: ({ count }) =>
      `a pool needs at least two hosts, got ${count}: add the hosts that the guest may move to`,
    meaning: 'There is nothing to compare.',
    whatToDo: 'Add the hosts that the guest may move to.',
    example: { count: 1 },
  },
  'vendor-mismatch': {
    severity: 'error',
    words: ({ vendors, domainVendor }) =>
      domainVendor === undefined
        ? `CPU vendors differ (${grouped(vendors, ({ vendor }) => vendor)}): use one pool for each vendor`
        : `the domain requires a CPU of ${domainVendor}, the hosts are not (${grouped(vendors, ({ vendor }) => vendor)}): remove its <vendor>, or use hosts of that vendor`,
    meaning:
      'A guest cannot migrate between CPUs of different vendors. A warning where no host states its vendor and libvirt itself would compute a common CPU.',
    whatToDo: 'Use one pool for each vendor.',
    example: {
      vendors: [
        { vendor: 'AMD', hosts: ['kvm-a', 'kvm-c'] },
        { vendor: 'Intel', hosts: ['kvm-b'] },
      ],
    },
  },
  'virt-types-differ': {
    severity: 'error',
    words: ({ virtTypes }) =>
      `the hosts were asked about different types of guest (${grouped(virtTypes, ({ virtType }) => virtType)}): run "virsh domcapabilities --virttype ${virtTypes[0]?.virtType ?? 'kvm'}" on each`,
    meaning: 'KVM and the emulation of QEMU give guests different CPUs, so these answers cannot be compared.',
    whatToDo: 'Ask every host about the same type of guest.',
    example: {
      virtTypes: [
        { virtType: 'kvm', hosts: ['kvm-a'] },
        { virtType: 'qemu', hosts: ['kvm-b'] },
      ],
    },
  },
};
