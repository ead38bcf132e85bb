import type { Host } from '../../../types/host.ts';
import type { Issue } from '../../../types/issue.ts';
import { powerLevel, PPC64, s390xGeneration } from '../../cpu/arches.ts';
import { unlikeProperties } from '../../cpu/arm.ts';
import { hasErrors, issue } from '../../issues/issues.ts';
import { groupsBy } from './kinds.ts';

/** What keeps these hosts of another architecture than x86 from being a pool, where that is not about features. */
export function otherPoolIssues(pool: readonly Host[]): readonly Issue[] {
  const [arch] = pool.map((host) => host.arch);
  if (pool.some((host) => host.arch !== arch)) return [];
  if (arch === 'aarch64') return armPoolIssues(pool);
  if (arch !== undefined && PPC64.has(arch)) return powerPoolIssues(pool);
  const models = modelsOf(pool);
  if (arch !== 's390x' || models.length < 2) return [];
  const lowest = oldest(pool);
  const facts = { models: groupsBy(pool, 'model'), ...(lowest !== undefined && { lowest }) };
  return [issue('base-models-differ', facts)];
}

/** libvirt says nothing about what ARM hosts give their guests: they are the same, or nobody knows. */
function armPoolIssues(pool: readonly Host[]): readonly Issue[] {
  const silent = pool.filter(({ features, issues }) => features === undefined && !hasErrors(issues));
  const names = pool.map(({ name }) => name);
  const unlike = unlikeProperties(pool);
  if (unlike.length > 0) return [issue('arm-properties-differ', { hosts: names, properties: unlike })];
  const looks = new Set(pool.map(({ model, vendor, unnamed }) => JSON.stringify([model, vendor, unnamed])));
  const alike = silent.length === pool.length && looks.size === 1;
  if (silent.length > 0 && !alike) return [issue('arm-hosts-differ', { hosts: names })];
  const known = pool.every(({ features }) => features !== undefined);
  return alike || known ? [issue('arm-not-comparable', { hosts: names })] : [];
}

/** Hosts of different POWER levels share the lower one, which a guest has to ask for. */
function powerPoolIssues(pool: readonly Host[]): readonly Issue[] {
  const levels = groupsBy(pool, 'model');
  if (levels.length < 2) return [];
  const lowest = oldest(pool);
  return [issue('power-levels-differ', { levels, ...(lowest !== undefined && { lowest }) })];
}

/** The models of these hosts, each once. */
export function modelsOf(pool: readonly Host[]): readonly string[] {
  return [...new Set(pool.map(({ model = '' }) => model))].sort();
}

/** How far a model has come; a higher rank has what a lower one has. */
export function rankOf(model: string): number | undefined {
  return powerLevel(model) ?? s390xGeneration(model);
}

/** The model of lowest rank, which all hosts can give; `undefined` where somebody's rank is not known. */
export function oldest(pool: readonly Pick<Host, 'model'>[]): string | undefined {
  const ranked = pool.map(({ model = '' }) => ({ model, rank: rankOf(model) ?? Number.NaN }));
  if (ranked.some(({ rank }) => Number.isNaN(rank))) return undefined;
  return ranked.toSorted((a, b) => a.rank - b.rank || (a.model < b.model ? -1 : 1))[0]?.model;
}
