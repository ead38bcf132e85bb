import { XMLParser } from '#fast-xml-parser';
import { memory } from '../text/memory.ts';
import { decodeAttribute, decodeText } from './escape.ts';

/** An element as values: decoded attributes and text, and its child elements in order. */
export interface XmlValue {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** All its own text and CDATA joined; comments and instructions count for nothing. */
  readonly text: string;
  readonly children: readonly XmlValue[];
}

/** What fast-xml-parser returns for one node in `preserveOrder` mode. */
type ParsedNode = Readonly<Record<string, readonly ParsedNode[] | string | Readonly<Record<string, string>>>>;

const ATTRIBUTES = ':@';
const TEXT = '#text';
const CDATA = '#cdata';
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** Values are kept as written: numbers, blanks and references are ours to read (its own ways corrupt them). */
const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  // The scan has its own, adjustable limit.
  maxNestedTags: Number.MAX_SAFE_INTEGER,
  cdataPropName: CDATA,
  textNodeName: TEXT,
} as const;

/** The guests, and the hosts, of a cluster mostly have the same `<cpu>`: each is parsed once. */
const remembered = memory<XmlValue>(256, 1 << 14);

let parser: XMLParser | undefined;

/**
 * The values of one element, given as its slice of a scanned text. The scan has checked the slice, so the parser,
 * which accepts much that is not XML, is only asked what stands in it.
 */
export function readValues(slice: string): XmlValue {
  return remembered(slice, readAnew);
}

function readAnew(slice: string): XmlValue {
  parser ??= new XMLParser(OPTIONS);
  const nodes = parser.parse(withoutInstructions(slice)) as readonly ParsedNode[];
  const root = nodes.map(toValue).find((value) => value !== undefined);
  if (root === undefined) throw new RangeError('the slice holds no element');
  return root;
}

/** fast-xml-parser reads quotes inside processing instructions and may swallow what lies between two of them. */
function withoutInstructions(slice: string): string {
  if (!slice.includes('<?')) return slice;
  return slice.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>/g, (part) =>
    part.startsWith('<![') ? part : '',
  );
}

function toValue(node: ParsedNode): XmlValue | undefined {
  for (const name in node) {
    if (name === ATTRIBUTES || name === TEXT || name === CDATA) continue;
    const content = node[name] as readonly ParsedNode[];
    const children: XmlValue[] = [];
    let text = '';
    for (const child of content) {
      const value = toValue(child);
      if (value === undefined) text += textOf(child);
      else children.push(value);
    }
    return { name, attributes: attributesOf(node), text, children };
  }
  return undefined;
}

function textOf(node: ParsedNode): string {
  if (TEXT in node) return decodeText(node[TEXT] as string);
  const [inner] = (node[CDATA] ?? []) as readonly ParsedNode[];
  return (inner?.[TEXT] as string | undefined) ?? '';
}

function attributesOf(node: ParsedNode): ReadonlyMap<string, string> {
  const raw = node[ATTRIBUTES] as Readonly<Record<string, string>> | undefined;
  if (raw === undefined) return NO_ATTRIBUTES;
  const attributes = new Map<string, string>();
  for (const name in raw) attributes.set(name, decodeAttribute(raw[name] ?? ''));
  return attributes;
}

/** Does the element put itself into a namespace? Then it only looks like libvirt's. */
export function isForeign({ attributes }: XmlValue): boolean {
  return (attributes.get('xmlns') ?? '') !== '';
}
