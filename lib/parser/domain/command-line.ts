import type { Domain, DomainElement } from '../../../types/domain.ts';
import type { QemuCommandLine } from '../../../types/gate.ts';
import type { ReadOptions } from '../../../types/options.ts';
import { attributesOf, childrenOf, elementAt, type XmlElement } from '../../xml/query.ts';
import { scanXml } from '../../xml/scan.ts';
import type { XmlTree } from '../../xml/scanner.ts';

/** @see https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands */
export const QEMU_NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';

/** Prefix → namespace, '' being the default one. */
type Bindings = ReadonlyMap<string, string>;

/** What a domain hands to QEMU past libvirt. Its text has been read once already, so nothing is refused here. */
export function parseQemuCommandLine(domain: Domain, options: ReadOptions = {}): QemuCommandLine {
  const tree = scanXml(domain.text, options, true);
  const root = elementAt(tree, 0);
  const outer = bindingsOf(tree, root, new Map());
  const element = [root, ...childrenOf(tree, 0)].find(({ start }) => start === domain.span.start) ?? root;
  const bound = bindingsOf(tree, element, outer);
  const lines = inQemuNamespace(tree, element, 'commandline', bound);
  const args = lines.flatMap((line) =>
    inQemuNamespace(tree, line, 'arg', bindingsOf(tree, line, bound)).map((arg) => valueOf(tree, arg)),
  );
  const last = lines.at(-1);
  return {
    args,
    prefix: prefixIn(bound),
    prefixes: [...bound.keys()],
    domain: partsOf(tree, element),
    element: last && { ...partsOf(tree, last), name: last.name },
  };
}

function partsOf(tree: XmlTree, { index, start, end, startTag, contentEnd }: XmlElement): DomainElement {
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

function bindingsOf(tree: XmlTree, element: XmlElement, outer: Bindings): Bindings {
  if (!tree.text.slice(element.startTag.start, element.startTag.end).includes('xmlns')) return outer;
  const own = attributesOf(tree, element)
    .filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'))
    .map(({ name, value }): [string, string] => [name.slice('xmlns:'.length), value]);
  return new Map([...outer, ...own]);
}

function inQemuNamespace(
  tree: XmlTree,
  parent: XmlElement,
  local: string,
  outer: Bindings,
): readonly XmlElement[] {
  return childrenOf(tree, parent.index).filter((child) => {
    const [prefix, name] = child.name.includes(':') ? child.name.split(':') : ['', child.name];
    return name === local && bindingsOf(tree, child, outer).get(prefix ?? '') === QEMU_NAMESPACE;
  });
}

function valueOf(tree: XmlTree, arg: XmlElement): string {
  return attributesOf(tree, arg).find(({ name }) => name === 'value')?.value ?? '';
}
