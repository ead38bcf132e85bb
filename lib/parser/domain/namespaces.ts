import { attributeAt } from '../../xml/bytes.ts';
import { COLON } from '../../xml/syntax.ts';
import { NAME_END, NEXT, NODE_SIZE, type BorrowedTree } from '../../xml/tree.ts';
import { isAt, type Name } from '../../xml/words.ts';

/** An element of another vocabulary than libvirt's: its local name and its namespace. */
export interface QualifiedName {
  readonly local: Name;
  readonly namespace: string;
}

const NONE: readonly number[] = Object.freeze([]);

/**
 * The indexes of the children of an element that are such elements.
 *
 * @param around indexes of the elements that it is in, its parent first: a namespace holds where it is declared, and in
 * all that is inside.
 */
export function qualifiedChildren(
  tree: BorrowedTree,
  index: number,
  wanted: QualifiedName,
  around: readonly number[],
): readonly number[] {
  const { nodes } = tree;
  let found: number[] | undefined;
  const last = nodes[index + NEXT] as number;
  for (let i = index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number) {
    if (isNamed(tree, i, wanted.local) && namespaceOf(tree, [i, index, ...around]) === wanted.namespace)
      (found ??= []).push(i);
  }
  return found ?? NONE;
}

/** Is this the local name of the element at an index? */
function isNamed({ codes, nodes }: BorrowedTree, index: number, local: Name): boolean {
  const start = (nodes[index] as number) + 1;
  const end = nodes[index + NAME_END] as number;
  const at = end - local.codes.length;
  return at >= start && (at === start || codes[at - 1] === COLON) && isAt(codes, at, end, local);
}

/** The namespace that the prefix of the first element has: declared by itself, or by one of those around it. */
function namespaceOf(tree: BorrowedTree, elements: readonly number[]): string | undefined {
  const { text, nodes } = tree;
  const [index = 0] = elements;
  const name = text.slice((nodes[index] as number) + 1, nodes[index + NAME_END]);
  const colon = name.lastIndexOf(':');
  const declaration = colon === -1 ? 'xmlns' : `xmlns:${name.slice(0, colon)}`;
  for (const element of elements) {
    const declared = attributeAt(tree, element, declaration);
    if (declared !== undefined) return declared;
  }
  return undefined;
}
