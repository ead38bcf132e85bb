import type { Acceptance, AlsoOptions, Judgement, PlanOptions, Refusal } from '../../../types/options.ts';
import type { XmlLimits } from '../../../types/xml.ts';
import { CommandError } from '../errors.ts';
import type { Arguments } from './parse.ts';

export function limits(args: Arguments): XmlLimits {
  const [maxDepth, maxLength] = [args.number('max-depth'), args.number('max-length')];
  return {
    ...(maxDepth !== undefined && { maxDepth }),
    ...(maxLength !== undefined && { maxLength }),
  };
}

/** What to let pass, and what to stop at, whatever domain comes. */
export function judgement(args: Arguments): Judgement {
  const accept: readonly Acceptance[] = [
    ...(args.has('any-machine') ? ['other-machine' as const] : []),
    ...(args.has('same-host') ? ['same-host' as const] : []),
    ...(args.has('allow-below-floor') ? ['below-floor' as const] : []),
  ];
  const refuse: readonly Refusal[] = [
    ...(args.has('strict') ? (['weak-source', 'unnamed', 'identity'] as const) : []),
    ...(args.texts('refuse') as readonly Refusal[]),
  ];
  return { ...(accept.length > 0 && { accept }), ...(refuse.length > 0 && { refuse }) };
}

/** What to change, and what to refuse. */
export function planOptions(args: Arguments): PlanOptions {
  const model = args.text('model');
  if (model !== undefined && !args.has('pin'))
    throw new CommandError('contradictory-options', '--model needs --pin');
  const contrary = (['pin', 'guard', 'qemu-properties'] as const).find((name) => args.has(name));
  if (args.has('on-arrival') && contrary !== undefined)
    throw new CommandError('contradictory-options', `--on-arrival and --${contrary} exclude each other`);
  const accept = [
    ...(args.has('override-conflicts') ? ['conflicts' as const] : []),
    ...(args.has('allow-core-features') ? ['core-features' as const] : []),
  ];
  const cpu = {
    guard: args.has('guard'),
    exhaustive: args.has('exhaustive'),
    disableParent: args.has('disable-parent'),
    onArrival: args.has('on-arrival'),
    auto: args.has('auto'),
    pin: model ?? args.has('pin'),
    ...floorOption(args).cpu,
  };
  return { cpu, also: alsoOptions(args), accept };
}

/** What the guest has to keep at least. */
export function floorOption(args: Arguments): { readonly cpu?: { readonly floor: string } } {
  const floor = args.text('floor');
  return floor === undefined ? {} : { cpu: { floor } };
}

/** What to change beside the features of the CPU. */
export function alsoOptions(args: Arguments): AlsoOptions {
  const virtio = args.has('qemu-properties') ? 'properties' : 'common';
  return {
    ...(args.text('machine') !== undefined && { machine: 'common' }),
    ...(args.text('maxphysaddr') !== undefined && { maxphysaddr: 'common' }),
    ...(args.text('pmu') !== undefined && { pmu: 'off' }),
    ...(args.has('disable-nested') && { nested: 'off' }),
    ...(args.has('set-migratable') && { migratable: 'on' }),
    ...(args.texts('virtio').length > 0 && { virtio }),
  };
}
