import type { Domain, DomainCpu } from '../../../types/domain.ts';
import type { GateOperation, GatePool } from '../../../types/gate.ts';
import type { Issue } from '../../../types/issue.ts';
import type { Presence } from '../../../types/issue-facts/common.ts';
import { DUTY_FLAWS, INVERSE_BITS } from '../../cpu/facts/kinds.ts';
import { isMachineUntil } from '../../cpu/facts/qemu-compat.ts';
import { isNoFeature } from '../../cpu/cpu-argument.ts';
import { FILTERED, isOfKernel, qemuName, TOPOLOGY_OWNED } from '../../cpu/names.ts';
import { defaultModel } from '../../cpu/qemu-models.ts';
import { issue } from '../../issues/issues.ts';
import { remembered } from '../../text/remembered.ts';
import {
  cpuWithoutElement,
  followsHost,
  isListed,
  namesOff,
  namesWanted,
  processorsPerSocket,
  takesFeatures,
} from '../cpu/changes.ts';

/** A guest in front of a gate. */
interface Question {
  readonly cpu: DomainCpu;
  readonly pool: GatePool;
  readonly operation: GateOperation;
  /** Is the feature off, by the guest's `<cpu>` or by what it hands to QEMU? */
  readonly isOffHere: (feature: string) => boolean;
  /** Does this host certainly have it; does, or may, this one or another one; do all others certainly? */
  readonly hasSelf: (feature: string) => boolean;
  readonly maySelf: (feature: string) => boolean;
  readonly mayOthers: (feature: string) => boolean;
  readonly haveOthers: (feature: string) => boolean;
}

/**
 * What speaks against a guest's operation on this host; nothing when it is safe. A finding of severity `error` with
 * the code `arch-mismatch` or `context-mismatch` says that the pool's facts are not about such a guest.
 *
 * @param pool as this guest finds it (`withParticulars`).
 * @param switches what the guest's CPU is told past libvirt.
 */
export function judgeGuest(
  domain: Domain,
  pool: GatePool,
  operation: GateOperation,
  switches: GuestSwitches,
): readonly Issue[] {
  const stranger = foreignIssues(domain, pool);
  if (stranger.length > 0) return stranger;
  const cpu = takesFeatures(domain.cpu) ? domain.cpu : defaultCpu(domain);
  const question = questionOf(cpu, pool, operation, switches.off);
  const issues = [...cpuIssues(question), ...switchedOn(question, switches.on)];
  return isListed(cpu) ? [...issues, ...askedIssues(question)] : [...issues, ...shownIssues(question)];
}

/** What a guest's CPU is told past libvirt, by QEMU's names. */
export interface GuestSwitches {
  readonly off: ReadonlySet<string>;
  readonly on: ReadonlySet<string>;
}

/**
 * The pool as this guest finds it: what a guest of another kind would not see is a difference like others, and what the
 * topology decides for this one needs no list.
 */
export function withParticulars(domain: Domain, pool: GatePool): GatePool {
  const { cpu, machine } = domain;
  const isOne = processorsPerSocket(domain) === 1;
  const own = pool.particulars.filter(({ guests }) =>
    guests === 'one-processor-a-socket'
      ? isOne
      : cpu !== undefined && followsHost(cpu) && isMachineUntil(machine, guests.machinesUntil),
  );
  const namesFor = (list: 'presentOn' | 'unknownOn', host: string): readonly string[] =>
    own.filter((one) => one[list].includes(host)).map(({ feature }) => feature);
  const isUnsure = (name: string): boolean =>
    own.some((one) => one.feature === name && one.unknownOn.length > 0);
  const hosts = pool.hosts.map(({ name, surplus, unknown, off, ...lists }) => ({
    ...lists,
    name,
    off: off.filter((one) => isOne || !TOPOLOGY_OWNED.has(one)),
    surplus: [...surplus.filter((one) => !isUnsure(one)), ...namesFor('presentOn', name)],
    unknown: [...unknown, ...namesFor('unknownOn', name)],
  }));
  return { ...pool, hosts };
}

/** What is switched on past libvirt shows whatever the CPU is, unless `<cpu>` has it off: every host must have it. */
function switchedOn({ cpu, pool }: Question, on: ReadonlySet<string>): readonly Issue[] {
  if (on.size === 0) return [];
  const off = namesOff(cpu.features);
  const settled = new Set([...pool.common, ...off].map(qemuName));
  return [...on]
    .filter((name) => !settled.has(name) && !isNoFeature(name))
    .map((property) => {
      const [name = property] = pool.hosts.flatMap(({ surplus }) =>
        surplus.filter((one) => qemuName(one) === property),
      );
      const { missingOn, unknownOn } = lackersOf(name, pool);
      const isHere = pool.hosts.some(
        ({ name: host, surplus }) => host === pool.self && surplus.includes(name),
      );
      const lacking = isHere ? missingOn : [pool.self, ...missingOn].sort();
      return issue('cpu-argument-differs', {
        argument: '-global',
        feature: name,
        missingOn: lacking,
        unknownOn,
      });
    });
}

/** What the lines of `<cpu>` turn off on this host. A CPU that follows it shows what libvirt hands QEMU no line about. */
export function linesOff(cpu: DomainCpu | undefined, { self, unnamed }: GatePool): ReadonlySet<string> {
  if (cpu === undefined) return new Set();
  const isHanded = (name: string): boolean =>
    !TOPOLOGY_OWNED.has(name) || !followsHost(cpu) || unnamed[name]?.includes(self) !== true;
  return new Set(namesOff(cpu.features).filter(isHanded));
}

/** A domain without a CPU gets QEMU's default model, of which each host gives what it can. */
function defaultCpu({ arch, span }: Domain): DomainCpu {
  return { ...cpuWithoutElement(span), model: defaultModel(arch) };
}

/** Is this host's pool about guests of this kind at all? KVM and QEMU's own emulation show different CPUs. */
function foreignIssues({ arch, type }: Domain, pool: GatePool): readonly Issue[] {
  const hosts = [pool.self];
  if (arch !== undefined && pool.arch !== null && arch !== pool.arch && arch !== 'i686')
    return [issue('arch-mismatch', { arches: [{ arch: pool.arch, hosts }], domainArch: arch })];
  if (type !== undefined && pool.virtType !== null && type !== pool.virtType)
    return [
      issue('context-mismatch', {
        about: 'type',
        domain: type,
        asked: pool.virtType,
        hosts,
        command: `virsh domcapabilities --virttype ${type}`,
      }),
    ];
  return [];
}

function questionOf(
  cpu: DomainCpu,
  pool: GatePool,
  operation: GateOperation,
  globalsOff: ReadonlySet<string>,
): Question {
  const off = linesOff(cpu, pool);
  const isOffHere = (name: string): boolean => off.has(name) || globalsOff.has(qemuName(name));
  const common = new Set(pool.common);
  const own = pool.hosts.filter(({ name }) => name === pool.self);
  const others = pool.hosts.filter(({ name }) => name !== pool.self);
  const has = new Set(own.flatMap(({ surplus }) => surplus));
  const unknown = new Set(own.flatMap((host) => host.unknown));
  const may = new Set(others.flatMap((host) => [...host.surplus, ...host.unknown]));
  return {
    cpu,
    pool,
    operation,
    isOffHere,
    hasSelf: (name) => common.has(name) || has.has(name),
    maySelf: (name) => common.has(name) || has.has(name) || unknown.has(name),
    mayOthers: (name) => common.has(name) || may.has(name),
    haveOthers: (name) => common.has(name) || others.every(({ surplus }) => surplus.includes(name)),
  };
}

function cpuIssues({ cpu, pool }: Question): readonly Issue[] {
  const { migratable, mode, model = '', vendor } = cpu;
  const hosts = [pool.self];
  if (migratable === 'off') return [issue('not-migratable', { use: 'cpu.migratable', value: migratable })];
  if (mode !== 'custom') return [];
  if (!Object.hasOwn(pool.models, model)) return [issue('unknown-model', { model, hosts })];
  return vendor !== undefined && pool.vendor !== null && vendor !== pool.vendor
    ? [issue('vendor-mismatch', { vendors: [{ vendor: pool.vendor, hosts }], domainVendor: vendor })]
    : [];
}

/**
 * A custom CPU says itself what it has, and libvirt holds every destination to what it had at its start. So it passes
 * where this host has all it asks for. What its model has and no host of the pool does, it cannot have been given,
 * unless `check='full'` says that it was.
 */
function askedIssues(question: Question): readonly Issue[] {
  const { cpu, pool, operation, isOffHere, hasSelf, maySelf, mayOthers } = question;
  const insisted = insistedOn(question);
  const optional = cpu.features.filter(({ policy }) => policy === 'optional').map(({ name }) => name);
  const fromModel = (pool.models[cpu.model ?? ''] ?? []).filter((name) => !isOfTopology(name, pool));
  const asked = [...new Set([...fromModel, ...insisted, ...optional])].filter((name) => !isOffHere(name));
  const sure = new Set(cpu.check === 'full' ? [...fromModel, ...insisted] : insisted);
  const lost = asked.filter((name) => !hasSelf(name) && (sure.has(name) || maySelf(name) || mayOthers(name)));
  // Started here, it would have what another host lacks. With check='full' it arrives, or asks to be held to it.
  const isNew = operation === 'prepare' && cpu.check !== 'full';
  const common = new Set(pool.common);
  const shown = isNew ? asked.filter((name) => hasSelf(name) && !common.has(name)) : [];
  return [...missing(lost, question, true), ...shownOn(shown, question)];
}

/** libvirt never passes the first to QEMU, and QEMU derives the others from the topology: no host has to have them. */
function insistedOn({ cpu, pool }: Question): readonly string[] {
  const names = namesWanted(cpu.features);
  return names.filter((name) => !FILTERED.has(name) && !isOfTopology(name, pool));
}

/** Does QEMU derive it for this guest, whatever its host has? */
function isOfTopology(feature: string, { hosts }: GatePool): boolean {
  const differs = (): boolean =>
    hosts.some(({ surplus, unknown }) => surplus.includes(feature) || unknown.includes(feature));
  return TOPOLOGY_OWNED.has(feature) && !differs();
}

/**
 * A CPU that follows its host shows all the host has. Started here, it shows what this host has: that must be in all
 * the others too, or off. Arriving, it has seen what its source had, which the hook is not told: whatever differs must
 * be off.
 */
function shownIssues(question: Question): readonly Issue[] {
  const { cpu, pool, operation, isOffHere, hasSelf, maySelf, mayOthers, haveOthers } = question;
  const differing = new Set(pool.hosts.flatMap(({ surplus, unknown }) => [...surplus, ...unknown]));
  const isLevelled = (name: string): boolean => !(followsHost(cpu) && INVERSE_BITS.has(name));
  const open = [...differing].sort().filter((name) => {
    const ancestor = pool.ancestors[name];
    const isSeen = followsHost(cpu) || !isHidden(name, pool);
    return isSeen && isLevelled(name) && !isOffHere(name) && (ancestor === undefined || !isOffHere(ancestor));
  });
  const duties = dutyIssues(question, differing);
  const insisted = insistedOn(question);
  const unmet = insisted.filter((name) => !hasSelf(name));
  if (operation === 'prepare') {
    const shown = open.filter((name) => maySelf(name) && !haveOthers(name));
    return [...missing(unmet, question, true), ...shownOn(shown, question), ...duties];
  }
  const lost = new Set([...open.filter((name) => !hasSelf(name) && mayOthers(name)), ...unmet]);
  const gained = open.filter((name) => !lost.has(name) && maySelf(name));
  return [...missing([...lost].sort(), question, false), ...gainedOn(gained, question), ...duties];
}

/** What no document speaks of and only QEMU's version tells: CPUs that do not follow their host are shown none of it (`arrival/hidden.ts`). */
function isHidden(feature: string, { hosts }: GatePool): boolean {
  return isOfKernel(feature) && !hosts.some(({ surplus }) => surplus.includes(feature));
}

/** What hosts tell their guests to defend against, and this guest is not told: it may pass, but somebody should know. */
function dutyIssues({ pool, isOffHere }: Question, differing: ReadonlySet<string>): readonly Issue[] {
  return [...DUTY_FLAWS].flatMap(([feature, flaw]) => {
    if (!differing.has(feature) || !isOffHere(feature)) return [];
    const hosts = (having: boolean): readonly string[] =>
      pool.hosts.filter(({ surplus }) => surplus.includes(feature) === having).map(({ name }) => name);
    const facts = { feature, flaw, cve: [], immune: [], presentOn: hosts(true), lackingOn: hosts(false) };
    return [issue('duty-bit-differs', facts)];
  });
}

/** One finding for what this host lacks, and one for what it is not known to have. */
function missing(features: readonly string[], { pool, maySelf }: Question, asked: boolean): readonly Issue[] {
  return [true, false].flatMap((certain) => {
    const some = features.filter((name) => maySelf(name) !== certain);
    const facts = { host: pool.self, features: some, asked, certain };
    return some.length === 0 ? [] : [issue('guest-feature-missing', facts)];
  });
}

/** A finding for all features that this host has, or may have, and the same others lack, or may lack. */
function gainedOn(features: readonly string[], { pool, hasSelf }: Question): readonly Issue[] {
  const about = (feature: string): Lackers & { readonly certain: boolean } => ({
    ...lackersOf(feature, pool),
    certain: hasSelf(feature),
  });
  return grouped(features, about).map((group) =>
    issue('guest-feature-gained', { host: pool.self, ...group }),
  );
}

/** The same of a guest that starts, with what its XML may name. */
function shownOn(features: readonly string[], { pool }: Question): readonly Issue[] {
  const about = (feature: string): Nameable => ({
    ...lackersOf(feature, pool),
    unnamedOn: pool.unnamed[feature] ?? [],
    hasAncestor: pool.ancestors[feature] !== undefined,
  });
  return grouped(features, about).map(({ hasAncestor: _, ...group }) => {
    const instead = [...new Set(group.features.flatMap((name) => pool.ancestors[name] ?? []))].sort();
    return issue('guest-feature-shown', { host: pool.self, ...group, instead });
  });
}

/** The other hosts that lack a feature, and those that may. */
type Lackers = Pick<Presence, 'missingOn' | 'unknownOn'>;

/** What else decides how a feature can be kept from a guest. */
interface Nameable extends Lackers {
  readonly unnamedOn: readonly string[];
  readonly hasAncestor: boolean;
}

function lackersOf(feature: string, { hosts, self }: GatePool): Lackers {
  const others = hosts.filter(({ name, surplus }) => name !== self && !surplus.includes(feature));
  const namesOf = (isUnknown: boolean): readonly string[] =>
    others.filter(({ unknown }) => unknown.includes(feature) === isUnknown).map(({ name }) => name);
  return { missingOn: namesOf(false), unknownOn: namesOf(true) };
}

/** Features of which the same is to be said, together. */
function grouped<About extends object>(
  features: readonly string[],
  about: (feature: string) => About,
): readonly (About & { readonly features: readonly string[] })[] {
  const groups = new Map<string, About & { readonly features: string[] }>();
  for (const feature of features) {
    const facts = about(feature);
    remembered(groups, JSON.stringify(facts), () => ({ ...facts, features: [] })).features.push(feature);
  }
  return [...groups.values()];
}

/**
 * What a live guest would gain on this host and QEMU can be told to leave off; `undefined` where something else
 * speaks against its arrival, or another host has the feature too and the guest may be using it.
 */
export function rescuableFeatures(
  { cpu, arch }: Domain,
  pool: GatePool,
  issues: readonly Issue[],
): readonly string[] | undefined {
  if (cpu === undefined || !followsHost(cpu) || (arch ?? pool.arch) !== 'x86_64') return undefined;
  const errors = issues.filter(({ severity }) => severity === 'error');
  const features = errors.flatMap((one) => (one.code === 'guest-feature-gained' ? one.features : [])).sort();
  if (features.length === 0 || errors.some(({ code }) => code !== 'guest-feature-gained')) return undefined;
  // An explicit "=on" comes behind every -global and wins over it.
  const insisted = new Set(namesWanted(cpu.features));
  const isSafe = features.every((name) => pool.rescuable.includes(name) && !insisted.has(name));
  return isSafe ? features : undefined;
}
