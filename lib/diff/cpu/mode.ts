import type { BaselineHost } from '../../../types/baseline.ts';
import type { Issue, IssueFacts } from '../../../types/issue.ts';
import { featuresOfModel, indexOf, isModel } from '../../cpu/map.ts';
import { addedByQemu } from '../../cpu/qemu-models.ts';
import { isWanted } from './changes.ts';
import { lacksModel } from './custom-model.ts';
import type { CpuCase } from '../case.ts';
import { isX86 } from './findings.ts';

/** What is to be said of the CPU as a whole: its mode, and how it is matched and checked. */
export function cpuIssues(context: CpuCase): readonly Issue[] {
  const { cpu, settings, found, model, pool } = context;
  const { baseline, identity } = pool;
  const { mode, match, check, startTag } = cpu;
  const isPinned = settings.pin !== undefined;
  const issues: Issue[] = [];
  if (!isPinned) issues.push(...migratableIssues(context));
  if (match === 'strict' && !isPinned) issues.push(found('match-strict', startTag, {}));
  if (mode === 'host-model' && !isPinned && isX86(baseline)) issues.push(...identity);
  if (check === 'full' && !settings.guard && !isPinned) issues.push(...checkIssues(context));
  // Only x86 has a map of models; other architectures have rules of their own.
  return mode === 'custom' && isX86(baseline) ? [...issues, ...namedIssues(context, model)] : issues;
}

function namedIssues(context: CpuCase, model: string | undefined): readonly Issue[] {
  return [...vendorIssues(context), ...(model === undefined ? [] : existence(context, model))];
}

function migratableIssues({ cpu, settings, found }: CpuCase): readonly Issue[] {
  if (cpu.migratable !== 'off') return [];
  const code = settings.migratable === 'on' ? 'migratable-set' : 'not-migratable';
  return [found(code, cpu.startTag, { received: "migratable='off'" })];
}

/**
 * `check='full'` compares what libvirt can know of: for a CPU that follows its host only the features that are listed,
 * for a named model everything, also what QEMU adds to it.
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
function checkIssues({ cpu, pool, model, found, follows }: CpuCase): readonly Issue[] {
  const { common, maps } = pool;
  const { mode, features, startTag } = cpu;
  if (mode === 'host-passthrough' || mode === 'maximum')
    return features.some(isWanted) ? [] : [found('check-not-enforced', startTag, { received: mode })];
  if (model === undefined || follows) return [];
  const listed = new Set(features.map(({ name }) => name));
  const inModel = (name: string): boolean =>
    maps.every((map) => featuresOfModel(indexOf(map), model)?.has(name));
  const extra = [...addedByQemu(model)].filter(
    (name) => common.has(name) && !listed.has(name) && !inModel(name),
  );
  return extra.length === 0 ? [] : [found('check-full-model', startTag, { model, features: extra.sort() })];
}

function vendorIssues({
  cpu: { vendor, span },
  pool: { baseline, names },
  found,
}: CpuCase): readonly Issue[] {
  if (vendor === undefined || baseline.vendor === undefined || vendor === baseline.vendor) return [];
  return [found('vendor-mismatch', span, { hosts: names, received: `${vendor}, ${baseline.vendor}` })];
}

/**
 * A named model has to exist on every host: in libvirt's map, and in QEMU. What QEMU does not have libvirt puts another
 * model in the place of, where `fallback` lets it; a CPU that becomes its host's needs the model for comparison only.
 */
function existence({ cpu, pool, found }: CpuCase, model: string): readonly Issue[] {
  const isKnown = ({ cpuMaps }: BaselineHost): boolean => isModel(cpuMaps, model);
  const strangers = pool.hosts.filter((host) => !isKnown(host));
  const without =
    cpu.match === 'minimum' ? [] : pool.hosts.filter((host) => isKnown(host) && lacksModel(host, model));
  const { fallback: policy = 'allow' } = cpu;
  const told = (hosts: readonly BaselineHost[]): IssueFacts => ({
    model,
    hosts: hosts.map(({ name }) => name),
  });
  const severity = policy === 'allow' ? 'warning' : 'error';
  return [
    ...(strangers.length === 0 ? [] : [found('unknown-model', cpu.span, told(strangers))]),
    ...(without.length === 0
      ? []
      : [found('model-missing', cpu.modelSpan ?? cpu.span, { ...told(without), policy }, severity)]),
  ];
}
