/** A template without its first line break and the blanks its least indented line begins with. */
export function xml(parts: TemplateStringsArray, ...values: readonly string[]): string {
  const text = String.raw({ raw: parts.raw }, ...values).replace(/^\n/, '');
  const indents = [...text.matchAll(/^ *(?=\S)/gm)].map(([blanks]) => blanks.length);
  return text.replaceAll(new RegExp(`^ {0,${Math.min(...indents)}}`, 'gm'), '');
}
