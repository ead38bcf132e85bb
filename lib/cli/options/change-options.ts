/** Options that say what to change in a domain, and what to accept. */
export const CHANGE_OPTIONS = {
  guard: {
    name: 'guard',
    group: 'cpu',
    help: "write check='full' and a require line for every common feature: libvirt itself then refuses a host that lacks one",
  },
  pin: {
    name: 'pin',
    group: 'cpu',
    help: 'replace the CPU by a named model that every host has, with lines that make it equal to what the hosts share',
  },
  onArrival: {
    name: 'on-arrival',
    group: 'cpu',
    help: "turn off by QEMU's -global what must be off and not every libvirt can name; the gate of each host gives an arriving guest the list of its host",
    manual:
      "For hosts of different releases; a host-model CPU becomes host-passthrough (maximum in emulation). Every host needs the gate (`hook install`), and the guest has to be started with its host's own form (`--form per-host`). libvirt marks such a guest as tainted.",
  },
  auto: {
    name: 'auto',
    group: 'cpu',
    help: 'if the guest is refused as asked, or may differ, take the first way that keeps it equal on all hosts, and say which',
    manual:
      'The ways are --pin, --on-arrival, --disable-parent and --disable-nested, and some of them together, in an order of what they take away. A guest that none of them keeps equal stays refused. A way is taken also where a host may show what its libvirt cannot name. The form per host is never taken: it is not one XML.',
  },
  model: {
    name: 'model',
    argument: 'NAME',
    group: 'cpu',
    help: 'with --pin: take this model',
    complete: 'model',
  },
  exhaustive: {
    name: 'exhaustive',
    group: 'cpu',
    help: 'also disable every other feature that all hosts can name: a host with more features can join later without any change',
  },
  floor: {
    name: 'floor',
    argument: 'LEVEL|FEATURE,…|SYSTEM',
    group: 'cpu',
    help: 'stop if the guest would keep less than this: `x86-64-v2`, `x86-64-v3`, `x86-64-v4`, features, or what an operating system needs (`rhel10`)',
    manual:
      "Without it, the guest's system in the metadata of the domain (`<libosinfo:os>`) says what it needs.",
    complete: 'nothing',
  },
  record: {
    name: 'record',
    group: 'cpu',
    help: 'note in <metadata> what is added, so that `undo` or a later run can remove exactly that',
  },
  disableParent: {
    name: 'disable-parent',
    aliases: ['climb'],
    group: 'cpu',
    help: "if some host's libvirt cannot name a feature, disable the feature it depends on instead",
  },
  setMigratable: {
    name: 'set-migratable',
    group: 'cpu',
    help: "turn migratable='off' into 'on'",
  },
  machine: {
    name: 'machine',
    choices: ['common'],
    group: 'also',
    help: 'replace a machine type that some host lacks, or that is an alias or not stated, by the newest of its family that every host has',
  },
  maxphysaddr: {
    name: 'maxphysaddr',
    choices: ['common'],
    group: 'also',
    help: 'if the hosts have different numbers of physical address bits, limit the guest to the smallest',
  },
  pmu: {
    name: 'pmu',
    choices: ['off'],
    group: 'also',
    help: 'turn the performance counters off',
  },
  disableNested: {
    name: 'disable-nested',
    aliases: ['drop-nested'],
    group: 'also',
    help: 'disable vmx and svm: the guest cannot run guests of its own',
  },
  virtio: {
    name: 'virtio',
    argument: 'NAME=FILE',
    repeats: true,
    group: 'also',
    help: 'what the virtio devices of host NAME offer; one for each host',
    manual:
      "FILE has QEMU's answers to the QMP commands x-query-virtio-status and device-list-properties, or feature names, one to a line. Run x-query-virtio-status on a throw-away guest only: some versions of QEMU abort the guest that they are asked about.",
    complete: 'host-file',
  },
  qemuProperties: {
    name: 'qemu-properties',
    group: 'also',
    help: 'if libvirt has no switch for a virtio feature, pass a property to QEMU, which taints the guest',
  },
  strict: {
    name: 'strict',
    group: 'accept',
    help: 'the same as --refuse weak-source, --refuse unnamed and --refuse identity',
  },
  sameHost: {
    name: 'same-host',
    group: 'accept',
    help: 'accept hosts that state the same UUID, as cloned boards do, with a warning',
  },
  refuse: {
    name: 'refuse',
    choices: ['security-loss', 'unnamed', 'weak-source', 'identity'],
    repeats: true,
    group: 'accept',
    help: 'stop if the guest would give up a defence or not be told to defend itself (security-loss), if a host may show what its libvirt cannot name or tell (unnamed), if a host is known from a weak source only (weak-source), or if the CPU family, model or stepping differ (identity)',
  },
  allowBelowFloor: {
    name: 'allow-below-floor',
    group: 'accept',
    help: 'accept, with a warning, that the guest keeps less than its operating system, or --floor, needs',
  },
  anyMachine: {
    name: 'any-machine',
    group: 'accept',
    help: 'accept hosts that were asked about another machine type, with a warning',
  },
  overrideConflicts: {
    name: 'override-conflicts',
    group: 'accept',
    help: 'disable a feature that the domain requires and some host lacks, instead of stopping',
  },
  allowCoreFeatures: {
    name: 'allow-core-features',
    group: 'accept',
    help: 'disable even what no guest boots without',
  },
} as const;
