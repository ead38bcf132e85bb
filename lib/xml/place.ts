import type { Domain, DomainElement } from '../../types/domain.ts';
import type { DomainChange, NewElement } from '../../types/plan.ts';
import { childrenOf, elementAt, type XmlElement } from './query.ts';
import { scanXml } from './scan.ts';
import type { Tree, XmlTree } from './tree.ts';

/** The order in which libvirt writes the first children of `<domain>`. @see https://libvirt.org/formatdomain.html */
const DOMAIN_ORDER: readonly string[] = (
  'name uuid hwuuid genid title description metadata iothreads maxMemory ' +
  'memory currentMemory memoryBacking vcpu os features cpu clock devices'
).split(' ');

const LIMITLESS = { maxDepth: Number.MAX_SAFE_INTEGER, maxLength: Number.MAX_SAFE_INTEGER } as const;

/** A text that was read before, scanned again, and the element that starts at an offset: the root or a child of it. */
export function scanAgain(text: string, start: number): { readonly tree: XmlTree; readonly top: XmlElement } {
  const tree = scanXml(text, LIMITLESS);
  const root = elementAt(tree, 0);
  return { tree, top: childrenOf(tree, 0).find((child) => child.start === start) ?? root };
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

/** The change that puts an element into a domain's `<metadata>`; where there is none, into one that is made for it, behind these others. */
export function intoMetadata(
  { text, span, metadata }: Domain,
  element: NewElement,
  others: readonly NewElement[] = [],
): DomainChange {
  if (metadata !== undefined)
    return { kind: 'add-element', parent: metadata, order: [element.name], element };
  const { tree, top } = scanAgain(text, span.start);
  const made = { name: 'metadata', children: [...others, element] };
  return { kind: 'add-element', parent: placeOf(tree, top), order: DOMAIN_ORDER, element: made };
}
