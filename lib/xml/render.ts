import { fragment } from '#xmlbuilder2';
import type { NewElement } from '../../types/plan.ts';
import { encodeValue } from './escape.ts';
import type { FeatureLine, Lines } from './lines.ts';

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

/** `<feature policy='disable' name='NAME'/>` for each of these names in the quotes asked for, each behind the separator. */
export function renderFeatures(
  names: readonly string[],
  {
    policy,
    quote,
    separator,
  }: { readonly policy: string; readonly quote: string; readonly separator: string },
  lines: Lines,
): string {
  const kind = policy + quote;
  const line = lines.get(kind) ?? featureLine(policy, quote);
  lines.set(kind, line);
  const [before, after] = line;
  return separator + before + names.map(encodeValue).join(after + separator + before) + after;
}

const NAME = 'its-name';

function featureLine(policy: string, quote: string): FeatureLine {
  const element = { name: 'feature', attributes: { policy, name: NAME } };
  const [before = '', after = ''] = renderElement(element, { quote, newline: '', indent: '' }).split(NAME);
  return [before, after];
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
