import type { Domain, DomainElement, QemuArgument } from '../../../types/domain.ts';
import type { QemuCommandLine } from '../../../types/gate.ts';
import type { ReadOptions } from '../../../types/options.ts';
import { locate, locatedValue, nameOf, type Name } from '../../xml/bytes.ts';
import { attributesOf, childrenOf, elementAt, startTagAt, type XmlElement } from '../../xml/query.ts';
import { withTree } from '../../xml/scan.ts';
import { NAME_END, NEXT, NODE_SIZE, type BorrowedTree, type Tree } from '../../xml/tree.ts';

/** @see https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands */
export const QEMU_NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';

/** Local name of the element. */
const LINE = 'commandline';
const VALUE: readonly Name[] = [nameOf('value')];
const NO_ARGUMENTS: readonly QemuArgument[] = Object.freeze([]);

/** Prefix → namespace, '' being the default one. */
type Bindings = ReadonlyMap<string, string>;

/** What a domain hands to QEMU past libvirt, and where. Its text has been read once already, so nothing is refused here. */
export function parseQemuCommandLine(domain: Domain, options: ReadOptions = {}): QemuCommandLine {
  return withTree(domain.text, options, (tree) => {
    const element = domainAt(tree, domain.span.start);
    const bound = bindingsAt(tree, element);
    const last = commandLines(tree, element, bound).at(-1);
    return {
      args: domain.commandLine.map(({ value }) => value),
      prefix: prefixIn(bound),
      prefixes: [...bound.keys()],
      domain: partsOf(tree, element),
      element: last && { ...partsOf(tree, last), name: last.name },
    };
  });
}

/** The arguments that the domain at an index of the tree hands to QEMU past libvirt. */
export function readCommandLine(tree: BorrowedTree, index: number): readonly QemuArgument[] {
  // Without a prefix or a namespace nothing can be in QEMU's.
  if (!(tree.hasPrefixes || tree.hasNamespaces) || !mayHaveLines(tree, index)) return NO_ARGUMENTS;
  const domain = elementAt(tree, index);
  const bound = bindingsAt(tree, domain);
  return commandLines(tree, domain, bound).flatMap((line) =>
    inQemuNamespace(tree, line, 'arg', bindingsOf(tree, line, bound)).map((arg) => {
      locate(tree, arg.index, VALUE);
      return { value: locatedValue(tree, 0) ?? '', span: startTagAt(tree, arg.index) };
    }),
  );
}

/** Has any child such a local name? */
function mayHaveLines({ text, nodes }: Tree, index: number): boolean {
  const last = nodes[index + NEXT] as number;
  for (let i = index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number)
    if (text.startsWith(LINE, (nodes[i + NAME_END] as number) - LINE.length)) return true;
  return false;
}

function domainAt(tree: Tree, start: number): XmlElement {
  const root = elementAt(tree, 0);
  return childrenOf(tree, 0).find((child) => child.start === start) ?? root;
}

/** What prefixes mean in a domain, which may stand in another element. */
function bindingsAt(tree: Tree, domain: XmlElement): Bindings {
  const outer = bindingsOf(tree, elementAt(tree, 0), new Map());
  return bindingsOf(tree, domain, outer);
}

function commandLines(tree: Tree, domain: XmlElement, bound: Bindings): readonly XmlElement[] {
  return inQemuNamespace(tree, domain, LINE, bound);
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

function inQemuNamespace(
  tree: Tree,
  parent: XmlElement,
  local: string,
  outer: Bindings,
): readonly XmlElement[] {
  return childrenOf(tree, parent.index).filter((child) => {
    const [prefix, name] = child.name.includes(':') ? child.name.split(':') : ['', child.name];
    return name === local && bindingsOf(tree, child, outer).get(prefix ?? '') === QEMU_NAMESPACE;
  });
}
