import { enforcedAncestors } from '../../cpu/dependencies.ts';
import { TOPOLOGY_OWNED } from '../../cpu/names.ts';
import type { CpuCase } from '../case.ts';
import { isUnnoticed } from '../pool/visible.ts';
import { namesWanted } from './changes.ts';
import type { Disables } from './disables.ts';
import { guaranteed } from './guaranteed.ts';
import { definedBeyond, modelContext, shown } from './kept.ts';

/** What libvirt is to insist on: of a fixed CPU only what its model and its own lines show. */
export function required(c: CpuCase, { names }: Disables): readonly string[] {
  if (c.follows) return guaranteed(c, names);
  const { memory, losses } = c.pool;
  const all = memory(names, 'and losses', () => [...names, ...losses.keys()]);
  const own = shown(c);
  // Without what it depends on, QEMU turns off what the domain requires, and libvirt misses it.
  const needed = namesWanted(c.cpu.features).flatMap((name) => [...enforcedAncestors(c.pool.maps, name)]);
  return guaranteed(c, all).filter((name) => own.has(name) || needed.includes(name));
}

/**
 * With `check='full'` a fixed CPU starts only if QEMU shows nothing that is not listed, and QEMU's models may have more
 * than libvirt's: whatever a host could show has a line.
 */
export function covered(c: CpuCase, require: readonly string[]): readonly string[] {
  const { pool, model = '', follows } = c;
  if (follows) return [];
  const wanted = new Set(require);
  const could = [
    ...pool.baseline.common,
    ...pool.losses.keys(),
    ...definedBeyond(pool, model, modelContext(c, require)),
  ].filter((name) => !wanted.has(name) && !isUnnoticed(pool, name) && pool.isNamed(name));
  return unlisted(c, [...could, ...topology(c, 'absent')]);
}

/**
 * What QEMU's model sets from the topology: under KVM it is always `given`, though no host lists it; under emulation it
 * is `absent`.
 */
export function topology(
  { follows, model = '', domain, pool }: CpuCase,
  asked: 'given' | 'absent',
): readonly string[] {
  if (follows || (domain.type === 'kvm') !== (asked === 'given')) return [];
  return [...definedBeyond(pool, model, { machine: domain.machine })].filter(
    (name) => TOPOLOGY_OWNED.has(name) && pool.isNamed(name),
  );
}

/** Of these, what the domain does not speak of: its own lines stay. */
export function unlisted({ cpu }: CpuCase, names: readonly string[]): readonly string[] {
  const listed = new Set(cpu.features.map(({ name }) => name));
  return names.filter((name) => !listed.has(name));
}

/** Of these, what the domain does not decide itself: an optional feature is still open. */
export function openFeatures({ cpu }: CpuCase, names: readonly string[]): readonly string[] {
  const decided = new Set(cpu.features.flatMap(({ name, policy }) => (policy === 'optional' ? [] : [name])));
  return names.filter((name) => !decided.has(name));
}
