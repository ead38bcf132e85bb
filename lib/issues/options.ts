import type { ReadOptions } from '../../types/options.ts';
import { valueKind } from '../text/value-kind.ts';

export interface OptionKind {
  /** `it takes …` */
  readonly words: string;
  readonly fits: (value: unknown) => boolean;
}

/** The options of a call, each with what it takes. */
export type OptionKinds<Options> = Readonly<Record<keyof Options, OptionKind>>;

export const FLAG: OptionKind = { words: 'true or false', fits: (value) => typeof value === 'boolean' };
export const TEXT: OptionKind = { words: 'a text', fits: (value) => typeof value === 'string' };
export const WORD: OptionKind = {
  words: 'a text that is not empty',
  fits: (value) => typeof value === 'string' && value !== '',
};
export const OBJECT: OptionKind = {
  words: 'an object',
  fits: (value) => valueKind(value) === 'a plain object',
};
export const LIST: OptionKind = { words: 'a list', fits: Array.isArray };
export const FUNCTION: OptionKind = { words: 'a function', fits: (value) => typeof value === 'function' };
/** Infinity is one too: no limit. */
export const LIMIT: OptionKind = {
  words: 'a number from 0 on',
  fits: (value) => typeof value === 'number' && value >= 0,
};

export const either = (...kinds: readonly OptionKind[]): OptionKind => ({
  words: kinds.map(({ words }) => words).join(' or '),
  fits: (value) => kinds.some(({ fits }) => fits(value)),
});

export const oneOf = (...words: readonly string[]): OptionKind => ({
  words: words.map((word) => `'${word}'`).join(' or '),
  fits: (value) => typeof value === 'string' && words.includes(value),
});

export const listOf = (words: readonly string[]): OptionKind => ({
  words: `a list of ${words.map((word) => `'${word}'`).join(', ')}`,
  fits: (value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && words.includes(item)),
});

/** How a document is read. */
export const READ: OptionKinds<ReadOptions> = { file: TEXT, maxDepth: LIMIT, maxLength: LIMIT };

/**
 * The options of a call as they are now: each is asked for once, and lists are copied.
 *
 * @param group what an error calls them: `cpu`, `also`.
 * @throws TypeError for an option or a value that there is not: a misspelt option must not be ignored.
 */
export function optionsOf<Options extends object>(
  given: Options,
  kinds: OptionKinds<Options>,
  group?: string,
): Options {
  if (isIndex(given, group)) return {} as Options;
  const names = Object.keys(kinds) as (keyof Options & string)[];
  if (!OBJECT.fits(given))
    throw new TypeError(`${group ?? 'options'} cannot be ${shown(given)}: give { ${names.join(', ')} }`);
  for (const name in given) {
    if (!Object.hasOwn(kinds, name))
      throw new TypeError(`there is no option "${name}": the options are ${names.join(', ')}`);
  }
  const own: Partial<Options> = {};
  for (const name of names) {
    const value = given[name];
    if (value === undefined) continue;
    const copy: unknown = Array.isArray(value) ? Array.from(value as readonly unknown[]) : value;
    const wrong = misfit(group === undefined ? name : `${group}.${name}`, copy, kinds[name]);
    if (wrong !== undefined) throw new TypeError(wrong);
    own[name] = copy as typeof value;
  }
  return own as Options;
}

/** Is it the place in a list, as `texts.map(parseDomain)` or `texts.map(pool.check)` hands it over? */
function isIndex(given: unknown, group: string | undefined): boolean {
  return (group === undefined || group === 'read') && Number.isInteger(given) && Number(given) >= 0;
}

/** What is wrong with a value, in a sentence. */
export function misfit(name: string, value: unknown, { words, fits }: OptionKind): string | undefined {
  return fits(value) ? undefined : `${name} cannot be ${shown(value)}: it takes ${words}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? JSON.stringify(value)
    : valueKind(value);
}
