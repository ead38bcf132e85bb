import type { DomainSystem } from '../../../types/domain.ts';
import { locate, locatedValue } from '../../xml/bytes.ts';
import { startTagAt } from '../../xml/query.ts';
import type { BorrowedTree } from '../../xml/tree.ts';
import { qualifiedChildren, type QualifiedName } from './namespaces.ts';
import { nameOf, type Name } from '../../xml/words.ts';

const NAMESPACE = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';
const INFO: QualifiedName = { local: nameOf('libosinfo'), namespace: NAMESPACE };
const SYSTEM: QualifiedName = { local: nameOf('os'), namespace: NAMESPACE };
const ID: readonly Name[] = [nameOf('id')];

/**
 * The operating system that a domain's metadata names, as virt-install, virt-manager, cockpit and GNOME Boxes write it:
 * `<libosinfo:libosinfo><libosinfo:os id='…'/>`. The prefix may be any.
 *
 * @param metadata index of `<metadata>` in the tree, a child of the domain at `domain`.
 * @see https://libvirt.org/formatdomain.html#general-metadata
 */
export function readSystem(tree: BorrowedTree, domain: number, metadata: number): DomainSystem | undefined {
  if (!tree.hasPrefixes && !tree.hasNamespaces) return undefined;
  for (const info of qualifiedChildren(tree, metadata, INFO, [domain])) {
    const [system] = qualifiedChildren(tree, info, SYSTEM, [metadata, domain]);
    if (system === undefined) continue;
    locate(tree, system, ID);
    const id = locatedValue(tree, 0);
    if (id !== undefined) return { id, span: startTagAt(tree, system) };
  }
  return undefined;
}
