import type { Domain, DomainCpu, DomainFeature } from '../../../types/domain.ts';
import type {
  DomainChange,
  DomainPlan,
  ElementChange,
  FeatureChange,
  PlannedDisable,
  WrittenPolicy,
} from '../../../types/plan.ts';
import type { Span } from '../../../types/xml.ts';
import { frozen } from '../../text/frozen.ts';
import type { Memory } from '../memory.ts';

/** Is the feature off in this domain whatever the host? */
export function isOff({ policy }: DomainFeature): boolean {
  return policy === 'disable' || policy === 'forbid';
}

/** Does the domain insist on the feature? */
export function isWanted({ policy }: DomainFeature): boolean {
  return policy === 'require' || policy === 'force';
}

/** The features that these lines turn off. */
export function namesOff(features: readonly DomainFeature[] = []): readonly string[] {
  return features.filter(isOff).map(({ name }) => name);
}

/** The features that these lines insist on. */
export function namesWanted(features: readonly DomainFeature[] = []): readonly string[] {
  return features.filter(isWanted).map(({ name }) => name);
}

/** Is the CPU compared with no host? What a domain leaves open, libvirt writes at once: of an emulated guest `none` (tried with 9.0.0). */
export function hasNoCheck(cpu: DomainCpu | undefined, type: string | undefined): boolean {
  return (cpu?.check ?? (type === 'qemu' ? 'none' : undefined)) === 'none';
}

/** Without a topology, libvirt gives each processor a socket of its own. */
export function processorsPerSocket({ cpu }: Pick<Domain, 'cpu'>): number {
  const { topology } = cpu ?? {};
  return topology === undefined ? 1 : topology.dies * topology.clusters * topology.cores * topology.threads;
}

/**
 * The changes that give these features a policy: nothing for what is off already, or, where it is to be required, insisted
 * on already; a new policy for what else is listed. The lists of a pool come again for most of its domains; from a memory,
 * the same question has the same objects for answer.
 */
export function linesTo(
  cpu: DomainCpu,
  names: readonly string[],
  policy: WrittenPolicy,
  memory?: Memory,
): readonly FeatureChange[] {
  const answer = (): NewLines => newLines(names, policy);
  const { lines, places } = memory?.(names, policy, answer) ?? answer();
  let changes: (FeatureChange | undefined)[] | undefined;
  for (const feature of cpu.features) {
    const place = places.get(feature.name);
    if (place === undefined) continue;
    const isSettled = policy === 'disable' ? isOff(feature) : feature.policy !== 'optional';
    changes ??= [...lines];
    changes[place] = isSettled ? undefined : frozen({ kind: 'replace', name: feature.name, policy, feature });
  }
  return changes === undefined ? lines : Object.freeze(changes.filter((change) => change !== undefined));
}

interface NewLines {
  readonly lines: readonly FeatureChange[];
  readonly places: ReadonlyMap<string, number>;
}

function newLines(names: readonly string[], policy: WrittenPolicy): NewLines {
  const lines = names.map((name): FeatureChange => Object.freeze({ kind: 'add', name, policy }));
  return { lines: Object.freeze(lines), places: new Map(names.map((name, place) => [name, place])) };
}

/** Of what must be off, what the shared form of a plan turns off: the rest is off in the domain already. */
export function disablesWritten({
  disable,
  shared,
}: Pick<DomainPlan, 'disable' | 'shared'>): readonly PlannedDisable[] {
  const names = new Set(shared.flatMap((change) => (isDisabling(change) ? [change.name] : [])));
  return disable.filter(({ feature }) => names.has(feature));
}

function isDisabling(change: DomainChange): change is FeatureChange {
  return (change.kind === 'add' || change.kind === 'replace') && change.policy === 'disable';
}

export function setAttribute(startTag: Span, name: string, value: string): ElementChange {
  return { kind: 'set-attribute', startTag, name, value };
}

/** May feature lines be written into this CPU at all? libvirt refuses them in custom mode without a model. */
export function takesFeatures(cpu: DomainCpu | undefined): cpu is DomainCpu {
  return cpu !== undefined && (cpu.mode !== 'custom' || cpu.model !== undefined);
}

/** A CPU that no `<cpu>` states, as if one stood at this place: custom, and nothing of it known. */
export function cpuWithoutElement(span: Span): DomainCpu {
  return {
    span,
    startTag: span,
    contentEnd: span.end,
    children: [],
    features: [],
    mode: 'custom',
    match: 'exact',
    check: 'none',
    migratable: undefined,
    model: undefined,
    modelSpan: undefined,
    fallback: undefined,
    vendor: undefined,
    vendorId: undefined,
    cacheMode: undefined,
    topology: undefined,
  };
}

/** Is it a named model, which libvirt compares line by line? With match='minimum' it becomes its host's CPU. */
export function isListed(cpu: Pick<DomainCpu, 'mode' | 'match'> | undefined): boolean {
  return cpu?.mode === 'custom' && cpu.match !== 'minimum';
}

/** Is it one of the CPUs that QEMU calls `host` and `max`? Others keep the features they were started with. */
export function followsHost({ mode }: Pick<DomainCpu, 'mode'>): boolean {
  return mode === 'host-passthrough' || mode === 'maximum';
}
