import type { Host } from '../../../types/host.ts';
import type { PlanPoolsOptions, PoolsPlan } from '../../../types/pools.ts';
import { planPools } from '../../pools/pools.ts';
import { argumentsFromUser, CommandError } from '../errors.ts';
import { judgement } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { namedSource, refuseUnknownHost } from './names.ts';

/** The pools of these hosts, as the command line asks for them. */
export function planOf(
  args: Arguments,
  hosts: readonly Host[],
  others: Pick<PlanPoolsOptions, 'guests' | 'joining'>,
): PoolsPlan {
  const [max, minSize] = [args.number('max'), args.number('min-size')];
  const options: PlanPoolsOptions = {
    ...judgement(args),
    ...(max !== undefined && { max }),
    ...(minSize !== undefined && { minSize }),
    weights: weightsIn(args, hosts),
    ...others,
  };
  // The weights may add up to too much.
  return argumentsFromUser('bad-value', () => planPools(hosts, options));
}

/** What `--weight` says of hosts. */
function weightsIn(args: Arguments, hosts: readonly Host[]): Readonly<Record<string, number>> {
  const entries = args.texts('weight').map((word) => {
    const { name, value } = namedSource(word);
    if (name === undefined || !/^\d{1,7}$/.test(value))
      throw new CommandError('bad-value', `--weight takes NAME=N with a whole number, not "${word}"`);
    refuseUnknownHost(`--weight ${word}`, name, hosts);
    return [name, Number(value)] as const;
  });
  return Object.fromEntries(entries);
}
