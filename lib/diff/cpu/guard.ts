import { isNamed } from '../../cpu/map.ts';
import { TOPOLOGY_OWNED } from '../../cpu/names.ts';
import { inQemusModel } from '../../cpu/qemu-models.ts';
import { assured } from './guaranteed.ts';
import type { Context } from './findings.ts';
import { noteworthy } from '../pool/visible.ts';
import { shown, type Unwanted } from './disables.ts';

/** What libvirt is to insist on: of a fixed CPU only what its model and its own lines show. */
export function required(context: Context, { names }: Unwanted): readonly string[] {
  if (context.follows) return assured(context, names);
  const own = shown(context);
  return assured(context, [...names, ...context.losses.keys()]).filter((name) => own.has(name));
}

/**
 * With `check='full'` a fixed CPU starts only if QEMU shows nothing that is not listed, and QEMU's models may have more
 * than libvirt's: whatever a host could show has a line.
 */
export function covered(context: Context, require: readonly string[]): readonly string[] {
  const { baseline, losses, maps, model = '', follows } = context;
  if (follows) return [];
  const wanted = new Set(require);
  const could = [...baseline.common, ...losses.keys(), ...inQemusModel(model)].filter(
    (name) => !wanted.has(name) && noteworthy(name) === undefined && isNamed(maps, name),
  );
  return unlisted(context, [...could, ...topology(context, false)]);
}

/** What QEMU's model sets from the topology: KVM can always give it, though no host lists it; emulation cannot. */
export function topology(
  { follows, model = '', virtType, maps }: Context,
  isGiven: boolean,
): readonly string[] {
  if (follows || (virtType === 'kvm') !== isGiven) return [];
  return inQemusModel(model).filter((name) => TOPOLOGY_OWNED.has(name) && isNamed(maps, name));
}

/** Of these, what the domain does not speak of: its own lines stay. */
export function unlisted({ cpu }: Context, names: readonly string[]): readonly string[] {
  const listed = new Set(cpu.features.map(({ name }) => name));
  return names.filter((name) => !listed.has(name));
}

/** Of these, what the domain does not decide itself: an optional feature is still open. */
export function undecided({ cpu }: Context, names: readonly string[]): readonly string[] {
  const decided = new Set(cpu.features.flatMap(({ name, policy }) => (policy === 'optional' ? [] : [name])));
  return names.filter((name) => !decided.has(name));
}
