import type { BaselineHost } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import { isX86 } from '../../cpu/arches.ts';
import { featuresOfModel, indexOf, isModel } from '../../cpu/map.ts';
import { followsHost, isWanted } from './changes.ts';
import { hostsLacking, lacksModel } from './custom-model.ts';
import { NOTHING, together, type CpuCase } from '../case.ts';
import { addedTo } from './kept.ts';

/** What is to be said of the CPU as a whole: its mode, and how it is matched and checked. */
export function cpuIssues(context: CpuCase): readonly Issue[] {
  const { cpu, settings, model, pool } = context;
  const ofMode = settings.pin === undefined ? modeIssues(context) : NOTHING.issues;
  // Only x86 has a map of models; other architectures have rules of their own.
  if (cpu.mode !== 'custom' || !isX86(pool.baseline)) return ofMode;
  const ofModel = model === undefined ? NOTHING.issues : existence(context, model);
  return together(ofMode, vendorIssues(context), ofModel);
}

/** What a pin changes anyway. */
function modeIssues(context: CpuCase): readonly Issue[] {
  const { cpu, settings, issueAt, pool } = context;
  const { mode, match, check, startTag } = cpu;
  return together(
    migratableIssues(context),
    match === 'strict' ? [issueAt('match-strict', startTag, {})] : NOTHING.issues,
    mode === 'host-model' && isX86(pool.baseline) ? pool.identity : NOTHING.issues,
    check === 'full' && !settings.guard ? checkIssues(context) : NOTHING.issues,
  );
}

function migratableIssues({ cpu, settings, issueAt }: CpuCase): readonly Issue[] {
  if (cpu.migratable !== 'off') return NOTHING.issues;
  if (settings.migratable === 'on') return [issueAt('migratable-set', cpu.startTag, {})];
  return [issueAt('not-migratable', cpu.startTag, { use: 'cpu.migratable', value: cpu.migratable })];
}

/**
 * `check='full'` compares what libvirt can know of: for a CPU that follows its host only the features that are listed,
 * for a named model everything, also what QEMU adds to it.
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
function checkIssues({ cpu, domain, pool, model, issueAt, follows }: CpuCase): readonly Issue[] {
  const { common, maps } = pool;
  const { mode, features, startTag } = cpu;
  if (followsHost(cpu))
    return features.some(isWanted) ? [] : [issueAt('check-not-enforced', startTag, { mode })];
  if (model === undefined || follows) return [];
  const listed = new Set(features.map(({ name }) => name));
  const inModel = (name: string): boolean =>
    maps.every((map) => featuresOfModel(indexOf(map), model)?.has(name));
  const extra = [...addedTo(pool, model, { virtType: domain.type, machine: domain.machine })].filter(
    (name) => common.has(name) && !listed.has(name) && !inModel(name),
  );
  return extra.length === 0 ? [] : [issueAt('check-full-model', startTag, { model, features: extra.sort() })];
}

function vendorIssues({
  cpu: { vendor, span },
  pool: { baseline, names },
  issueAt,
}: CpuCase): readonly Issue[] {
  if (vendor === undefined || baseline.vendor === undefined || vendor === baseline.vendor)
    return NOTHING.issues;
  return [
    issueAt('vendor-mismatch', span, {
      vendors: [{ vendor: baseline.vendor, hosts: names }],
      domainVendor: vendor,
    }),
  ];
}

/**
 * A named model has to exist on every host: in libvirt's map, and in QEMU. What QEMU does not have libvirt puts another
 * model in the place of, where `fallback` lets it; a CPU that becomes its host's needs the model for comparison only.
 */
function existence({ cpu, pool, issueAt }: CpuCase, model: string): readonly Issue[] {
  if (pool.askAbout(isOnAll, model)) return NOTHING.issues;
  const { inLibvirt, inQemu } = hostsLacking(pool.hosts, model);
  const fallback = cpu.fallback === undefined || cpu.fallback === 'allow' ? 'allow' : 'forbid';
  const severity = fallback === 'allow' ? 'warning' : 'error';
  const missing = { model, hosts: inQemu, fallback } as const;
  const isNeeded = inQemu.length > 0 && cpu.match !== 'minimum';
  return [
    ...(inLibvirt.length === 0 ? [] : [issueAt('unknown-model', cpu.span, { model, hosts: inLibvirt })]),
    ...(isNeeded ? [issueAt('model-missing', cpu.modelSpan ?? cpu.span, missing, severity)] : []),
  ];
}

/** Has every libvirt and every QEMU the model? */
function isOnAll(hosts: readonly BaselineHost[], model: string): boolean {
  return hosts.every((host) => isModel(host.cpuMaps, model) && !lacksModel(host, model));
}
