import type { Domain, DomainCpu, DomainFeature } from '../../../types/domain.ts';
import type { GateOperation, GatePool } from '../../../types/gate.ts';
import type { Issue } from '../../../types/issue.ts';
import { DUTY_FLAWS, INVERSE_BITS } from '../../cpu/facts/kinds.ts';
import { FILTERED, qemuName, TOPOLOGY_OWNED } from '../../cpu/names.ts';
import { defaultModel } from '../../cpu/qemu-models.ts';
import { issue } from '../../issues/issues.ts';
import { followsHost, isOff, isWanted, takesFeatures } from '../cpu/changes.ts';

/** A guest in front of a gate. */
interface Question {
  readonly cpu: DomainCpu;
  readonly pool: GatePool;
  readonly operation: GateOperation;
  /** Is the feature off, by the guest's `<cpu>` or by what it hands to QEMU? */
  readonly isOffHere: (feature: string) => boolean;
  /** Does this host certainly have it; does, or may, another one? */
  readonly hasSelf: (feature: string) => boolean;
  readonly mayOthers: (feature: string) => boolean;
}

/**
 * What speaks against a guest's operation on this host; nothing when it is safe. A finding of severity `error` with
 * the code `arch-mismatch` or `context-mismatch` says that the pool's facts are not about such a guest.
 *
 * @param globalsOff what the guest turns off past libvirt, in QEMU's spelling.
 */
export function judgeGuest(
  domain: Domain,
  pool: GatePool,
  operation: GateOperation,
  globalsOff: ReadonlySet<string>,
): readonly Issue[] {
  const stranger = foreignIssues(domain, pool);
  if (stranger.length > 0) return stranger;
  const cpu = takesFeatures(domain.cpu) ? domain.cpu : defaultCpu(domain);
  const question = questionOf(cpu, pool, operation, globalsOff);
  const issues = cpuIssues(question);
  return cpu.mode === 'custom' && cpu.match !== 'minimum'
    ? [...issues, ...askedIssues(question)]
    : [...issues, ...shownIssues(question)];
}

/** A domain without a CPU gets QEMU's default model, of which each host gives what it can. */
function defaultCpu({ arch, span }: Domain): DomainCpu {
  const nothing = { vendor: undefined, vendorId: undefined, cacheMode: undefined, topology: undefined };
  return {
    ...{ span, startTag: span, contentEnd: span.end, children: [], features: [], ...nothing },
    ...{ mode: 'custom', match: 'exact', check: 'none', migratable: undefined, fallback: undefined },
    ...{ model: defaultModel(arch), modelSpan: undefined },
  };
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
  const off = new Set(cpu.features.filter(isOff).map(({ name }) => name));
  const isOffHere = (name: string): boolean => off.has(name) || globalsOff.has(qemuName(name));
  const own = pool.hosts.filter(({ name }) => name === pool.self);
  const has = new Set([...pool.common, ...own.flatMap(({ surplus }) => surplus)]);
  const others = pool.hosts.filter(({ name }) => name !== pool.self);
  const may = new Set(others.flatMap(({ surplus, unknown }) => [...surplus, ...unknown]));
  for (const { unknown } of own) for (const name of unknown) may.add(name);
  return {
    cpu,
    pool,
    operation,
    isOffHere,
    hasSelf: (name) => has.has(name),
    mayOthers: (name) => may.has(name),
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
  const { cpu, pool, operation, isOffHere, hasSelf, mayOthers } = question;
  const insisted = cpu.features.filter(isInsisted).map(({ name }) => name);
  const optional = cpu.features.filter(({ policy }) => policy === 'optional').map(({ name }) => name);
  const fromModel = pool.models[cpu.model ?? ''] ?? [];
  const asked = [...new Set([...fromModel, ...insisted, ...optional])].filter((name) => !isOffHere(name));
  const sure = new Set(cpu.check === 'full' ? [...fromModel, ...insisted] : insisted);
  const lost = asked.filter((name) => !hasSelf(name) && (sure.has(name) || mayOthers(name)));
  // Started here, it would have what another host lacks. With check='full' it arrives, or asks to be held to it.
  const isNew = operation === 'prepare' && cpu.check !== 'full';
  const common = new Set(pool.common);
  const shown = isNew ? asked.filter((name) => hasSelf(name) && !common.has(name)) : [];
  return [...missing(lost, pool, true), ...beyond('guest-feature-shown', shown, pool)];
}

/** libvirt never passes the first to QEMU, and QEMU derives the others from the topology: no host has to have them. */
function isInsisted(feature: DomainFeature): boolean {
  return isWanted(feature) && !FILTERED.has(feature.name) && !TOPOLOGY_OWNED.has(feature.name);
}

/**
 * A CPU that follows its host shows all the host has. Started here, it shows what this host has: that must be in all
 * the others too, or off. Arriving, it has seen what its source had, which the hook is not told: whatever differs must
 * be off.
 */
function shownIssues(question: Question): readonly Issue[] {
  const { cpu, pool, operation, isOffHere, hasSelf } = question;
  const differing = new Set(pool.hosts.flatMap(({ surplus, unknown }) => [...surplus, ...unknown]));
  const isLevelled = (name: string): boolean => !(followsHost(cpu) && INVERSE_BITS.has(name));
  const open = [...differing].sort().filter((name) => {
    const ancestor = pool.ancestors[name];
    return isLevelled(name) && !isOffHere(name) && (ancestor === undefined || !isOffHere(ancestor));
  });
  const duties = dutyIssues(question, differing);
  const insisted = cpu.features.filter(isInsisted).map(({ name }) => name);
  const unmet = insisted.filter((name) => !hasSelf(name));
  if (operation === 'prepare') {
    const own = new Set(pool.hosts.find(({ name }) => name === pool.self)?.unknown);
    const shown = open.filter((name) => hasSelf(name) || own.has(name));
    return [...missing(unmet, pool, true), ...beyond('guest-feature-shown', shown, pool), ...duties];
  }
  const lost = [...new Set([...open.filter((name) => !hasSelf(name)), ...unmet])].sort();
  const gained = open.filter(hasSelf);
  return [...missing(lost, pool, false), ...beyond('guest-feature-gained', gained, pool), ...duties];
}

/** What hosts tell their guests to defend against, and this guest is not told: it may pass, but somebody should know. */
function dutyIssues({ pool, isOffHere }: Question, differing: ReadonlySet<string>): readonly Issue[] {
  return [...DUTY_FLAWS].flatMap(([feature, flaw]) => {
    if (!differing.has(feature) || !isOffHere(feature)) return [];
    const [presentOn, lackingOn] = [true, false].map((has) =>
      pool.hosts.filter(({ surplus }) => surplus.includes(feature) === has).map(({ name }) => name),
    );
    return [
      issue('duty-bit-differs', {
        feature,
        flaw,
        cve: [],
        immune: [],
        presentOn: presentOn ?? [],
        lackingOn: lackingOn ?? [],
      }),
    ];
  });
}

/** One finding for all features that this host lacks. */
function missing(features: readonly string[], { self }: GatePool, asked: boolean): readonly Issue[] {
  return features.length === 0 ? [] : [issue('guest-feature-missing', { host: self, features, asked })];
}

/** One finding for all features that this host has, or may have, with the others that lack one of them. */
function beyond(
  code: 'guest-feature-gained' | 'guest-feature-shown',
  features: readonly string[],
  { self, hosts }: GatePool,
): readonly Issue[] {
  if (features.length === 0) return [];
  const others = hosts.filter(({ name }) => name !== self);
  const lacking = others.filter(({ surplus, unknown }) =>
    features.some((one) => !surplus.includes(one) && !unknown.includes(one)),
  );
  const unsure = others.filter(
    (host) => !lacking.includes(host) && features.some((one) => host.unknown.includes(one)),
  );
  const missingOn = lacking.map(({ name }) => name);
  const unknownOn = unsure.map(({ name }) => name);
  return [issue(code, { host: self, features, missingOn, unknownOn })];
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
  const [only, another] = issues.filter(({ severity }) => severity === 'error');
  if (cpu === undefined || only?.code !== 'guest-feature-gained' || another !== undefined) return undefined;
  if (!followsHost(cpu) || (arch ?? pool.arch) !== 'x86_64') return undefined;
  const { features } = only;
  // An explicit "=on" comes behind every -global and wins over it.
  const insisted = new Set(cpu.features.filter(isWanted).map(({ name }) => name));
  const isSafe = features.every((name) => pool.rescuable.includes(name) && !insisted.has(name));
  return isSafe ? features : undefined;
}
