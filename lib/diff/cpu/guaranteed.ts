import type { DomainFeature } from '../../../types/domain.ts';
import { dependents } from '../../cpu/dependencies.ts';
import { isNamed } from '../../cpu/map.ts';
import { isOff } from './changes.ts';
import type { Context } from './findings.ts';
import { noteworthy } from '../pool/visible.ts';

/**
 * The features a guest may count on, sorted: what every host has and every host's libvirt can name, but for what is
 * off in this domain, what means nothing without something that is off, and what QEMU or libvirt never leave to the
 * host.
 */
export function assured(context: Context, gone: Iterable<string>): readonly string[] {
  const { cpu, baseline, common, maps, parents, options } = context;
  const isLeft = ({ name, policy }: DomainFeature): boolean => policy === 'optional' && !common.has(name);
  const own = cpu.features.filter((one) => isOff(one) || isLeft(one)).map(({ name }) => name);
  const off = new Set([...gone, ...own, ...(options.exhaustive === true ? others(context) : [])]);
  const orphans = dependents(off, parents);
  return baseline.common.filter(
    (name) => !off.has(name) && !orphans.has(name) && noteworthy(name) === undefined && isNamed(maps, name),
  );
}

/** Every other feature that all hosts can name and a guest could notice, sorted. */
export function others({ maps, common }: Context): readonly string[] {
  const [first] = maps;
  if (first === undefined) return [];
  return first.features
    .map(({ name }) => name)
    .filter((name) => !common.has(name) || noteworthy(name) === 'feature-not-migratable')
    .filter((name) => {
      const why = noteworthy(name);
      return (why === undefined || why === 'feature-not-migratable') && isNamed(maps, name);
    })
    .sort();
}
