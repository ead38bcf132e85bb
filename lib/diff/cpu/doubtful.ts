import type { Obstacle } from '../../../types/issue-facts/features.ts';
import type { Issue, IssueFactsByCode } from '../../../types/issue.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import { namedAncestor } from '../../cpu/dependencies.ts';
import { CORE, TOPOLOGY_OWNED } from '../../cpu/names.ts';
import { issue } from '../../issues/issues.ts';
import { arrivalOf } from '../arrival/lists.ts';
import type { CpuCase } from '../case.ts';
import { isOff, isWanted } from './changes.ts';
import type { Consequence, Disables } from './disables.ts';
import { conflict } from './findings.ts';

/** What keeps disables of which that is not certain from being written, and what follows from others. */
export function doubtfulIssues(c: CpuCase, { doubtful, notes }: Disables): readonly Issue[] {
  const { cpu, settings } = c;
  const isOpen = (found: PlannedDisable): boolean =>
    isKeptFromQemu(found) || !cpu.features.some((one) => one.name === found.feature && isOff(one));
  const open = doubtful.filter(isOpen);
  const core = settings.accept.has('core-features') ? [] : open.filter(({ feature }) => CORE.has(feature));
  const consequences = notes.size === 0 ? [] : open.flatMap(({ feature }) => notes.get(feature) ?? []);
  return [
    ...inexpressible(c, open),
    ...core.map(({ feature, missingOn, unknownOn }) =>
      issue('core-feature', { feature, missingOn, unknownOn }),
    ),
    ...consequences,
    ...orphans(c, consequences),
  ];
}

function inexpressible(c: CpuCase, open: readonly PlannedDisable[]): readonly Issue[] {
  const unnamed = open.filter(({ unnamedOn, feature }) => unnamedOn.length > 0 && isSeen(c, feature));
  const withheld = withheldIssues(c, unnamed.filter(isKeptFromQemu));
  // QEMU turns these off, whatever libvirt calls them.
  const others = c.settings.onArrival ? [] : unnamed.filter((one) => !isKeptFromQemu(one));
  if (others.length === 0) return withheld;
  const facts = inexpressibleFacts(others);
  // A host's own form has a line only for what that host has, and so its libvirt can name it.
  const found =
    c.settings.form === 'per-host'
      ? issue('feature-not-named', facts)
      : issue('feature-not-expressible', { ...facts, ...wayUp(c, facts.features) });
  return [found, ...withheld];
}

function inexpressibleFacts(
  some: readonly PlannedDisable[],
): Pick<IssueFactsByCode['feature-not-expressible'], 'features' | 'unnamedOn'> {
  const unnamedOn = [...new Set(some.flatMap((one) => one.unnamedOn))].sort();
  return { features: some.map(({ feature }) => feature), unnamedOn };
}

/** No form of `<cpu>` turns these off. Where hosts differ in them, QEMU does on arrival. */
function withheldIssues(c: CpuCase, withheld: readonly PlannedDisable[]): readonly Issue[] {
  if (withheld.length === 0) return [];
  const levelled = c.pool.ask(arrivalOf).features;
  const isOpen = ({ feature }: PlannedDisable): boolean =>
    !(c.settings.onArrival && levelled.includes(feature));
  const facts = inexpressibleFacts(withheld.filter(isOpen));
  if (facts.features.length === 0) return [];
  const isLevelled = facts.features.every((name) => levelled.includes(name));
  return [
    issue('feature-not-expressible', {
      ...facts,
      instead: [],
      withheld: true,
      ...(isLevelled && { option: 'onArrival' }),
    }),
  ];
}

/** Every libvirt has a name for these: where one hands QEMU no line about them, none of any form turns them off. */
function isKeptFromQemu({ feature, unnamedOn }: PlannedDisable): boolean {
  return unnamedOn.length > 0 && TOPOLOGY_OWNED.has(feature);
}

/** Where a parent could be disabled in place of each of these, the option that lets it. */
function wayUp(
  { settings, pool }: CpuCase,
  features: readonly string[],
): Pick<IssueFactsByCode['feature-not-expressible'], 'instead' | 'option'> {
  const ancestors = features.map((feature) => namedAncestor(pool.maps, feature));
  if (settings.disableParent || ancestors.includes(undefined)) return { instead: [] };
  const instead = [...new Set(ancestors.filter((name) => name !== undefined))].sort();
  return { instead, option: 'disableParent' };
}

/** A pinned model has nothing that it is not given, but for what comes with a feature it has. */
function isSeen({ settings, pool }: CpuCase, feature: string): boolean {
  const isPinned = settings.pin !== undefined;
  const ancestor = isPinned ? namedAncestor(pool.maps, feature) : feature;
  return ancestor !== undefined && (!isPinned || pool.common.has(ancestor));
}

/** A feature that is disabled because of another, and that the domain insists on. */
function orphans(c: CpuCase, consequences: readonly Consequence[]): readonly Issue[] {
  if (consequences.length === 0) return [];
  const obstacles = new Map(consequences.map((one) => [one.feature, obstacleOf(one)]));
  return c.cpu.features.flatMap((feature) => {
    const obstacle = isWanted(feature) ? obstacles.get(feature.name) : undefined;
    return obstacle === undefined ? [] : [conflict(c, feature, obstacle)];
  });
}

function obstacleOf(one: Consequence): Obstacle {
  return one.code === 'feature-dependency'
    ? { cause: 'parent', parent: one.parent }
    : { cause: 'instead', insteadOf: one.insteadOf };
}
