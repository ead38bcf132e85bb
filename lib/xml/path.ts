import type { DomainElement } from '../../types/domain.ts';
import { attributeOf, childrenOf, descend, elementAt, type XmlElement } from './query.ts';
import { scanXml } from './scan.ts';
import type { Tree, XmlTree } from './tree.ts';

/** The namespace of what the library keeps in a domain's `<metadata>`. A name for it, not an address. */
export const RECORD_NAMESPACE = 'urn:libvirt-migratable:1';

const LIMITLESS = { maxDepth: Number.MAX_SAFE_INTEGER, maxLength: Number.MAX_SAFE_INTEGER } as const;

/** A text that was read before, scanned again, and the element that starts at an offset: the root or a child of it. */
export function scanAgain(text: string, start: number): { readonly tree: XmlTree; readonly top: XmlElement } {
  const tree = scanXml(text, LIMITLESS);
  const root = elementAt(tree, 0);
  return { tree, top: childrenOf(tree, 0).find((child) => child.start === start) ?? root };
}

const STEP = /^([^/[\]]+)(?:\[([\d:a-f]+)\])?$/i;
const MAC = /^[\da-f]{2}(?::[\da-f]{2}){5}$/i;

/**
 * The path from one element down to the one that starts at an offset: names, with the number among siblings of the
 * name from the second on. What has a MAC address goes by that, because a guest's interfaces come and go.
 */
export function pathTo(tree: Tree, from: XmlElement, start: number): string | undefined {
  if (from.start === start) return '';
  const children = childrenOf(tree, from.index);
  const child = children.find((one) => one.start <= start && start < one.end);
  if (child === undefined) return undefined;
  const rest = pathTo(tree, child, start);
  if (rest === undefined) return undefined;
  const twins = children.filter(({ name }) => name === child.name);
  const step = stepFor(child.name, macOf(tree, child) ?? String(twins.indexOf(child) + 1));
  return rest === '' ? step : `${step}/${rest}`;
}

/** One step of a path. */
export function stepFor(name: string, key: string): string {
  return key === '1' ? name : `${name}[${key}]`;
}

/** The element at a path below another. */
export function elementAtPath(tree: Tree, from: XmlElement, path: string): XmlElement | undefined {
  let found: XmlElement | undefined = from;
  for (const step of path === '' ? [] : path.split('/')) {
    const [, name = '', key = '1'] = STEP.exec(step) ?? [];
    const twins: XmlElement[] =
      found === undefined ? [] : childrenOf(tree, found.index).filter((child) => child.name === name);
    found = MAC.test(key) ? twins.find((twin) => macOf(tree, twin) === key) : twins[Number(key) - 1];
  }
  return found;
}

function macOf(tree: Tree, { index }: XmlElement): string | undefined {
  const mac = descend(tree, index, 'mac');
  const address = mac === undefined ? undefined : attributeOf(tree, mac, 'address');
  return address !== undefined && MAC.test(address) ? address : undefined;
}

/** An element as a place for changes. */
export function placeOf(tree: Tree, element: XmlElement): DomainElement {
  const { index, start, end, startTag, contentEnd } = element;
  const children = childrenOf(tree, index).map((child) => ({
    name: child.name,
    span: { start: child.start, end: child.end },
  }));
  return { span: { start, end }, startTag, contentEnd, children };
}
