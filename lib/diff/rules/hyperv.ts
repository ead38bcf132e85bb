import type { DomainUse } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { Case } from '../case.ts';

/** What a host lists for a key. */
export interface OfferList {
  readonly host: string;
  readonly list: readonly string[];
}

/** Every enlightenment the host happens to have: another host has others. */
export function hypervMode(
  { pool, issueAt }: Case,
  { value, span }: DomainUse,
  listsFor: (key: string) => readonly OfferList[],
): readonly Issue[] {
  if (value === 'passthrough') return [issueAt('hyperv-passthrough', span, {})];
  if (value === 'custom') return [];
  if (value !== 'host-model') return [issueAt('hyperv-mode', span, { mode: value })];
  const settings = new Map(listsFor('hyperv.defaults').map(({ host, list }) => [host, list]));
  const lists = listsFor('hyperv.features').map(({ host, list }) => ({
    host,
    list: [...list, ...(settings.get(host) ?? [])],
  }));
  const all = [...new Set(lists.flatMap(({ list }) => list))].sort();
  const features = all.filter((name) => lists.some(({ list }) => !list.includes(name)));
  const unknownOn = pool.names.filter((name) => !lists.some(({ host }) => host === name));
  if (features.length + unknownOn.length === 0) return [];
  const common = all.filter((name) => !features.includes(name));
  return [issueAt('hyperv-host-model', span, { features, common, unknownOn })];
}
