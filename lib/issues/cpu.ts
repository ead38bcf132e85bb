import type { CpuIssueFacts } from '../../types/issue-facts/cpu.ts';
import type { IssueTable } from './entry.ts';
import { groupedOn, hostList, lackers, leaveOut, list, plural, those } from './words.ts';

type Signature = CpuIssueFacts['cpu-identity']['signatures'][number];

/** `6/85/7`, as /proc/cpuinfo has family, model and stepping. */
function signature({ family, model, stepping }: Signature): string {
  return [family, model ?? '?', stepping ?? '?'].join('/');
}

/** What is to be said of the guest's CPU as a whole. */
export const CPU_ISSUES: IssueTable<CpuIssueFacts> = {
  'cpu-follows-host': {
    severity: 'note',
    words: ({ mode }) =>
      `with ${mode} the guest sees what its host has: whether it can move depends on the hosts, so check it with them`,
    meaning:
      'The CPU of the guest is made of that of the host it starts on. Nothing can be said of it without hosts.',
    whatToDo: 'Check the guest with the hosts it may run on (`virt-migratable check`).',
    example: { mode: 'mode="host-passthrough"' },
  },
  'cache-passthrough': {
    severity: 'note',
    words: () =>
      "cache mode='passthrough' shows the guest the caches of its host, which may differ elsewhere: use level='3' mode='emulate'",
    meaning:
      'The guest sees the caches of the host it was started on. A warning where the processors differ.',
    whatToDo: "Use `<cache level='3' mode='emulate'/>`, or remove `<cache>`.",
    example: {},
  },
  'check-full-model': {
    severity: 'warning',
    words: ({ model, features }, option) =>
      `QEMU adds ${list(features)} to the model ${model}, and with check="full" libvirt refuses to start the guest: require or disable ${plural(features, 'it', 'them')}, or use ${option('guard')}`,
    meaning:
      'With check="full" a guest must have exactly what the domain lists, and QEMU adds features to some models.',
    whatToDo: 'List these features, or let {guard} write all lines.',
    example: { model: 'Skylake-Server-IBRS', features: ['vmx'] },
  },
  'check-not-enforced': {
    severity: 'note',
    words: ({ mode }, option) =>
      `check="full" in mode ${mode} compares only the features that the domain lists, and it requires none: use ${option('guard')} to add the lines`,
    meaning:
      'libvirt starts the guest on a host that lacks features, though the domain asks for a full check.',
    whatToDo: 'Let {guard} write a `require` line for every common feature.',
    example: { mode: 'host-passthrough' },
  },
  'cpu-argument': {
    severity: 'warning',
    words: ({ model }) =>
      `-cpu ${model} on QEMU's command line replaces what <cpu> says: it is judged instead, and nothing is written into <cpu>`,
    meaning: 'The domain hands QEMU a `-cpu` of its own, and QEMU takes the last one it is given.',
    whatToDo: 'Remove the argument, and say the same with `<cpu>`.',
    example: { model: 'host' },
  },
  'cpu-argument-differs': {
    severity: 'error',
    words: ({ argument, feature, missingOn, unknownOn }) =>
      `the ${argument} argument shows the guest ${feature}, but ${lackers(missingOn, unknownOn)} it: turn ${feature} off there, or remove the argument and use <cpu>`,
    meaning:
      'The `-cpu` or `-global` that the domain hands QEMU gives the guest a feature that not every host has.',
    whatToDo: 'Turn the feature off in the argument, or remove the argument and rewrite the domain.',
    example: { argument: '-cpu', feature: 'avx2', missingOn: ['kvm-b'], unknownOn: [] },
  },
  'cpu-identity': {
    severity: 'warning',
    words: ({ signatures }, option) =>
      `family, model and stepping differ, and the guest sees those of its host: ${groupedOn(signatures, signature)}; use ${option('pin')} for one identity everywhere`,
    meaning:
      'Features can be made equal, the identity of a processor cannot. Software that chooses code by it may go wrong after a move. {identity} makes it an error.',
    whatToDo: 'Use {pin}: a named model has one identity everywhere.',
    example: {
      signatures: [
        { family: 6, model: 85, stepping: 7, hosts: ['kvm-a'] },
        { family: 6, model: 106, stepping: 6, hosts: ['kvm-b'] },
      ],
    },
  },
  'default-model-differs': {
    severity: 'error',
    words: ({ model, feature, missingOn, unknownOn }) =>
      `QEMU gives the guest its default model ${model} with ${feature}, but ${lackers(missingOn, unknownOn)} it: add a <cpu> with a mode or model`,
    meaning:
      'A domain without a CPU model gets a default one of QEMU, which drops what its host lacks without an error.',
    whatToDo: "Add `<cpu mode='host-model'/>` or a named model, and rewrite the domain.",
    example: { model: 'qemu64', feature: 'svm', missingOn: ['kvm-b'], unknownOn: [] },
  },
  'derived-features-refused': {
    severity: 'warning',
    words: ({ hosts }) =>
      `libvirt on ${hostList(hosts)} refuses what QEMU there adds to a named model with several cores in a socket (ht, cmp_legacy): update libvirt to 11.10, use one core per socket, or use host-passthrough`,
    meaning:
      'libvirt before 11.10 with QEMU 10.0 or later does not start such a guest with check="full", and does not take it in a migration.',
    whatToDo:
      'Update libvirt to 11.10 or later there, use one core per socket, or use host-passthrough and level it.',
    example: { hosts: ['kvm-b'] },
  },
  'host-model-differs': {
    severity: 'warning',
    words: ({ models }, option) =>
      `host-model becomes a different model on each host at the next start: ${groupedOn(models, ({ model }) => model)}; the features are equal then, but family, model and level are not: use ${option('pin')}`,
    meaning: 'libvirt replaces host-model by the named model of the host that the guest is started on.',
    whatToDo: 'Use {pin}: one named model for all hosts.',
    example: {
      models: [
        { model: 'Broadwell-IBRS', hosts: ['kvm-b'] },
        { model: 'Skylake-Server-IBRS', hosts: ['kvm-a'] },
      ],
    },
  },
  'match-strict': {
    severity: 'warning',
    words: () =>
      'match="strict" starts the guest only on hosts without any further feature: use match="exact" to move between unlike hosts',
    meaning:
      'The match is left as it is. Such a guest starts only where the CPU is just what the domain lists.',
    whatToDo: 'Use `match="exact"`.',
    example: {},
  },
  'maxphysaddr-too-large': {
    severity: 'error',
    words: ({ bits, hosts, maximum }, option) =>
      `the domain sets ${bits} physical address bits, and ${those(hosts, 'has', 'have')} fewer: set at most ${maximum}, or use ${option('maxphysaddr')}`,
    meaning: 'libvirt refuses to start a guest with more address bits than the host has.',
    whatToDo: 'Set the number that all hosts have, or use {maxphysaddr}.',
    example: { bits: 46, hosts: ['kvm-b'], maximum: 39 },
  },
  microcode: {
    severity: 'note',
    words: ({ versions }) =>
      `microcode versions differ, and the guest can read that of its host: ${groupedOn(versions, ({ version }) => version)}`,
    meaning: 'A guest that reads the version may believe itself safe, or unsafe, wrongly after a move.',
    whatToDo: 'Install the same microcode on all hosts of one CPU.',
    example: {
      versions: [
        { version: '0x2006e05', hosts: ['kvm-a'] },
        { version: '0x2007006', hosts: ['kvm-b'] },
      ],
    },
  },
  'migratable-set': {
    severity: 'note',
    words: () => 'migratable="off" becomes "on": QEMU refuses to migrate a guest with "off"',
    meaning: 'You asked for it ({migratable}).',
    whatToDo: 'Nothing. The guest loses features that cannot be migrated, such as invtsc.',
    example: {},
  },
  'model-exceeds-hosts': {
    severity: 'error',
    words: ({ model, hosts, lowest }) => {
      const what = model === undefined ? 'a CPU that follows its host' : `the model ${model}`;
      // Which hosts to leave out is not known where the generations are not.
      const older =
        model === undefined ? 'a model that all of them can run' : `an older model, or ${leaveOut(hosts)}`;
      return `${what} is more than ${hostList(hosts)} can run: use ${lowest === undefined ? older : `the model ${lowest}`}`;
    },
    meaning: 'On POWER and s390x a host runs models up to its own generation.',
    whatToDo: 'Give the guest the model of the oldest host.',
    example: { model: 'z15', hosts: ['lpar-a'], lowest: 'z13' },
  },
  'model-missing': {
    severity: 'error',
    words: ({ model, hosts, fallback }) =>
      fallback === 'allow'
        ? `QEMU on ${hostList(hosts)} has no CPU model "${model}", and with fallback="allow" libvirt may start the guest there with another one: set fallback="forbid", or use another model`
        : `QEMU on ${hostList(hosts)} has no CPU model "${model}": use another model, or ${leaveOut(hosts)}`,
    meaning:
      'The guest cannot start there with this model. A warning where `fallback` lets libvirt take another one.',
    whatToDo: 'Use a model that every host has; {pin} chooses one.',
    example: { model: 'SapphireRapids', hosts: ['kvm-b'], fallback: 'forbid' },
  },
  'model-not-usable': {
    severity: 'error',
    words: ({ model, hosts, features }) =>
      `${those(hosts, 'lacks', 'lack')} ${list(features)} of the CPU model ${model}: use another model, or ${leaveOut(hosts)}`,
    meaning: 'The model needs features that the host cannot give, and no line disables them.',
    whatToDo: 'Use a model that every host can run; {pin} chooses one.',
    example: { model: 'Skylake-Server-IBRS', hosts: ['kvm-b'], features: ['avx512f'] },
  },
  'model-vendor': {
    severity: 'warning',
    words: ({ model, modelVendor, vendor, hosts }) =>
      `the model ${model} is of ${modelVendor}, the hosts (${hostList(hosts)}) are of ${vendor}: use a model of ${vendor}`,
    meaning: 'The guest sees a CPU that was never built: features of one vendor under the name of another.',
    whatToDo: 'Use a model of the vendor of the hosts.',
    example: { model: 'EPYC', modelVendor: 'AMD', vendor: 'Intel', hosts: ['kvm-a', 'kvm-b'] },
  },
  'nested-virtualisation': {
    severity: 'note',
    words: ({ feature }, option) =>
      `the guest has ${feature} and may run guests of its own, whose state migrates only between equal hosts: use ${option('nested')} if it runs none`,
    meaning: 'The state of guests inside the guest depends on the CPU below them.',
    whatToDo: 'Use {nested} if nothing runs inside the guest.',
    example: { feature: 'vmx' },
  },
  'no-common-model': {
    severity: 'error',
    words: ({ hosts }, option) =>
      `no named CPU model runs on all of ${hostList(hosts)}: use ${option('guard')} instead of ${option('pin')}, or name a model with ${option('model')}`,
    meaning: 'None of the models that every host knows can be made equal to what the hosts share.',
    whatToDo:
      'Use {guard}, which keeps the mode of the CPU and lets libvirt check it; or choose a model yourself ({model}).',
    example: { hosts: ['kvm-a', 'kvm-b'] },
  },
  'no-cpu-model': {
    severity: 'warning',
    words: ({ hasCpu }) =>
      `the domain has ${hasCpu ? 'a <cpu> without mode or model' : 'no <cpu>'}, so QEMU uses its default model, and nothing is written: add a <cpu> with a mode or a model`,
    meaning: 'There is no CPU that may carry feature lines.',
    whatToDo: "Add `<cpu mode='host-passthrough'/>`, `host-model` or a named model, and rewrite again.",
    example: { hasCpu: false },
  },
  'physical-address-bits': {
    severity: 'warning',
    words: ({ bits, minimum }, option) =>
      `physical address bits differ, and the guest gets those of its host: ${groupedOn(bits, ({ bits: own }) => own)}; use ${option('maxphysaddr')} to limit them to ${minimum}`,
    meaning: 'A guest with much memory may use addresses that the next host does not have.',
    whatToDo: 'Use {maxphysaddr}.',
    example: {
      bits: [
        { bits: 46, hosts: ['kvm-a'] },
        { bits: 39, hosts: ['kvm-b'] },
      ],
      minimum: 39,
    },
  },
  'pin-refused': {
    severity: 'error',
    words: ({ use, value }, option) => {
      const [element = '', attribute = ''] = use.split('.');
      return `libvirt refuses <${element} ${attribute}='${value}'> beside a named model: remove it, or use ${option('guard')} instead of ${option('pin')}`;
    },
    meaning: 'The CPU has something that libvirt accepts only where the CPU follows the host.',
    whatToDo: 'Remove the element, or use {guard} instead of {pin}.',
    example: { use: 'cache.mode', value: 'passthrough' },
  },
  'unknown-model': {
    severity: 'error',
    words: ({ model, hosts }) =>
      `libvirt on ${hostList(hosts)} does not know the CPU model "${model}": use another model, or update libvirt there`,
    meaning: 'libvirt on some host would refuse the domain.',
    whatToDo: 'Use a model that every host knows ({pin} chooses one), or update libvirt there.',
    example: { model: 'SapphireRapids', hosts: ['kvm-b'] },
  },
};
