import { XMLParser } from '#fast-xml-parser';
import { decodeText } from './escape.ts';
import { OPTIONS } from './parser-options.ts';
import { attributeValues, childrenOf, elementAt, type XmlElement } from './query.ts';
import { scanXml, type ScanOptions } from './scan.ts';
import type { Tree } from './tree.ts';

/** An element as values: decoded attributes and text, and its child elements in order. */
export interface XmlValue {
  readonly name: string;
  /** Where it stands in the text that was read. */
  readonly start: number;
  readonly attributes: ReadonlyMap<string, string>;
  /** All its own text and CDATA joined; comments and instructions count for nothing. */
  readonly text: string;
  readonly children: readonly XmlValue[];
}

/** What fast-xml-parser returns for one node in `preserveOrder` mode. */
type ParsedNode = Readonly<Record<string, readonly ParsedNode[] | string>>;

const { cdataPropName: CDATA, textNodeName: TEXT } = OPTIONS;

/**
 * The values of the element that a text holds: the scan says what its elements and attributes are called and where
 * they stand, fast-xml-parser what text is in them. (By itself it takes `<feature\ufeff>` for `<feature>`, and accepts
 * much that is not XML.) It takes some hundred times as long as the scan: for documents of which there are few.
 *
 * @throws LibvirtXmlError as `scanXml` does.
 */
export function readValues(text: string, options: ScanOptions = {}): XmlValue {
  const tree = scanXml(text, options);
  const nodes = new XMLParser(OPTIONS).parse(withoutInstructions(text)) as readonly ParsedNode[];
  return toValue(tree, elementAt(tree, 0), elementsIn(nodes)[0]);
}

/** fast-xml-parser reads quotes inside processing instructions and may swallow what lies between two of them. */
function withoutInstructions(slice: string): string {
  if (!slice.includes('<?')) return slice;
  return slice.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>/g, (part) =>
    part.startsWith('<![') ? part : '',
  );
}

/** The same element as both know it. */
function toValue(tree: Tree, element: XmlElement, content: readonly ParsedNode[] = []): XmlValue {
  const inner = elementsIn(content);
  return {
    name: element.name,
    start: element.start,
    attributes: attributeValues(tree, element),
    text: content.map(textOf).join(''),
    children: childrenOf(tree, element.index).map((child, i) => toValue(tree, child, inner[i])),
  };
}

/** What is in each of the elements among these nodes. */
function elementsIn(nodes: readonly ParsedNode[]): readonly (readonly ParsedNode[])[] {
  return nodes.flatMap((node) => {
    const [name, content] = Object.entries(node)[0] ?? [];
    return name === TEXT || name === CDATA || typeof content !== 'object' ? [] : [content];
  });
}

function textOf(node: ParsedNode): string {
  const text = node[TEXT];
  if (typeof text === 'string') return decodeText(text);
  const [inner] = node[CDATA] ?? [];
  const section = typeof inner === 'object' ? inner[TEXT] : undefined;
  return typeof section === 'string' ? section : '';
}
