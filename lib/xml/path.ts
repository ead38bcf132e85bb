import { remembered } from '../text/remembered.ts';
import { attributeOf, childrenOf, descend, hasOwnNamespace, type XmlElement } from './query.ts';
import type { Tree } from './tree.ts';

const STEP = /^([^/[\]]+)(?:\[([\d:a-f]+)\])?$/i;
const MAC = /^[\da-f]{2}(?::[\da-f]{2}){5}$/i;

/** The elements of a tree by their paths. What it has looked through once it does not look through again. */
export interface Paths {
  readonly childrenOf: (element: XmlElement) => readonly XmlElement[];
  /**
   * The path from one element down to the one that starts at an offset: names, with the number among siblings of the
   * name from the second on. What has a MAC address goes by that, because a guest's interfaces come and go.
   */
  readonly to: (from: XmlElement, start: number) => string | undefined;
  /** The element at a path below another. */
  readonly at: (from: XmlElement, path: string) => XmlElement | undefined;
}

/** The children of one element. */
interface Children {
  readonly all: readonly XmlElement[];
  /** By name, and each one's number among those of its name. */
  readonly twins: ReadonlyMap<string, readonly XmlElement[]>;
  readonly numbers: ReadonlyMap<number, number>;
  /** Name → MAC address → child. */
  readonly byMac: Map<string, ReadonlyMap<string, XmlElement>>;
}

/** The paths of a tree. */
export function newPaths(tree: Tree): Paths {
  const known = new Map<number, Children>();
  const below = ({ index }: XmlElement): Children => remembered(known, index, () => sorted(tree, index));
  const to = (from: XmlElement, start: number): string | undefined => {
    if (from.start === start) return '';
    const { all, numbers } = below(from);
    const child = childAround(all, start);
    const rest = child === undefined ? undefined : to(child, start);
    if (child === undefined || rest === undefined) return undefined;
    const step = stepFor(child.name, macOf(tree, child) ?? String(numbers.get(child.start)));
    return rest === '' ? step : `${step}/${rest}`;
  };
  const at = (from: XmlElement, path: string): XmlElement | undefined => {
    let found: XmlElement | undefined = from;
    for (const step of path === '' ? [] : path.split('/')) {
      const [, name = '', key = '1'] = STEP.exec(step) ?? [];
      if (found === undefined) return undefined;
      const children = below(found);
      found = MAC.test(key)
        ? macsIn(tree, children, name).get(key)
        : children.twins.get(name)?.[Number(key) - 1];
    }
    return found;
  };
  return { childrenOf: (element) => below(element).all, to, at };
}

/** What puts itself into a namespace counts behind libvirt's own: `<cpu xmlns='urn:x'/>` is not the first `cpu`. */
function sorted(tree: Tree, index: number): Children {
  const twins = new Map<string, XmlElement[]>();
  const numbers = new Map<number, number>();
  const all = childrenOf(tree, index);
  const isForeign = (child: XmlElement): boolean => hasOwnNamespace(tree, child.index);
  for (const child of [...all.filter((one) => !isForeign(one)), ...all.filter(isForeign)]) {
    numbers.set(child.start, remembered(twins, child.name, () => []).push(child));
  }
  return { all, twins, numbers, byMac: new Map() };
}

/** The child that an offset is in; children are in order. */
function childAround(children: readonly XmlElement[], offset: number): XmlElement | undefined {
  const found = children[firstBehind(children, offset) - 1];
  return found !== undefined && offset < found.end ? found : undefined;
}

/** The place of the first of these, which are in order, that starts behind an offset. */
export function firstBehind(spans: readonly { readonly start: number }[], offset: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function macsIn(tree: Tree, { twins, byMac }: Children, name: string): ReadonlyMap<string, XmlElement> {
  return remembered(byMac, name, () => {
    const found = new Map<string, XmlElement>();
    for (const twin of twins.get(name) ?? []) {
      const mac = macOf(tree, twin);
      if (mac !== undefined && !found.has(mac)) found.set(mac, twin);
    }
    return found;
  });
}

/** One step of a path. */
export function stepFor(name: string, key: string): string {
  return key === '1' ? name : `${name}[${key}]`;
}

function macOf(tree: Tree, { index }: XmlElement): string | undefined {
  const mac = descend(tree, index, 'mac');
  const address = mac === undefined ? undefined : attributeOf(tree, mac, 'address');
  return address !== undefined && MAC.test(address) ? address : undefined;
}
