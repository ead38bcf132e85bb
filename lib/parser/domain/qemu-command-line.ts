import type { Domain } from '../../../types/domain.ts';
import type { QemuCommandLine } from '../../../types/gate.ts';
import type { ReadOptions } from '../../../types/options.ts';
import { QEMU_NAMESPACE } from '../../xml/namespaces.ts';
import { placeOf } from '../../xml/place.ts';
import { attributesOf, childrenOf, elementAt, type XmlElement } from '../../xml/query.ts';
import { withTree } from '../../xml/scan.ts';
import type { Tree } from '../../xml/tree.ts';
import { COMMAND_LINE } from './command-line.ts';
import { qualifiedChildren } from './namespaces.ts';

/** Prefix → namespace, '' being the default one. */
type Bindings = ReadonlyMap<string, string>;

/** Where a domain hands arguments to QEMU past libvirt. Its text has been read once already, so nothing is refused here. */
export function parseQemuCommandLine(domain: Domain, options: ReadOptions = {}): QemuCommandLine {
  return withTree(domain.text, options, (tree) => {
    const element = domainAt(tree, domain.span.start);
    const bound = bindingsOf(tree, element, bindingsOf(tree, elementAt(tree, 0), new Map()));
    const index = qualifiedChildren(tree, element.index, COMMAND_LINE, [0]).at(-1);
    const last = index === undefined ? undefined : elementAt(tree, index);
    return {
      prefix: prefixIn(bound),
      prefixes: [...bound.keys()],
      domain: placeOf(tree, element),
      element: last === undefined ? undefined : { ...placeOf(tree, last), name: last.name },
    };
  });
}

function domainAt(tree: Tree, start: number): XmlElement {
  const root = elementAt(tree, 0);
  return childrenOf(tree, 0).find((child) => child.start === start) ?? root;
}

function prefixIn(bound: Bindings): string | undefined {
  return [...bound].find(([, namespace]) => namespace === QEMU_NAMESPACE)?.[0];
}

function bindingsOf(tree: Tree, element: XmlElement, outer: Bindings): Bindings {
  if (!tree.text.slice(element.startTag.start, element.startTag.end).includes('xmlns')) return outer;
  const own = attributesOf(tree, element)
    .filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'))
    .map(({ name, value }): [string, string] => [name.slice('xmlns:'.length), value]);
  return new Map([...outer, ...own]);
}
