import { attributeAt } from '../../xml/attribute.ts';
import { elementAt, hasOwnNamespace, nameAt, textOf, type XmlElement } from '../../xml/query.ts';
import { NODE, type XmlTree } from '../../xml/scanner.ts';

/** An element that states a CPU: a `<cpu>`, or the host-model mode of domcapabilities. */
export interface CpuElement {
  readonly tree: XmlTree;
  readonly element: XmlElement;
  /** The first child of each other name, by its index in the tree. */
  readonly children: ReadonlyMap<string, number>;
  /** Its `<feature>`s in order, by their indexes. */
  readonly features: readonly number[];
}

const FEATURE = 'feature';

/** The children of such an element, but for those in a namespace of their own, looked through once. */
export function readCpuElement(tree: XmlTree, element: XmlElement): CpuElement {
  const { nodes, text } = tree;
  const children = new Map<string, number>();
  const features: number[] = [];
  const last = nodes[element.index + NODE.next] as number;
  for (let i = element.index + NODE.size; i < last; i = nodes[i + NODE.next] as number) {
    const start = (nodes[i] as number) + 1;
    const isFeature =
      (nodes[i + NODE.nameEnd] as number) - start === FEATURE.length && text.startsWith(FEATURE, start);
    if (hasOwnNamespace(tree, i)) continue;
    if (isFeature) features.push(i);
    else if (!children.has(nameAt(tree, i))) children.set(nameAt(tree, i), i);
  }
  return { tree, element, children, features };
}

/** The text of the first child of that name; empty counts as missing. */
export function textIn({ tree, children }: CpuElement, name: string): string | undefined {
  const index = children.get(name);
  return index === undefined ? undefined : textOf(tree, elementAt(tree, index)) || undefined;
}

/** An attribute of the first child of that name. */
export function attributeIn({ tree, children }: CpuElement, name: string, key: string): string | undefined {
  const index = children.get(name);
  return index === undefined ? undefined : attributeAt(tree, index, key);
}

/** The first child of that name; the element itself where it has none. */
export function placeIn({ tree, element, children }: CpuElement, name: string): XmlElement {
  const index = children.get(name);
  return index === undefined ? element : elementAt(tree, index);
}
