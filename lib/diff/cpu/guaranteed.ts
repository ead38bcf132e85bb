import type { DomainFeature } from '../../../types/domain.ts';
import { dependents } from '../../cpu/dependencies.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { isOff } from './changes.ts';
import type { CpuCase } from '../case.ts';
import { reasonToIgnore } from '../pool/ignored.ts';

/**
 * The features a guest may count on, sorted: what every host has and every host's libvirt can name, but for what is
 * off in this domain, what means nothing without something that is off, and what QEMU or libvirt never leave to the
 * host.
 */
export function guaranteed(c: CpuCase, disabled: readonly string[]): readonly string[] {
  const { cpu, pool, settings } = c;
  const { common, parents } = pool;
  const bearing = pool.memory(
    parents,
    'bearing',
    () => new Set([...common, ...[...parents.values()].flat()]),
  );
  const isLeft = ({ name, policy }: DomainFeature): boolean => policy === 'optional' && !common.has(name);
  let words = `guaranteed ${settings.exhaustive}`;
  for (const one of cpu.features)
    if (bearing.has(one.name) && (isOff(one) || isLeft(one))) words += ` ${one.name}`;
  return pool.memory(disabled, words, () =>
    guaranteedWithout(c, [...disabled, ...words.split(' ').slice(2)]),
  );
}

function guaranteedWithout({ pool, settings }: CpuCase, disabled: readonly string[]): readonly string[] {
  const { baseline, isNamed, parents } = pool;
  const off = new Set([...disabled, ...(settings.exhaustive ? nameable(pool) : [])]);
  const orphans = dependents(off, parents);
  return Object.freeze(
    baseline.common.filter(
      (name) => !off.has(name) && !orphans.has(name) && reasonToIgnore(name) === undefined && isNamed(name),
    ),
  );
}

/** Every other feature that all hosts can name and a guest could notice, sorted. */
export function nameable(pool: PoolFacts): readonly string[] {
  return pool.memory(nameable, '', () => Object.freeze(nameableIn(pool)));
}

function nameableIn({ maps, common, isNamed }: PoolFacts): readonly string[] {
  const [first] = maps;
  if (first === undefined) return [];
  return first.features
    .map(({ name }) => name)
    .filter((name) => {
      const why = reasonToIgnore(name) ?? (common.has(name) ? 'common' : undefined);
      return (why === undefined || why === 'feature-not-migratable') && isNamed(name);
    })
    .sort();
}
