import type { DomainElement } from '../../types/domain.ts';
import { childrenOf, elementAt, type XmlElement } from './query.ts';
import { scanXml } from './scan.ts';
import type { Tree, XmlTree } from './tree.ts';

/** The order in which libvirt writes the first children of `<domain>`. @see https://libvirt.org/formatdomain.html */
export const DOMAIN_ORDER: readonly string[] = (
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
