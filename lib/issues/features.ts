import type { FeatureIssueFacts, Obstacle } from '../../types/issue-facts/features.ts';
import type { IssueOption } from '../../types/issue-option.ts';
import type { IssueTable } from './entry.ts';
import { hostList, lackers, leaveOut, list, plural, those } from './words.ts';

/** Why a line cannot be kept, behind "because". */
function reason(obstacle: Obstacle): string {
  if (obstacle.cause === 'parent') return `it depends on ${obstacle.parent}, which is disabled`;
  if (obstacle.cause === 'instead') return `it is disabled instead of ${obstacle.insteadOf}`;
  return `${lackers(obstacle.missingOn, obstacle.unknownOn)} it`;
}

function hostsOf(obstacle: Obstacle): readonly string[] {
  return obstacle.cause === 'host' ? [...obstacle.missingOn, ...obstacle.unknownOn] : [];
}

const NOTHING_TO_DO = 'Nothing.';
const MOST_NAMED = 3;

/** A few names as they are, more of them by their number. */
function counted(features: readonly string[]): string {
  return features.length <= MOST_NAMED
    ? list(features)
    : `${features.length} features (${features.slice(0, MOST_NAMED).join(', ')} …)`;
}

/** What each way out takes from a guest, or asks of its hosts. */
const WAY_COSTS: Readonly<Partial<Record<IssueOption, string>>> = {
  pin: 'the guest gets a named model in place of the CPU it had',
  onArrival: 'every host needs the gate, and the guest has to be started with the form of its host',
  disableParent: 'it also loses what depends on the features that are disabled instead',
  nested: 'no guest can be run inside it',
};

/** What is wrong with, or to be known about, a single CPU feature. */
export const FEATURE_ISSUES: IssueTable<FeatureIssueFacts> = {
  'names-not-comparable': {
    severity: 'warning',
    words: ({ hosts, features }, nameOf) =>
      `libvirt on ${hostList(hosts)} cannot say whether a guest there gets ${counted(features)} that other hosts lack: give the guest a named model (${nameOf('pin')}), update libvirt there, or use a QMP answer of its QEMU`,
    meaning:
      'A newer libvirt names features that an older one does not know. A host with an older libvirt may have them unseen.',
    whatToDo:
      'Use {pin}, update libvirt there, or describe the host by the answer of its QEMU. {unnamed} makes it an error.',
    example: { hosts: ['kvm-a'], features: ['prefetchi'] },
  },
  'qemu-newer-than-libvirt': {
    severity: 'warning',
    words: ({ hosts, features }, nameOf) =>
      `QEMU on ${hostList(hosts)} can show guests ${list(features)}, for which libvirt there has no names: give the guest a named model (${nameOf('pin')}) or level it on arrival (${nameOf('onArrival')}), or describe the host by a QMP answer of its QEMU`,
    meaning:
      'The QEMU of this host is newer than its libvirt, so a host-passthrough guest may have features that no document shows and no line can disable.',
    whatToDo: 'Use {pin} or {onArrival}, or update libvirt. {unnamed} makes it an error.',
    example: { hosts: ['kvm-b'], features: ['cet-ss'] },
  },
  'feature-not-named': {
    severity: 'warning',
    words: ({ features, unnamedOn }) =>
      `libvirt on ${hostList(unnamedOn)} does not know ${list(features)}, so whether a guest there has ${plural(features, 'it', 'them')} is not known: make sure that QEMU there does not`,
    meaning: 'The form of these hosts cannot say anything of features that the forms of other hosts disable.',
    whatToDo: 'Update libvirt there, or use {pin}.',
    example: { features: ['vmx-ept'], unnamedOn: ['kvm-b'] },
  },
  'way-out': {
    severity: 'note',
    words: ({ options }, option) =>
      `the guest can be made equal on all hosts with ${options.map(option).join(' ')}`,
    meaning: 'As asked the domain is refused, but another way of saying the same CPU works on all hosts.',
    whatToDo: 'Use these options, or {auto}, which takes the first way that works.',
    example: { options: ['pin'] },
  },
  'way-taken': {
    severity: 'warning',
    words: ({ options, refused }, nameOf) =>
      `${options.map(nameOf).join(' ')} was taken, because without it the guest is refused, or may differ (${list(refused)}): ${options.flatMap((option) => WAY_COSTS[option] ?? []).join('; ')}`,
    meaning:
      'As asked the domain would be refused, libvirt would not take it in a migration, or it is unknown whether the guest is equal everywhere. The first other way of saying its CPU that keeps the guest equal on all hosts was taken.',
    whatToDo:
      'Nothing, if the guest can do with that; else leave {auto} out, and read what is found. After {onArrival}, install the gate on every host, and start the guest with the form of its host ({per-host}).',
    example: { options: ['pin'], refused: ['feature-not-expressible'] },
  },
  'core-feature': {
    severity: 'error',
    words: ({ feature, missingOn, unknownOn }) =>
      `no guest boots without ${feature}, which ${lackers(missingOn, unknownOn)}: ${leaveOut([...missingOn, ...unknownOn])}`,
    meaning:
      'A feature that every operating system needs would have to be disabled: these hosts are too different.',
    whatToDo: 'Leave the hosts that lack it out, or use separate pools.',
    example: { feature: 'sse2', missingOn: ['kvm-a'], unknownOn: [] },
  },
  'feature-climbed': {
    severity: 'warning',
    words: ({ feature, insteadOf, unnamedOn }) =>
      `${feature} is disabled instead of ${insteadOf}: libvirt on ${hostList(unnamedOn)} does not know the name ${insteadOf}`,
    meaning:
      'A feature that must be off cannot be named on every host, so the feature that it depends on is disabled.',
    whatToDo:
      'Nothing, if the guest can do without the larger feature. Else update libvirt on the hosts named.',
    example: { feature: 'vmx', insteadOf: 'vmx-ept', unnamedOn: ['kvm-b'] },
  },
  'feature-dependency': {
    severity: 'note',
    words: ({ feature, parent }) => `${feature} is disabled as well: it depends on ${parent}`,
    meaning: 'A feature of all hosts is disabled, because it depends on one that must be off.',
    whatToDo: NOTHING_TO_DO,
    example: { feature: 'avx2', parent: 'avx', presentOn: ['kvm-a', 'kvm-b'] },
  },
  'feature-dropped': {
    severity: 'note',
    words: ({ feature }) =>
      `${feature} differs, but QEMU has no property of that name, so libvirt leaves it out of every guest: disabling it has no effect`,
    meaning: 'Hosts differ in a feature that libvirt knows and QEMU does not.',
    whatToDo: NOTHING_TO_DO,
    example: { feature: 'osxsave', presentOn: ['kvm-a'] },
  },
  'feature-filtered': {
    severity: 'note',
    words: ({ feature }) =>
      `${feature} differs, but libvirt never passes it to QEMU, so it is the same for every guest: nothing to do`,
    meaning: 'Hosts differ in a feature that libvirt keeps from QEMU.',
    whatToDo: NOTHING_TO_DO,
    example: { feature: 'cmt', presentOn: ['kvm-a'] },
  },
  'feature-not-expressible': {
    severity: 'error',
    words: ({ features, unnamedOn, instead, option, withheld }, nameOf) =>
      withheld === true
        ? `libvirt on ${hostList(unnamedOn)} hands QEMU no line about ${list(features)}, which must be disabled: ${option === undefined ? 'remove its line' : `use ${nameOf(option)}`}, use ${nameOf('pin')}, or ${leaveOut(unnamedOn)}`
        : `libvirt on ${hostList(unnamedOn)} does not know ${list(features)}, which must be disabled: ${option === undefined ? '' : `use ${nameOf(option)} to disable ${list(instead)} instead, `}${leaveOut(unnamedOn)}, or update ${plural(unnamedOn, 'its', 'their')} libvirt`,
    meaning: 'A feature must be off, and libvirt on some host refuses a line that says so, or ignores it.',
    whatToDo:
      'Use {disableParent}, which disables the feature that it depends on, where there is one; or leave the host out; or update its libvirt. Of an ignored line, use {onArrival} or {pin}.',
    example: { features: ['vmx-ept'], unnamedOn: ['kvm-b'], instead: ['vmx'], option: 'disableParent' },
  },
  'feature-not-migratable': {
    severity: 'note',
    words: ({ feature }) => `${feature} differs, but QEMU gives it to no migratable guest: nothing to do`,
    meaning: 'Hosts differ in a feature that QEMU leaves out of guests that may migrate.',
    whatToDo: NOTHING_TO_DO,
    example: { feature: 'invtsc', presentOn: ['kvm-a'] },
  },
  'feature-topology': {
    severity: 'note',
    words: ({ feature }) =>
      `${feature} differs, but QEMU sets it from the topology of the guest: nothing to do`,
    meaning: 'Hosts differ in a feature that QEMU derives from the CPU topology of the guest.',
    whatToDo: NOTHING_TO_DO,
    example: { feature: 'cmp_legacy', presentOn: ['kvm-a'] },
  },
  'policy-conflict': {
    severity: 'error',
    words: (facts, nameOf) => {
      const { feature, policy, option } = facts;
      const line = `the domain requires ${feature} (policy "${policy}")`;
      if (facts.cause === 'request') return `${line}: remove that line first`;
      const out = hostsOf(facts);
      const ways = [
        'remove that line',
        ...(out.length === 0 ? [] : [leaveOut(out)]),
        ...(option === undefined ? [] : [`use ${nameOf(option)}`]),
      ];
      const end = ways.length === 1 ? '' : `, or ${ways.at(-1) ?? ''}`;
      return `${line}, but ${reason(facts)}: ${ways.slice(0, Math.max(1, ways.length - 1)).join(', ')}${end}`;
    },
    meaning:
      'The domain insists on a feature that must be off: a host lacks it, it depends on a disabled one, or a caller asked for it to be disabled.',
    whatToDo:
      'Remove the line if the guest can do without the feature; {conflicts} does so for all such lines. Else leave the hosts out that lack it.',
    example: {
      feature: 'avx',
      policy: 'require',
      cause: 'host',
      missingOn: ['kvm-b'],
      unknownOn: [],
      option: 'conflicts',
    },
  },
  'policy-forbid': {
    severity: 'warning',
    words: ({ feature, presentOn }) =>
      `the domain forbids ${feature}, which ${those(presentOn, 'has', 'have')}: it starts there only with check="none"; use policy "disable"`,
    meaning: 'With policy "forbid", libvirt refuses to start the guest on a host that has the feature.',
    whatToDo: 'Use policy "disable", which hides the feature and starts anywhere.',
    example: { feature: 'hle', presentOn: ['kvm-a'] },
  },
  'policy-overridden': {
    severity: 'warning',
    words: (facts) =>
      `policy "${facts.policy}" of ${facts.feature} becomes "disable", because ${reason(facts)}`,
    meaning: 'You asked for conflicts to be overridden ({conflicts}), and this line is one.',
    whatToDo: 'Check that the guest can do without the feature.',
    example: { feature: 'avx', policy: 'require', cause: 'host', missingOn: ['kvm-b'], unknownOn: [] },
  },
  'policy-unsupported': {
    severity: 'error',
    words: ({ feature, policy, arch }) =>
      `policy "${policy}" of ${feature} is not supported on ${arch}: use "require" or "disable"`,
    meaning: 'On this architecture libvirt knows only features that are on or off.',
    whatToDo: 'Change the policy to "require" or "disable".',
    example: { feature: 'te', policy: 'optional', arch: 's390x' },
  },
  'sve-lengths': {
    severity: 'error',
    words: ({ feature }) =>
      `libvirt refuses ${feature} in a domain whose sve is disabled: remove that line, or keep sve`,
    meaning: 'The domain sets a vector length, and sve is off, or must be.',
    whatToDo: 'Remove the lengths, or move only between hosts with SVE.',
    example: { feature: 'sve256' },
  },
  'sve-required': {
    severity: 'warning',
    words: () =>
      'with a vector length in the domain, libvirt requires sve as well: the guest starts only on hosts with SVE',
    meaning: 'The domain sets or gets a vector length and has no line for sve.',
    whatToDo: 'Nothing, if every host has SVE, now and later.',
    example: {},
  },
  'unknown-feature': {
    severity: 'error',
    words: ({ feature, unnamedOn, suggestion }) =>
      `libvirt on ${hostList(unnamedOn)} does not know the CPU feature "${feature}": ${suggestion === undefined ? 'remove that line, or update libvirt there' : `did you mean "${suggestion}"?`}`,
    meaning: 'The domain names a feature that libvirt on some host would refuse.',
    whatToDo: 'Correct the name, remove the line, or update libvirt on that host.',
    example: { feature: 'avx5', unnamedOn: ['kvm-a', 'kvm-b'], suggestion: 'avx' },
  },
};
