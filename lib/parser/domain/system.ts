import type { DomainSystem } from '../../../types/domain.ts';
import {
  attributeOf,
  attributesOf,
  childrenOf,
  elementAt,
  startTagAt,
  type XmlElement,
} from '../../xml/query.ts';
import type { Tree } from '../../xml/tree.ts';

const NAMESPACE = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';

/**
 * The operating system that a domain's metadata names, as virt-install, virt-manager, cockpit and GNOME Boxes write it:
 * `<libosinfo:libosinfo><libosinfo:os id='…'/>`. The prefix may be any.
 *
 * @param metadata index of `<metadata>` in the tree, a child of the domain at `domain`.
 * @see https://libvirt.org/formatdomain.html#general-metadata
 */
export function readSystem(tree: Tree, domain: number, metadata: number): DomainSystem | undefined {
  const outer = elementAt(tree, metadata);
  if (!tree.text.slice(outer.start, outer.end).includes('libosinfo')) return undefined;
  const around = [outer, elementAt(tree, domain)];
  for (const info of childrenOf(tree, metadata).filter((one) => isOf(tree, 'libosinfo', one, around))) {
    const system = childrenOf(tree, info.index).find((one) => isOf(tree, 'os', one, [info, ...around]));
    const id = system && attributeOf(tree, system, 'id');
    if (system !== undefined && id !== undefined) return { id, span: startTagAt(tree, system.index) };
  }
  return undefined;
}

/** Is it libosinfo's element of this name? A namespace holds where it is declared and in all that is inside. */
function isOf(tree: Tree, name: string, element: XmlElement, around: readonly XmlElement[]): boolean {
  const [local, prefix] = element.name.split(':').reverse();
  if (local !== name) return false;
  const declaration = prefix === undefined ? 'xmlns' : `xmlns:${prefix}`;
  for (const one of [element, ...around]) {
    const declared = attributesOf(tree, one).find((attribute) => attribute.name === declaration);
    if (declared !== undefined) return declared.value === NAMESPACE;
  }
  return false;
}
