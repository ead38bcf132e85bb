/**
 * The words of a text in lines that fit, each behind as many blanks as `indent`; a word that is too long has a line of
 * its own.
 */
export function wrapped(text: string, width: number, indent = 0): readonly string[] {
  return fitted(text.split(' '), width, indent);
}

function fitted(words: readonly string[], width: number, indent = 0): readonly string[] {
  const blanks = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(blanks + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, blanks + line];
}

/** Terms with what they mean beside them, or below where a term is long or the terminal narrow. */
export function definitions(
  rows: readonly (readonly [term: string, text: string])[],
  width: number,
  column = 30,
): readonly string[] {
  const isNarrow = width < 72;
  const indent = isNarrow ? 6 : column;
  return rows.flatMap(([term, text]) => {
    const lines = wrapped(text, width, indent);
    const [first = '', ...rest] = lines;
    const fits = !isNarrow && term.length + 4 <= column;
    return fits ? [`  ${term}`.padEnd(column) + first.trimStart(), ...rest] : [`  ${term}`, ...lines];
  });
}

/** A shell's command line, continued on further lines where it is long; an option and its value stay together. */
export function continuedLines(command: string, width: number): readonly string[] {
  const [first = '', ...rest] = fitted(command.match(/-\S* [^-|&>\s]\S*|\S+/g) ?? [], width - 6);
  const all = [`  ${first}`, ...rest.map((line) => `    ${line}`)];
  return all.map((line, i) => (i < all.length - 1 ? `${line} \\` : line));
}
