import type { Source } from './sources.ts';

/** One `@example` of a doc comment: which symbol it explains, and its code without the comment's stars. */
export interface Example {
  readonly path: string;
  readonly symbol: string;
  readonly code: string;
}

/** One line of an example that states a value: the code up to it, and the value it states. */
export interface Claim {
  readonly code: string;
  readonly expected: string;
}

const DOC_COMMENT = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*export (?:async )?(?:function|const|class) (\w+)/g;

/** Every example of a source's doc comments. */
export function examplesOf({ path, text }: Pick<Source, 'path' | 'text'>): readonly Example[] {
  return [...text.matchAll(DOC_COMMENT)].flatMap(([, comment = '', symbol = '']) => {
    const lines = comment.replaceAll(/^[ \t]*\* ?/gm, '');
    return lines
      .split(/^@example\b/m)
      .slice(1)
      .map((part) => ({ path, symbol, code: part.split(/^@\w/m)[0]?.trim() ?? '' }));
  });
}

/** The values an example states: behind `// →` at the end of a line, or on a line of its own below. */
export function claimsOf(code: string): readonly Claim[] {
  const lines = code.split('\n');
  return lines.flatMap((line, i) => {
    const [before, expected] = line.split('// →');
    if (before === undefined || expected === undefined) return [];
    return [{ code: [...lines.slice(0, i), before].join('\n'), expected: expected.trim() }];
  });
}

/** The value of the last statement of some code, with these names in scope. */
export function valueOf(code: string, scope: Readonly<Record<string, unknown>>): unknown {
  // A direct eval, because only that gives the value of the last statement and sees the parameters.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the code is ours
  return new Function(...Object.keys(scope), '$code', 'return eval($code)')(...Object.values(scope), code);
}
