import { fragment } from '#xmlbuilder2';
import type { NewElement } from '../../types/plan.ts';
import { encodeValue } from './escape.ts';

/** How a new element fits in with its neighbours. */
export interface ElementLayout {
  readonly quote: string;
  /** The line break and the indentation the element stands behind; empty to keep all in one line. */
  readonly newline: string;
  /** One step of indentation. */
  readonly indent: string;
}

/** The builder of xmlbuilder2, as far as it is used here. */
type Builder = ReturnType<typeof fragment>;

const MOST_REMEMBERED = 1024;
const remembered = new Map<string, string>();

/**
 * `<feature policy='disable' name='NAME'/>` in the quotes asked for. xmlbuilder2 takes some µs an element, so each
 * line is built once.
 */
export function renderFeature(policy: string, name: string, quote: string): string {
  const key = quote + policy + quote + name;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const line = renderElement(
    { name: 'feature', attributes: { policy, name } },
    { quote, newline: '', indent: '' },
  );
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(key, line);
  return line;
}

/** An element and all it holds, as text. */
export function renderElement(element: NewElement, { quote, newline, indent }: ElementLayout): string {
  const built = fragment();
  build(built, element);
  const options = newline === '' ? {} : { prettyPrint: true, newline, indent };
  const doubleQuoted = built.toString(options);
  // Values hold no plain quote (`encodeValue`), so every one of these is a delimiter.
  return quote === '"' ? doubleQuoted : doubleQuoted.replaceAll('"', quote);
}

/** xmlbuilder2 takes what looks like a reference for one and leaves it alone: values come to it escaped. */
function build(parent: Builder, { name, attributes = {}, text, children = [] }: NewElement): void {
  const escaped = Object.entries(attributes).map(([key, value]) => [key, encodeValue(value)] as const);
  const node = parent.ele(name, Object.fromEntries(escaped));
  if (text !== undefined) node.txt(encodeValue(text));
  for (const child of children) build(node, child);
}
