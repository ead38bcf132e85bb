import type { Arguments } from './parse.ts';

/** How much to print, and in which colours. */
export interface Settings {
  readonly color: 'auto' | 'always' | 'never';
  readonly volume: 'quiet' | 'usual' | 'verbose';
}

/** How a command line wants to be answered. */
export function settingsFrom(args: Arguments): Settings {
  return {
    color: (args.text('color') ?? 'auto') as Settings['color'],
    volume: args.has('quiet') ? 'quiet' : args.has('verbose') ? 'verbose' : 'usual',
  };
}

const COLOR = /^--colou?r[= ](auto|always|never)$/;

/** The same before the words are known to be right: an error in them is printed in the colours they ask for, too. */
export function likelySettings(words: readonly string[]): Settings {
  const options = beforeEnd(words);
  const colors = options.flatMap((word, i) => {
    const found = COLOR.exec(word) ?? COLOR.exec(`${word} ${options[i + 1] ?? ''}`);
    return (found?.[1] ?? []) as Settings['color'] | [];
  });
  const isVerbose = options.some((word) => word === '--verbose' || word === '-v');
  return { color: colors.at(-1) ?? 'auto', volume: isVerbose ? 'verbose' : 'usual' };
}

/** The words that may be options. */
function beforeEnd(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end === -1 ? words : words.slice(0, end);
}

const FACTS = /^(?:--json|(?:--output[= ]|-o ?=?)(?:json|yaml))$/;

/** Is an error to be printed for programs, too? JSON is YAML as well. */
export function wantsFacts(words: readonly string[]): boolean {
  const options = beforeEnd(words);
  return options.some((word, i) => FACTS.test(word) || FACTS.test(`${word} ${options[i + 1] ?? ''}`));
}
