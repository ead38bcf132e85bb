import { ownCopy } from '../../text/own-copy.ts';
import { attributeAt, textAt } from '../../xml/bytes.ts';
import { attributesOf, elementAt, hasOwnNamespace, type XmlElement } from '../../xml/query.ts';
import { fail, NAME_END, NEXT, NODE_SIZE, type BorrowedTree } from '../../xml/tree.ts';

/** An element that states a CPU: a `<cpu>`, or the host-model mode of domcapabilities. */
export interface CpuElement {
  readonly tree: BorrowedTree;
  readonly element: XmlElement;
  /** Its `<feature>`s in order, by their indexes in the tree. */
  readonly features: readonly number[];
  /** Its other children. */
  readonly others: readonly number[];
}

/** The children of such an element, but for those in a namespace of their own, looked through once. */
export function readCpuElement(tree: BorrowedTree, element: XmlElement): CpuElement {
  const { nodes } = tree;
  const features: number[] = [];
  const others: number[] = [];
  const last = nodes[element.index + NEXT] as number;
  for (let i = element.index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number) {
    if (!hasOwnNamespace(tree, i)) (isNamed(tree, i, 'feature') ? features : others).push(i);
  }
  return { tree, element, features, others };
}

/** Names here are ASCII. */
function isNamed({ codes, nodes }: BorrowedTree, index: number, name: string): boolean {
  const start = (nodes[index] as number) + 1;
  if ((nodes[index + NAME_END] as number) - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (codes[start + i] !== name.charCodeAt(i)) return false;
  return true;
}

/** The index of the first child of that name. */
export function childOf({ tree, others }: CpuElement, name: string): number | undefined {
  for (let i = 0; i < others.length; i++) {
    const index = others[i] ?? 0;
    if (isNamed(tree, index, name)) return index;
  }
  return undefined;
}

/** Its children of that name. */
export function childrenOfName({ tree, others }: CpuElement, name: string): readonly XmlElement[] {
  return others.filter((index) => isNamed(tree, index, name)).map((index) => elementAt(tree, index));
}

/** The text of the first child of that name; empty counts as missing. */
export function textIn(cpu: CpuElement, name: string): string | undefined {
  const index = childOf(cpu, name);
  return index === undefined ? undefined : ownCopy(textAt(cpu.tree, index)) || undefined;
}

/** An attribute of the first child of that name. */
export function attributeIn(cpu: CpuElement, name: string, key: string): string | undefined {
  const index = childOf(cpu, name);
  return index === undefined ? undefined : attributeAt(cpu.tree, index, key);
}

/** The first child of that name; the element itself where it has none. */
export function placeIn(cpu: CpuElement, name: string): XmlElement {
  const index = childOf(cpu, name);
  return index === undefined ? cpu.element : elementAt(cpu.tree, index);
}

/**
 * Refuses attributes in a namespace anywhere in an element. libvirt prints none, and where it reads a CPU it takes them
 * for its own: it asks for attributes by their local names (tried with 9.0.0).
 *
 * @throws LibvirtXmlError `foreign-name`
 */
export function refusePrefixed(tree: BorrowedTree, index: number): void {
  if (!tree.hasPrefixedAttributes) return;
  const last = tree.nodes[index + NEXT] as number;
  for (let i = index; i < last; i += NODE_SIZE) {
    const prefixed = attributesOf(tree, elementAt(tree, i)).find(
      ({ name }) => name.includes(':') && !name.startsWith('xmlns:'),
    );
    if (prefixed === undefined) continue;
    const reason = `libvirt reads the attribute "${prefixed.name}" by its local name, whatever its namespace`;
    throw fail(tree, reason, prefixed.start, 'Remove it: virsh prints no such attribute.', 'foreign-name');
  }
}
