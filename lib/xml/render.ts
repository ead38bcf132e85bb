import { fragment } from '#xmlbuilder2';
import type { NewElement } from '../../types/plan.ts';
import { memory } from '../text/memory.ts';
import { encodeValue } from './escape.ts';
import { newLines, type Lines, type Pieces } from './lines.ts';

/** How a new element fits in with its neighbours. */
export interface ElementLayout {
  readonly quote: string;
  /** The line break and the indentation the element stands behind; empty to keep all in one line. */
  readonly newline: string;
  /** One step of indentation. */
  readonly indent: string;
}

/** How the lines of new features look. */
export interface FeatureLayout {
  readonly policy: string;
  readonly quote: string;
  readonly separator: string;
}

/** Gives `<feature policy='disable' name='NAME'/>` for a name, in the quotes asked for, behind the separator. */
export function featureWriter(layout: FeatureLayout, lines: Lines): (name: string) => string {
  const { policy, quote, separator } = layout;
  const known = lines.features(`${policy}${quote}${separator}`, () => memory());
  return (name) => known(name, (own) => featureLine(own, layout));
}

/**
 * As xmlbuilder2 writes it, to which a test holds it: most rewrites add nothing else, and to load the package would be a
 * tenth of the time that they take.
 */
function featureLine(name: string, { policy, quote, separator }: FeatureLayout): string {
  return `${separator}<feature policy=${quote}${policy}${quote} name=${quote}${encodeValue(name)}${quote}/>`;
}

/** An element and all it holds, as text. */
export function renderElement(
  element: NewElement,
  { quote, newline, indent }: ElementLayout,
  lines: Lines = newLines(),
): string {
  const { name, attributes = {}, text, children = [] } = element;
  const body = children.length > 0 ? '>' : text === undefined ? '' : '#';
  const names = Object.keys(attributes);
  const values = Object.values(attributes);
  if (text !== undefined) values.push(text);
  const pieces = piecesOf(name, names, body, quote, lines);
  let written = pieces[0] ?? '';
  values.forEach((value, i) => (written += encodeValue(value) + (pieces[i + 1] ?? '')));
  if (children.length === 0) return written;
  const inner = newline === '' ? '' : newline + indent;
  const inside = children.map(
    (child) => inner + renderElement(child, { quote, newline: inner, indent }, lines),
  );
  return written + inside.join('') + newline + (pieces.at(-1) ?? '');
}

const VALUE = 'its-value';
const CHILD = 'its-child';

/** `body` is `#` for an element with text, `>` for one with children. */
function piecesOf(
  name: string,
  attributes: readonly string[],
  body: '' | '#' | '>',
  quote: string,
  lines: Lines,
): Pieces {
  return lines.pieces(`${quote}${name} ${attributes.join(' ')}${body}`, () => {
    const built = fragment();
    const node = built.ele(name, Object.fromEntries(attributes.map((attribute) => [attribute, VALUE])));
    if (body === '#') node.txt(VALUE);
    if (body === '>') node.ele(CHILD);
    // Values hold no plain quote (`encodeValue`), so every one of these is a delimiter.
    return built.toString().replaceAll('"', quote).replace(`<${CHILD}/>`, VALUE).split(VALUE);
  });
}
