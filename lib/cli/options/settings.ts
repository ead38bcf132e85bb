/** How much to print, and in which colours. */
export interface Settings {
  readonly color: 'auto' | 'always' | 'never';
  readonly volume: 'quiet' | 'usual' | 'verbose';
}

const COLOR = /^--colou?r[= ](auto|always|never)$/;
const QUIET = /^(?:--quiet|-[hvy]*q[hqvy]*)$/;
const VERBOSE = /^(?:--verbose|-[hqy]*v[hqvy]*)$/;

/**
 * How a command line wants to be answered, found before its words are known to be right: an error in them is printed
 * in the colours it states, too.
 */
export function settingsOf(words: readonly string[]): Settings {
  const end = words.indexOf('--');
  const options = end === -1 ? words : words.slice(0, end);
  const colors = options.flatMap((word, i) => {
    const found = COLOR.exec(word) ?? COLOR.exec(`${word} ${options[i + 1] ?? ''}`);
    return (found?.[1] ?? []) as Settings['color'] | [];
  });
  const matches = (pattern: RegExp): boolean => options.some((word) => pattern.test(word));
  return {
    color: colors.at(-1) ?? 'auto',
    volume: matches(QUIET) ? 'quiet' : matches(VERBOSE) ? 'verbose' : 'usual',
  };
}
