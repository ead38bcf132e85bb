import type { QemuArgument } from '../../../types/domain.ts';
import { locate, locatedValue } from '../../xml/bytes.ts';
import { QEMU_NAMESPACE } from '../../xml/namespaces.ts';
import { startTagAt } from '../../xml/query.ts';
import type { BorrowedTree } from '../../xml/tree.ts';
import { qualifiedChildren, type QualifiedName } from './namespaces.ts';
import { nameOf, type Name } from '../../xml/words.ts';

/** What QEMU is handed past libvirt stands in. */
export const COMMAND_LINE: QualifiedName = { local: nameOf('commandline'), namespace: QEMU_NAMESPACE };
const ARGUMENT: QualifiedName = { local: nameOf('arg'), namespace: QEMU_NAMESPACE };
const VALUE: readonly Name[] = [nameOf('value')];
const FROM_ROOT: readonly number[] = [0];
const NO_ARGUMENTS: readonly QemuArgument[] = Object.freeze([]);

/** The arguments that the domain at an index of the tree hands to QEMU past libvirt. */
export function readCommandLine(tree: BorrowedTree, index: number): readonly QemuArgument[] {
  // Without a prefix or a namespace nothing can be in QEMU's.
  if (!tree.hasPrefixes && !tree.hasNamespaces) return NO_ARGUMENTS;
  const lines = qualifiedChildren(tree, index, COMMAND_LINE, FROM_ROOT);
  if (lines.length === 0) return NO_ARGUMENTS;
  return lines.flatMap((line) =>
    qualifiedChildren(tree, line, ARGUMENT, [index, 0]).map((arg) => {
      locate(tree, arg, VALUE);
      return { value: locatedValue(tree, 0) ?? '', span: startTagAt(tree, arg) };
    }),
  );
}
