import type { Words } from './words.ts';

/** What begins or ends a style, and takes no column. */
// eslint-disable-next-line no-control-regex -- these are what `styled` writes
const STYLE = /\u001b\[\d+m/g;
/** Where a word that is longer than a line may be broken. */
const PART = /[^,;:/]*[,;:/]|[^,;:/]+$/g;

/**
 * Words in lines of at most `width` columns, broken between words; the further lines of one are indented by `indent`
 * more. A word that is too long is broken behind a comma or the like, else anywhere; an address stays whole. Without a width they stay as they
 * are.
 */
export function fitted(words: Words, width: number | undefined, indent = 2): Words {
  if (width === undefined) return words;
  const text = words.text
    .split('\n')
    .map((line) => fittedLine(line, width, indent))
    .join('\n');
  return { text };
}

function fittedLine(line: string, width: number, indent: number): string {
  if (columnsOf(line) <= width) return line;
  const own = /^ */.exec(line)?.[0] ?? '';
  const blanks = ' '.repeat(own.length > indent + 1 ? own.length : own.length + indent);
  const lines: string[] = [];
  let current = own;
  for (const word of line.slice(own.length).split(' ')) {
    partsOf(word, width - blanks.length).forEach((part, i) => {
      const isFirst = current.trimStart() === '';
      const gap = i > 0 || isFirst ? '' : ' ';
      if (isFirst || columnsOf(current + gap + part) <= width) {
        current += gap + part;
        return;
      }
      lines.push(current);
      current = blanks + part;
    });
  }
  return [...lines, current].join('\n');
}

/** A word in parts of which each fits. */
function partsOf(word: string, most: number): readonly string[] {
  if (columnsOf(word) <= most || word.includes('://')) return [word];
  return (word.match(PART) ?? []).flatMap((part) => {
    if (columnsOf(part) <= most) return [part];
    const count = Math.ceil(part.length / most);
    return Array.from({ length: count }, (_, i) => part.slice(i * most, (i + 1) * most));
  });
}

export function columnsOf(text: string): number {
  return text.includes('\u001b') ? text.replace(STYLE, '').length : text.length;
}
