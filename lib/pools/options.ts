import type { PlanPoolsOptions } from '../../types/pools.ts';
import { givenDomain } from '../diff/given.ts';
import { JUDGEMENT } from '../diff/settings.ts';
import { LIST, OBJECT, optionsOf, type OptionKind, type OptionKinds } from '../issues/options.ts';
import { MOST_WEIGHT } from './exact.ts';

const COUNT: OptionKind = { words: 'a whole number from 1 on', fits: (value) => typeof value === 'number' };
const WEIGHTS: OptionKind = {
  words: 'an object of whole numbers',
  fits: (value) =>
    OBJECT.fits(value) && Object.values(value as object).every((one) => typeof one === 'number'),
};
const OPTIONS: OptionKinds<PlanPoolsOptions> = {
  max: COUNT,
  minSize: COUNT,
  weights: WEIGHTS,
  guests: LIST,
  joining: LIST,
  ...JUDGEMENT,
};

/** Least `max` where the caller states none, and how many pools more than there have to be are looked for at least. */
const USUAL_MOST = 4;
const USUAL_MORE = 2;

/** Fewest hosts of a pool where the caller states nothing: one host alone has nowhere to send its guests. */
const USUAL_SIZE = 2;

/** What the caller wants, with what is usual of hosts in a pool. */
export type Checked = PlanPoolsOptions & { readonly minSize: number };

/** What the caller wants. @throws TypeError for an option that there is not; RangeError for a number out of range */
export function checkedOptions(given: PlanPoolsOptions, names: readonly string[]): Checked {
  const options = optionsOf(given, OPTIONS);
  const { max, minSize = USUAL_SIZE, weights = {} } = options;
  for (const [name, value] of Object.entries({ max, minSize }))
    if (value !== undefined && !isWhole(value, 1))
      throw new RangeError(`${name} is ${value}: it takes a whole number from 1 on`);
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) throw new RangeError(`weights: there is no host "${name}"`);
    if (!isWhole(weight, 0))
      throw new RangeError(`weights: that of "${name}" is ${weight}: it takes a whole number from 0 on`);
  }
  const heavy = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (heavy + names.length > MOST_WEIGHT)
    throw new RangeError(`the weights add up to more than ${MOST_WEIGHT}: state smaller ones`);
  return { ...options, minSize, ...(options.guests && { guests: options.guests.map(givenDomain) }) };
}

function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}

/** Most pools, where the hosts have to be in so many at least. */
export function mostPools({ max }: PlanPoolsOptions, groups: number): number {
  return Math.max(max ?? Math.max(USUAL_MOST, groups + USUAL_MORE), groups);
}
