import type { Loss } from '../../../types/baseline.ts';
import type { DomainCpu, DomainFeature, QemuArgument } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import {
  globalSwitches,
  isFollower,
  isNoFeature,
  parseCpuArgument,
  type CpuArgument,
} from '../../cpu/cpu-argument.ts';
import { canonicalIn } from '../../cpu/known-names.ts';
import { hasErrors } from '../../issues/issues.ts';
import { archFindings } from '../arch.ts';
import { cpuCase, saying, type Case, type CpuCase, type Outcome } from '../case.ts';
import { lackersOf } from '../pool/facts.ts';
import { DEFAULTS } from '../settings.ts';
import { cpuWithoutElement, namesOff } from './changes.ts';
import { disablesFor } from './disables.ts';
import { isLost } from './findings.ts';
import { cpuIssues } from './mode.ts';

/**
 * The CPU of a guest whose `-cpu` goes past libvirt: `<cpu>` means nothing to it, so what the argument shows and not
 * every host has is an error, and nothing is written.
 */
export function argumentOutcome(c: Case, argument: QemuArgument): Outcome {
  const parsed = parseCpuArgument(argument.value);
  const cpu = cpuFrom(c, parsed, argument);
  // What is asked of <cpu> changes nothing of this CPU, so it does not mend it either.
  const own = cpuCase({ ...c, settings: DEFAULTS }, cpu);
  const { span } = argument;
  const note = c.issueAt('cpu-argument', span, { model: parsed.model });
  const issues = [
    note,
    ...c.pool.notes,
    ...refusals(c, parsed, argument),
    ...cpuIssues(own),
    ...archFindings(own),
  ];
  if (hasErrors(issues)) return saying(issues);
  const off = new Set(namesOff(cpu.features));
  const open = disablesFor(own).disable.filter(({ feature }) => !off.has(feature));
  const differ = [...open, ...wantedLosses(own, open), ...strangers(own, parsed)].map((one): Issue => {
    const { feature, missingOn, unknownOn } = one;
    return c.issueAt('cpu-argument-differs', span, { argument: '-cpu', feature, missingOn, unknownOn });
  });
  return saying([...issues, ...differ, ...globalIssues(c, cpu.features)]);
}

/** What QEMU refuses to migrate, whatever the hosts. */
function refusals(c: Case, { properties }: CpuArgument, { span }: QemuArgument): readonly Issue[] {
  const said = new Map([...properties].map(([name, value]) => [name.replaceAll('_', '-'), value]));
  return [...said].flatMap(([name, value]) =>
    isRefused(name, value, said.has('tsc-frequency') || said.has('tsc-freq'))
      ? [c.issueAt('not-migratable', span, { use: 'argument.cpu', value: `${name}=${value}` })]
      : [],
  );
}

/** QEMU moves an invariant time stamp counter only where its frequency is stated. */
function isRefused(name: string, value: string, hasFrequency: boolean): boolean {
  return name === 'invtsc' ? value === 'on' && !hasFrequency : REFUSED.get(name) === value;
}

/** By the texts of QEMU 7.2: "'hv-no-nonarch-coresharing=auto' CPU flag prevents migration". */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['migratable', 'off'],
  ['hv-passthrough', 'on'],
  ['hv-no-nonarch-coresharing', 'auto'],
]);

type Lacking = Pick<Loss, 'feature' | 'missingOn' | 'unknownOn'>;

/** What the argument insists on and some host lacks. */
function wantedLosses(c: CpuCase, told: readonly Lacking[]): readonly Lacking[] {
  const known = new Set(told.map(({ feature }) => feature));
  const lost = c.cpu.features.filter((feature) => isLost(c, feature) && !known.has(feature.name));
  return lost.map(({ name }) => ({ feature: name, ...lackersOf(c.pool, name) }));
}

/** What is switched on by a name that libvirt of no host knows: whether hosts give it cannot be told. */
function strangers({ pool }: CpuCase, { properties }: CpuArgument): readonly Lacking[] {
  const on = [...properties].filter(([, value]) => value === 'on').map(([name]) => name);
  const open = on.filter((name) => !isNoFeature(name) && canonicalIn(pool.maps, name) === undefined);
  return open.map((feature) => ({ feature, missingOn: [], unknownOn: pool.names }));
}

/** The CPU that the argument makes, as if the domain had said it. */
function cpuFrom({ pool }: Case, { model, properties }: CpuArgument, { span }: QemuArgument): DomainCpu {
  const features = [...properties].flatMap(([property, value]): DomainFeature[] => {
    const name = value === 'on' || value === 'off' ? canonicalIn(pool.maps, property) : undefined;
    if (name === undefined) return [];
    const policy = value === 'on' ? 'require' : 'disable';
    return [{ name, policy, span, policyValue: undefined, nameAttribute: span }];
  });
  return {
    ...cpuWithoutElement(span),
    features,
    mode: model === 'host' ? 'host-passthrough' : model === 'max' ? 'maximum' : 'custom',
    model: isFollower(model) ? undefined : model,
    modelSpan: span,
    fallback: 'forbid',
  };
}

/** What `-global` switches on in a CPU past libvirt, where not every host has it and the CPU does not turn it off itself. */
export function globalIssues(
  c: Case,
  features: readonly DomainFeature[] = c.domain.cpu?.features ?? [],
): readonly Issue[] {
  const { domain, pool, issueAt } = c;
  const off = new Set(namesOff(features));
  const on = globalSwitches(domain.commandLine).flatMap(({ property, value, span }) => {
    if (value !== 'on' || isNoFeature(property)) return [];
    const feature = canonicalIn(pool.maps, property);
    if (feature !== undefined && (off.has(feature) || pool.common.has(feature))) return [];
    const { missingOn, unknownOn } =
      feature === undefined
        ? { missingOn: [], unknownOn: pool.names }
        : (pool.losses.get(feature) ?? { missingOn: pool.names, unknownOn: [] });
    const facts = { argument: '-global', feature: feature ?? property, missingOn, unknownOn } as const;
    return [issueAt('cpu-argument-differs', span, facts)];
  });
  return [...refusedGlobals(c, off), ...on];
}

/** What QEMU refuses to migrate, but for what the CPU says itself: that comes behind and wins. */
function refusedGlobals({ domain, issueAt }: Case, off: ReadonlySet<string>): readonly Issue[] {
  const switches = globalSwitches(domain.commandLine);
  const hasFrequency =
    domain.uses.some(({ key }) => key === 'timer.tsc') ||
    switches.some(({ property }) => property.replace('_', '-') === 'tsc-frequency');
  return switches.flatMap(({ property, value, span }) => {
    const name = property.replaceAll('_', '-');
    const isSettled = off.has(name) || (name === 'migratable' && domain.cpu?.migratable === 'on');
    if (isSettled || !isRefused(name, value, hasFrequency)) return [];
    return [issueAt('not-migratable', span, { use: 'argument.global', value: `${name}=${value}` })];
  });
}
