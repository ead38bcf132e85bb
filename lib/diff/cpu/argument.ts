import type { DomainCpu, DomainFeature, QemuArgument } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import { globalSwitches, parseCpuArgument, type CpuArgument } from '../../cpu/cpu-argument.ts';
import { indexOf } from '../../cpu/map.ts';
import { canonicalName } from '../../cpu/names.ts';
import { hasErrors } from '../../issues/issues.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { cpuCase, saying, type Case, type Outcome } from '../case.ts';
import { isOff } from './changes.ts';
import { disablesFor } from './disables.ts';
import { featureIssues } from './findings.ts';
import { cpuIssues } from './mode.ts';

/**
 * The CPU of a guest whose `-cpu` goes past libvirt: `<cpu>` means nothing to it, so what the argument shows and not
 * every host has is an error, and nothing is written.
 */
export function argumentOutcome(c: Case, argument: QemuArgument): Outcome {
  const parsed = parseCpuArgument(argument.value);
  const cpu = cpuFrom(c, parsed, argument);
  const own = cpuCase(c, cpu);
  const { span } = argument;
  const note = c.issueAt('cpu-argument', span, { model: parsed.model });
  const issues = [note, ...c.pool.notes, ...cpuIssues(own), ...featureIssues(own)];
  if (hasErrors(issues)) return saying(issues);
  const off = new Set(cpu.features.filter(isOff).map(({ name }) => name));
  const open = disablesFor(own).disable.filter(({ feature }) => !off.has(feature));
  const differ = open.map(({ feature, missingOn, unknownOn }): Issue =>
    c.issueAt('cpu-argument-differs', span, { argument: '-cpu', feature, missingOn, unknownOn }),
  );
  return saying([...issues, ...differ]);
}

/** The CPU that the argument makes, as if the domain had said it. */
function cpuFrom({ pool }: Case, { model, properties }: CpuArgument, { span }: QemuArgument): DomainCpu {
  const features = [...properties].flatMap(([property, value]): DomainFeature[] => {
    const name = value === 'on' || value === 'off' ? featureNamed(pool, property) : undefined;
    if (name === undefined) return [];
    const policy = value === 'on' ? 'require' : 'disable';
    return [{ name, policy, span, policyValue: undefined, nameAttribute: span }];
  });
  const migratable = properties.get('migratable');
  return {
    ...{ span, startTag: span, contentEnd: span.end, children: [], match: 'exact', check: 'none', features },
    mode: model === 'host' ? 'host-passthrough' : model === 'max' ? 'maximum' : 'custom',
    model: model === 'host' || model === 'max' ? undefined : model,
    migratable: migratable === 'on' || migratable === 'off' ? migratable : undefined,
    ...{ modelSpan: span, fallback: 'forbid', vendor: undefined, vendorId: undefined },
    ...{ cacheMode: undefined, topology: undefined },
  };
}

/** libvirt's name of a property of QEMU's CPUs; `undefined` for one that is no feature. */
function featureNamed({ maps }: PoolFacts, property: string): string | undefined {
  return maps.map((map) => canonicalName(indexOf(map), property)).find((name) => name !== undefined);
}

/** What `-global` switches on in a CPU past libvirt, where not every host has it and `<cpu>` does not turn it off. */
export function globalIssues({ domain, pool, issueAt }: Case): readonly Issue[] {
  const off = new Set(domain.cpu?.features.filter(isOff).map(({ name }) => name));
  return globalSwitches(domain.commandLine).flatMap(({ property, value, span }) => {
    const feature = value === 'on' ? featureNamed(pool, property) : undefined;
    const loss = feature === undefined ? undefined : pool.losses.get(feature);
    if (feature === undefined || off.has(feature) || pool.common.has(feature)) return [];
    const { missingOn, unknownOn } = loss ?? { missingOn: pool.names, unknownOn: [] };
    return [issueAt('cpu-argument-differs', span, { argument: '-global', feature, missingOn, unknownOn })];
  });
}
