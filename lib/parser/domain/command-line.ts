import type { Domain, DomainElement, QemuArgument } from '../../../types/domain.ts';
import type { QemuCommandLine } from '../../../types/gate.ts';
import type { ReadOptions } from '../../../types/options.ts';
import { locate, locatedValue } from '../../xml/bytes.ts';
import { attributesOf, childrenOf, elementAt, startTagAt, type XmlElement } from '../../xml/query.ts';
import { withTree } from '../../xml/scan.ts';
import type { BorrowedTree, Tree } from '../../xml/tree.ts';
import { qualifiedChildren, type QualifiedName } from './namespaces.ts';
import { nameOf, type Name } from '../../xml/words.ts';

/** @see https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands */
export const QEMU_NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';

const LINE: QualifiedName = { local: nameOf('commandline'), namespace: QEMU_NAMESPACE };
const ARGUMENT: QualifiedName = { local: nameOf('arg'), namespace: QEMU_NAMESPACE };
const VALUE: readonly Name[] = [nameOf('value')];
const FROM_ROOT: readonly number[] = [0];
const NO_ARGUMENTS: readonly QemuArgument[] = Object.freeze([]);

/** Prefix → namespace, '' being the default one. */
type Bindings = ReadonlyMap<string, string>;

/** What a domain hands to QEMU past libvirt, and where. Its text has been read once already, so nothing is refused here. */
export function parseQemuCommandLine(domain: Domain, options: ReadOptions = {}): QemuCommandLine {
  return withTree(domain.text, options, (tree) => {
    const element = domainAt(tree, domain.span.start);
    const bound = bindingsOf(tree, element, bindingsOf(tree, elementAt(tree, 0), new Map()));
    const last = qualifiedChildren(tree, element.index, LINE, [0]).at(-1);
    return {
      args: domain.commandLine.map(({ value }) => value),
      prefix: prefixIn(bound),
      prefixes: [...bound.keys()],
      domain: partsOf(tree, element),
      element: last === undefined ? undefined : namedParts(tree, elementAt(tree, last)),
    };
  });
}

/** The arguments that the domain at an index of the tree hands to QEMU past libvirt. */
export function readCommandLine(tree: BorrowedTree, index: number): readonly QemuArgument[] {
  // Without a prefix or a namespace nothing can be in QEMU's.
  if (!tree.hasPrefixes && !tree.hasNamespaces) return NO_ARGUMENTS;
  const lines = qualifiedChildren(tree, index, LINE, FROM_ROOT);
  if (lines.length === 0) return NO_ARGUMENTS;
  return lines.flatMap((line) =>
    qualifiedChildren(tree, line, ARGUMENT, [index, 0]).map((arg) => {
      locate(tree, arg, VALUE);
      return { value: locatedValue(tree, 0) ?? '', span: startTagAt(tree, arg) };
    }),
  );
}

function domainAt(tree: Tree, start: number): XmlElement {
  const root = elementAt(tree, 0);
  return childrenOf(tree, 0).find((child) => child.start === start) ?? root;
}

function namedParts(tree: Tree, element: XmlElement): QemuCommandLine['element'] {
  return { ...partsOf(tree, element), name: element.name };
}

function partsOf(tree: Tree, { index, start, end, startTag, contentEnd }: XmlElement): DomainElement {
  const children = childrenOf(tree, index);
  return {
    span: { start, end },
    startTag,
    contentEnd,
    children: children.map((child) => ({ name: child.name, span: { start: child.start, end: child.end } })),
  };
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
