import type { Baseline } from '../../../types/baseline.ts';
import type { Domain } from '../../../types/domain.ts';
import type { DisableReason, DomainChange, DomainPlan, FeatureChange } from '../../../types/plan.ts';
import { featuresOfModel, indexOf } from '../../cpu/map.ts';
import { inQemusModel } from '../../cpu/qemu-models.ts';
import { kindsBy } from '../../diff/pool/kinds.ts';
import type { Settings } from '../../diff/settings.ts';
import { groupedOn, hostList } from '../../issues/words.ts';
import { inCommandWords } from '../../report/wording.ts';
import type { Rule } from './results.ts';

/** A rule, and what it comes to in this case. */
export interface Grounds {
  readonly rule: Rule;
  readonly why: string;
}

/** All that a change may have been made for. */
export interface Case {
  readonly domain: Domain;
  readonly baseline: Baseline;
  readonly plan: DomainPlan;
  readonly settings: Settings;
}

/** What an option asks for, beyond that what hosts lack goes. */
type Asked = 'arrival' | 'guard' | 'exhaustive' | 'pin' | 'migratable' | 'machine' | 'maxphysaddr' | 'pmu';

const LIBVIRT_QEMU = 'https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands';
const LIBVIRT_CPU = 'https://libvirt.org/formatdomain.html#cpu-model-and-topology';
const LIBVIRT_NIC = 'https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options';
const LIBVIRT_OS = 'https://libvirt.org/formatdomain.html#operating-system-booting';
const LIBVIRT_FEATURES = 'https://libvirt.org/formatdomain.html#hypervisor-features';
const QEMU_COMPATIBILITY = 'https://www.qemu.org/docs/master/devel/migration/compatibility.html';
const QEMU_CPUS = 'https://www.qemu.org/docs/master/system/i386/cpu.html';

/** Every rule there is, by what it is for. */
export const RULES: Readonly<
  Record<DisableReason | Asked | 'other' | 'device' | 'own' | 'unseen' | 'outside', Rule>
> = {
  'hosts-differ': {
    name: 'hosts-differ',
    says: 'a guest may see only what every host has; disabling what a host lacks anyway does nothing there',
    source: QEMU_COMPATIBILITY,
  },
  'model-exceeds-hosts': {
    name: 'model-exceeds-hosts',
    says: 'a named model starts only where all its features are, or are disabled',
    source: LIBVIRT_CPU,
  },
  'parent-disabled': {
    name: 'parent-disabled',
    says: 'a feature that builds on another is of no use to a guest without it',
    source: 'Intel SDM volume 1 and AMD APM volume 3, on detecting features',
  },
  'name-unknown': {
    name: 'name-unknown',
    says: 'libvirt refuses a domain that names a feature it does not know',
    source: LIBVIRT_CPU,
  },
  'nested-dropped': {
    name: 'nested-dropped',
    says: 'the state of guests inside the guest migrates only between like hosts, and this run drops them',
    source: QEMU_CPUS,
  },
  guard: {
    name: 'guard',
    says: 'with check="full" libvirt starts a guest only if its CPU is what the lines say, and this run wants it to',
    source: LIBVIRT_CPU,
  },
  exhaustive: {
    name: 'exhaustive',
    says: 'what is off by name stays off on a richer host added later, and this run wants that of every name',
    source: LIBVIRT_CPU,
  },
  pin: {
    name: 'pin',
    says: 'a named model, with lines for what it has too much and too little, is one CPU on every host; this run wants one',
    source: QEMU_CPUS,
  },
  arrival: {
    name: 'on-arrival',
    says: 'a guest may see only what every host has; what some libvirt cannot name, QEMU is told to turn off, by the list of the host that the guest is on',
    source: `${LIBVIRT_QEMU} and ${QEMU_CPUS}`,
  },
  migratable: {
    name: 'set-migratable',
    says: 'QEMU refuses to migrate a guest whose CPU may have what cannot be migrated, and this run rules that out',
    source: LIBVIRT_CPU,
  },
  machine: {
    name: 'machine-common',
    says: 'a guest migrates only to a host that has its versioned machine type, and this run wants one that all have',
    source: `${LIBVIRT_OS} and ${QEMU_COMPATIBILITY}`,
  },
  maxphysaddr: {
    name: 'maxphysaddr-common',
    says: 'a guest that follows its host has its physical address bits, unless limited, and this run limits them',
    source: LIBVIRT_CPU,
  },
  pmu: {
    name: 'pmu-off',
    says: 'the performance counters are those of the processor, and this run takes them away',
    source: LIBVIRT_FEATURES,
  },
  other: { name: 'option', says: 'an option of this run asks for it', source: LIBVIRT_CPU },
  device: {
    name: 'virtio-feature',
    says: 'QEMU refuses a guest whose device uses what the destination does not offer',
    source: `${LIBVIRT_NIC} and ${QEMU_COMPATIBILITY}`,
  },
  own: { name: 'own-line', says: 'what a domain says already is left as it is', source: LIBVIRT_CPU },
  unseen: { name: 'unseen', says: 'no migratable guest sees the difference', source: LIBVIRT_CPU },
  outside: {
    name: 'outside-the-model',
    says: 'a named model shows a guest its own features and those asked for, whatever the host has',
    source: LIBVIRT_CPU,
  },
};

const REQUIRED = 'every host has it';

/** Why a line is written that no difference of hosts asks for. */
export function groundsOfLine({ name, policy }: FeatureChange, about: Case): Grounds {
  const { guard, exhaustive } = about.settings;
  const pin = about.settings.pin !== undefined;
  const model = pinnedModel(about);
  if (policy === 'require') {
    return model === undefined || guard
      ? { rule: RULES.guard, why: REQUIRED }
      : { rule: RULES.pin, why: `${REQUIRED}, and not every libvirt lists it in the model ${model}` };
  }
  const isPossible = inModel(name, about) || inPool(name, about);
  if (exhaustive && !isPossible)
    return {
      rule: RULES.exhaustive,
      why: 'it is no part of what all hosts have, and every libvirt here knows the name',
    };
  if (pin && inModel(name, about))
    return { rule: RULES.pin, why: `the model ${model ?? ''} has it, in one version or another` };
  if (guard) return { rule: RULES.guard, why: 'QEMU may show it to the guest where nothing is said' };
  return pin
    ? { rule: RULES.pin, why: 'the domain leaves it open, or QEMU may show it with this model' }
    : { rule: RULES.exhaustive, why: 'not every guest of this pool could have it' };
}

function pinnedModel({ domain, plan, settings }: Case): string | undefined {
  if (settings.pin === undefined) return undefined;
  const written = plan.shared.map((change) => ('element' in change ? change.element : undefined));
  return written.find((element) => element?.name === 'model')?.text ?? domain.cpu?.model;
}

function inModel(name: string, about: Case): boolean {
  const model = pinnedModel(about) ?? about.domain.cpu?.model;
  if (model === undefined) return false;
  const maps = new Set(about.baseline.hosts.flatMap(({ cpuMaps }) => cpuMaps));
  return (
    inQemusModel(model, { virtType: about.domain.type, machine: about.domain.machine }).includes(name) ||
    [...maps].some((map) => {
      const { removed = [], added = [] } = indexOf(map).models.get(model) ?? {};
      return (
        featuresOfModel(indexOf(map), model)?.has(name) === true || [...removed, ...added].includes(name)
      );
    })
  );
}

function inPool(name: string, { baseline }: Case): boolean {
  return baseline.common.includes(name) || baseline.losses.some(({ feature }) => feature === name);
}

/** Attributes and elements that no device has, by what writes them. */
const WRITTEN_FOR: Readonly<Record<string, Exclude<Asked, 'exhaustive'>>> = {
  '@mode': 'pin',
  '@match': 'pin',
  '@check': 'guard',
  '@machine': 'machine',
  '@state': 'pmu',
  'arrival:levelled': 'arrival',
  '@off': 'arrival',
  metadata: 'arrival',
  model: 'pin',
  maxphysaddr: 'maxphysaddr',
  pmu: 'pmu',
  features: 'pmu',
  '@migratable': 'migratable',
};

/** Why an attribute or an element is written. */
export function groundsOfElement(change: Exclude<DomainChange, FeatureChange>, about: Case): Grounds {
  const isHanded = about.settings.onArrival && /:(?:arg|commandline)$|^@xmlns:/.test(keyOf(change));
  const asked = isHanded ? 'arrival' : WRITTEN_FOR[keyOf(change)];
  if (asked === undefined) return groundsOfDevice(about);
  const isFull = change.kind === 'set-attribute' && change.value === 'full';
  const isPins = (asked === 'guard' || asked === 'migratable') && !isFull;
  const rule = about.settings.pin !== undefined && isPins ? 'pin' : asked;
  return { rule: RULES[rule], why: whyOf(rule, about) };
}

function keyOf(change: Exclude<DomainChange, FeatureChange>): string {
  if ('element' in change) return change.element.name;
  return 'name' in change ? `@${change.name}` : change.kind;
}

function groundsOfDevice({ plan }: Case): Grounds {
  const devices = plan.issues.filter(({ code }) => code === 'virtio-feature');
  const why = devices.map(({ message }) => message).join('; ');
  return devices.length > 0 ? { rule: RULES.device, why } : { rule: RULES.other, why: RULES.other.says };
}

function whyOf(asked: Exclude<Asked, 'exhaustive'>, about: Case): string {
  const { baseline, plan } = about;
  const told = plan.issues.find(
    ({ code }) => code === (asked === 'machine' ? 'machine-changed' : 'migratable-set'),
  );
  switch (asked) {
    case 'pin':
      return `the model ${pinnedModel(about) ?? ''} is the same on ${namesOf(baseline)}`;
    case 'machine':
    case 'migratable':
      return told === undefined ? RULES[asked].says : inCommandWords(told).message;
    case 'arrival':
      return 'it is what every host has in common, and not every libvirt or QEMU here says so by itself';
    case 'maxphysaddr':
      return `physical address bits: ${addressBits(baseline)}`;
    case 'pmu':
      return 'the guest would see the counters of whichever host it is on';
    case 'guard':
      return `a host that lacks what ${namesOf(baseline)} have in common is refused`;
  }
}

function namesOf({ hosts }: Baseline): string {
  return hostList(hosts.map(({ name }) => name));
}

function addressBits({ hosts }: Baseline): string {
  const bits = kindsBy(hosts, ({ processor, physicalAddressLimit }) => {
    return String(processor?.physicalAddressBits ?? physicalAddressLimit ?? 'an unknown number');
  });
  const groups = [...bits].map(([count, names]) => ({ count, hosts: names }));
  return groupedOn(groups, ({ count }) => count);
}
