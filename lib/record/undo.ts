import type { Domain } from '../../types/domain.ts';
import type { DomainRecord, RecordedChange, RecordedOf } from '../../types/record.ts';
import type { Edit, Span } from '../../types/xml.ts';
import { CPU_ORDER } from '../cpu/names.ts';
import { isBlankText } from '../text/layout.ts';
import { remembered } from '../text/remembered.ts';
import { decodeAttribute } from '../xml/escape.ts';
import { firstBehind, newPaths, type Paths } from '../xml/path.ts';
import { scanAgain } from '../xml/place.ts';
import { attributesInTag, attributesOf, textOf, type XmlElement } from '../xml/query.ts';
import type { XmlTree } from '../xml/tree.ts';
import { editsAt, nameEnd, withItsBreak } from '../writer/element-edits.ts';
import { commentsEnd, placeFor } from '../writer/place.ts';

/** What an earlier rewrite did that still stands as it was written, and the edits that undo it. */
export interface Undoing {
  readonly edits: readonly Edit[];
  /** Their paths as they are now: libvirt gives interfaces their MAC addresses, and guests lose devices. */
  readonly standing: readonly RecordedChange[];
}

/** What is found out on the way. Elements are known by where they start. */
interface Work {
  readonly domain: Domain;
  readonly tree: XmlTree;
  readonly top: XmlElement;
  readonly paths: Paths;
  readonly gone: Map<number, XmlElement>;
  /** Start of an element → names of the attributes it loses. */
  readonly lost: Map<number, Set<string>>;
  /** Elements whose text goes. */
  readonly silent: Set<number>;
  /** Start of an element → how it ended when it was empty. */
  readonly ends: Map<number, string>;
  readonly edits: { readonly owner: number; readonly edit: Edit }[];
}

/** Undoes what a record says, as far as nobody changed it since: what was changed is the user's. */
export function undo(domain: Domain, { span, changes }: DomainRecord): Undoing {
  const { tree, top } = scanAgain(domain.text, domain.span.start);
  const work: Work = {
    domain,
    tree,
    top,
    paths: newPaths(tree),
    gone: new Map(),
    lost: new Map(),
    silent: new Set(),
    ends: new Map(),
    edits: [],
  };
  const record = elementStarting(work, span.start);
  if (record !== undefined) work.gone.set(record.start, record);
  const rank = (change: RecordedChange): number => {
    if (change.kind === 'element') return 1;
    return change.kind === 'removed' || (change.kind === 'attribute' && change.at === '') ? 2 : 0;
  };
  // What holds others is looked at behind them; last what declares a prefix that they may use, and what they stand for.
  const ordered = [0, 1, 2].flatMap((wanted) => {
    const some = changes.filter((change) => rank(change) === wanted);
    return wanted === 1 ? some.toReversed() : some;
  });
  const standing = ordered.flatMap((change) => undone(work, change) ?? []);
  return { edits: collected(work), standing };
}

function elementStarting({ paths, top }: Work, start: number): XmlElement | undefined {
  const path = paths.to(top, start);
  return path === undefined ? undefined : paths.at(top, path);
}

/** Undoes one change; the change if it still stood. */
function undone(work: Work, change: RecordedChange): RecordedChange | undefined {
  if (change.kind === 'feature') return undoneFeature(work, change);
  const element = work.paths.at(work.top, change.at);
  if (element === undefined) return undefined;
  const placed = { ...change, at: work.paths.to(work.top, element.start) ?? change.at };
  switch (placed.kind) {
    case 'attribute':
      return undoneAttribute(work, element, placed);
    case 'element':
      if (!isEmptied(work, element)) return undefined;
      work.gone.set(element.start, element);
      return placed;
    case 'text':
      return undoneText(work, element, placed);
    case 'empty':
      work.ends.set(element.start, placed.xml);
      return placed;
    case 'removed':
      return putBack(work, element, placed);
  }
}

function undoneFeature(work: Work, change: RecordedOf<'feature'>): RecordedChange | undefined {
  const { cpu, text } = work.domain;
  const feature = cpu?.features.find(({ name }) => name === change.name);
  if (feature?.policy !== change.policy) return undefined;
  const element = elementStarting(work, feature.span.start);
  if (element === undefined) return undefined;
  if (change.replaced === undefined) {
    work.gone.set(element.start, element);
    return change;
  }
  const { startTag } = element;
  const edits =
    change.replaced === ''
      ? withoutPolicy(text, startTag)
      : givenBack(text, startTag, { ...change, name: 'policy', replaced: change.replaced });
  return made(work, change, element.start, edits);
}

/** Keeps the edits that undo a change within an element. */
function made(work: Work, change: RecordedChange, owner: number, edits: readonly Edit[]): RecordedChange {
  for (const edit of edits) work.edits.push({ owner, edit });
  return change;
}

/** The policy was put before another attribute, with a blank of its own; so it goes. */
function withoutPolicy(text: string, startTag: Span): readonly Edit[] {
  const attributes = attributesInTag(text, startTag);
  const at = attributes.findIndex(({ name }) => name === 'policy');
  const [policy, next] = attributes.slice(at, at + 2);
  return policy === undefined || next === undefined
    ? editsAt(text, { kind: 'remove-attribute', startTag, name: 'policy' })
    : [{ start: policy.start, end: next.start, text: '' }];
}

function undoneAttribute(
  work: Work,
  element: XmlElement,
  change: RecordedOf<'attribute'>,
): RecordedChange | undefined {
  const { name, value, replaced } = change;
  const now = attributesOf(work.tree, element).find((attribute) => attribute.name === name)?.value;
  if (now !== value) return undefined;
  if (element.name.startsWith(`${name.replace('xmlns:', '')}:`)) {
    // What an element is called by goes with it, or stays.
    remembered(work.lost, element.start, () => new Set()).add(name);
    return change;
  }
  if (name.startsWith('xmlns:') && isServed(work, element, name)) return undefined;
  const { startTag, start } = element;
  const { text } = work.domain;
  if (replaced === undefined) remembered(work.lost, start, () => new Set()).add(name);
  const edits =
    replaced === undefined
      ? editsAt(text, { kind: 'remove-attribute', startTag, name })
      : givenBack(text, startTag, { ...change, replaced });
  return made(work, change, start, edits);
}

/** An attribute that was replaced, or taken away. */
interface Former {
  readonly name: string;
  readonly replaced: string;
  readonly written?: string;
  readonly next?: string;
}

function givenBack(text: string, startTag: Span, former: Former): readonly Edit[] {
  const { name, replaced: value } = former;
  return asWritten(text, startTag, former) ?? editsAt(text, { kind: 'set-attribute', startTag, name, value });
}

/** The attribute as it was written, and where it stood; `undefined` where a record does not tell, or tells of another. */
function asWritten(
  text: string,
  startTag: Span,
  { name, replaced, written, next }: Former,
): readonly Edit[] | undefined {
  if (written === undefined) return undefined;
  const attributes = attributesInTag(text, startTag);
  const now = attributes.find((attribute) => attribute.name === name);
  if (now !== undefined) {
    const quote = text.charAt(now.valueSpan.end);
    return isValue(quote + written + quote, replaced) ? [{ ...now.valueSpan, text: written }] : undefined;
  }
  const [, own, value = ''] = /^[ \t\r\n]+([^\s=]+)[ \t\r\n]*=[ \t\r\n]*(['"][\s\S]*)$/.exec(written) ?? [];
  if (own !== name || !isValue(value, replaced)) return undefined;
  const place = attributes.findIndex((attribute) => attribute.name === next);
  const before = attributes.at(place === -1 ? -1 : place - 1);
  const at = place === 0 || before === undefined ? nameEnd(text, startTag) : before.end;
  return [{ start: at, end: at, text: written }];
}

/** References that stand for a character, whatever number a record names. */
const REFERENCES = /^(?:[^&]|&(?:#\d{1,6}|#x[\dA-Fa-f]{1,5}|\w{2,4});)*$/;

/** Is this, with its quotes, how a value may be written? */
function isValue(written: string, value: string | undefined): boolean {
  const quote = written.charAt(0);
  const inner = written.slice(1, -1);
  const isQuoted = (quote === '"' || quote === "'") && written === quote + inner + quote;
  if (!isQuoted || inner.includes(quote) || inner.includes('<')) return false;
  return REFERENCES.test(inner) && decodeAttribute(inner) === value;
}

/** Does a declaration serve what stays in an element, or its own attributes? What declares the prefix anew has its own. */
function isServed(work: Work, element: XmlElement, declaration: string): boolean {
  const { tree, paths, gone, top } = work;
  if (gone.has(element.start)) return false;
  const names = attributesOf(tree, element).map(({ name }) => name);
  if (element !== top && names.includes(declaration)) return false;
  const prefix = `${declaration.slice('xmlns:'.length)}:`;
  return (
    [element.name, ...names].some((name) => name.startsWith(prefix)) ||
    paths.childrenOf(element).some((child) => isServed(work, child, declaration))
  );
}

/** Is nothing left in an element once all is undone that it holds? */
function isEmptied({ tree, paths, gone, lost, silent }: Work, element: XmlElement): boolean {
  const names = lost.get(element.start);
  return (
    attributesOf(tree, element).every(({ name }) => names?.has(name) === true) &&
    paths.childrenOf(element).every(({ start }) => gone.has(start)) &&
    (silent.has(element.start) || isBlankText(textOf(tree, element)))
  );
}

function undoneText(work: Work, element: XmlElement, change: RecordedOf<'text'>): RecordedChange | undefined {
  if (textOf(work.tree, element).trim() !== change.value.trim()) return undefined;
  if (change.replaced === undefined) work.silent.add(element.start);
  const span = { start: element.startTag.end, end: element.contentEnd };
  const text = change.replaced ?? '';
  const edits = editsAt(work.domain.text, { kind: 'set-text', span, text });
  return made(work, change, element.start, edits);
}

/** Puts an element back: where it stood, in the place of what was written for it, or where another of its name would go. */
function putBack(work: Work, parent: XmlElement, change: RecordedOf<'removed'>): RecordedChange {
  const { paths, domain, gone } = work;
  const put = (start: number, end: number, text: string): RecordedChange =>
    made(work, change, parent.start, [{ start, end, text }]);
  const at = placeOfGone(work, parent, change);
  if (at !== undefined) return put(at, at, change.xml);
  const siblings = paths.childrenOf(parent);
  const name = /<([^\s/>]+)/.exec(change.xml)?.[1] ?? '';
  const instead = siblings.find((child) => child.name === name && gone.has(child.start));
  if (instead !== undefined && change.place === undefined) {
    gone.delete(instead.start);
    return put(instead.start, instead.end, change.xml);
  }
  const children = siblings.map(({ name, start, end }) => ({ name, span: { start, end } }));
  const span: Span = { start: parent.start, end: parent.end };
  const { startTag, contentEnd } = parent;
  const order = CPU_ORDER.includes(name) ? CPU_ORDER : [name];
  const place = placeFor(domain.text, { span, startTag, contentEnd, children }, name, order);
  const text = place.opening + place.separator + change.xml.trimStart() + place.closing;
  return put(place.start, place.end, text);
}

/** Where an element stood that nothing took the place of, if what stood in front of it still does. */
function placeOfGone(
  { paths, domain, gone }: Work,
  parent: XmlElement,
  { place, behind = '' }: RecordedOf<'removed'>,
): number | undefined {
  if (place === undefined || parent.startTag.end === parent.end) return undefined;
  const kept = paths.childrenOf(parent).filter(({ start }) => !gone.has(start));
  const from = place === '0' ? parent.startTag.end : kept[Number(place) - 1]?.start;
  return from === undefined || !domain.text.startsWith(behind, from) ? undefined : from + behind.length;
}

/** The edits of all that goes, in order: what stands in something that goes, goes with it. */
function collected(work: Work): readonly Edit[] {
  const { domain, paths, top, gone, edits } = work;
  const { text } = domain;
  const topmost = outermost([...gone.values()]);
  const filled = new Set(edits.map(({ owner }) => owner));
  const parents = parentsOf(paths, top, topmost);
  const emptied = outermost(
    parents.filter((parent) => {
      const isFilled = filled.has(parent.start) && isFilledBy(parent, edits);
      return !isFilled && isBlankWithout(text, parent, within(topmost, parent));
    }),
  );
  const removals = topmost
    .filter(({ start }) => !isInside(start, emptied))
    .map((element) => putIn(text, element))
    .map(({ start, end }): Edit => ({ start, end, text: '' }));
  const closings = [
    ...emptied.map((parent) => ({
      start: parent.startTag.end - 1,
      end: parent.end,
      text: endOf(work, parent) ?? '/>',
    })),
    ...parents
      .filter((parent) => !emptied.includes(parent) && !isInside(parent.start, emptied))
      .flatMap((parent) => closingBehind(work, parent, within(topmost, parent).at(-1)) ?? []),
  ];
  const others = edits
    .filter(({ owner }) => !gone.has(owner) && !isInside(owner, topmost) && !isInside(owner, emptied))
    .map(({ edit }) => edit);
  return disjoint([...removals, ...closings, ...others]);
}

/** All that was put in with an element. A comment behind it on its line is somebody else's, and keeps the line. */
function putIn(text: string, element: XmlElement): Span {
  return commentsEnd(text, element.end) === element.end ? withItsBreak(text, element) : element;
}

/** How an emptied element ends: as it did, if it had nothing in it then as well. */
function endOf({ ends }: Work, { name, start }: XmlElement): string | undefined {
  const end = ends.get(start);
  const [, ended = name] = /<\/([^\s>]+)/.exec(end ?? '') ?? [];
  return ended === name && !/^[ \t\r\n]*<\//.test(end ?? '') ? end : undefined;
}

/** The end of an element that has something left in it, if it was on the line of that, and the last child goes. */
function closingBehind({ domain, ends }: Work, parent: XmlElement, last?: XmlElement): Edit | undefined {
  const text = ends.get(parent.start) ?? '';
  if (last === undefined || !isBlankText(domain.text.slice(last.end, parent.contentEnd))) return undefined;
  const isItsEnd = /^[ \t\r\n]*<\/([^\s>]+)/.exec(text)?.[1] === parent.name;
  return isItsEnd ? { start: last.end, end: parent.end, text } : undefined;
}

/** Elements in order, but for those that stand in another of them. */
function outermost(elements: readonly XmlElement[]): readonly XmlElement[] {
  const kept: XmlElement[] = [];
  for (const element of elements.toSorted((a, b) => a.start - b.start)) {
    if (element.start >= (kept.at(-1)?.end ?? 0)) kept.push(element);
  }
  return kept;
}

/** Is an offset inside one of these, which are in order and hold none of each other? */
function isInside(offset: number, elements: readonly XmlElement[]): boolean {
  const found = elements[firstBehind(elements, offset) - 1];
  return found !== undefined && found.start < offset && offset < found.end;
}

/** Those of these, which are in order, that stand in an element. */
function within(
  elements: readonly XmlElement[],
  { startTag, contentEnd }: XmlElement,
): readonly XmlElement[] {
  return elements.slice(firstBehind(elements, startTag.end - 1), firstBehind(elements, contentEnd - 1));
}

/** In order. A record that somebody wrote may say of one place what excludes each other: the first counts then. */
function disjoint(edits: readonly Edit[]): readonly Edit[] {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const kept: Edit[] = [];
  for (const edit of sorted) if (edit.start >= (kept.at(-1)?.end ?? 0)) kept.push(edit);
  return kept;
}

/** The elements from one down that lose a child. */
function parentsOf(paths: Paths, from: XmlElement, lost: readonly XmlElement[]): readonly XmlElement[] {
  const inside = within(lost, from);
  if (inside.length === 0) return [];
  const children = paths.childrenOf(from);
  const own = new Set(children.map(({ start }) => start));
  const holders = children.filter((child) => within(inside, child).length > 0);
  const deeper = holders.flatMap((child) => parentsOf(paths, child, inside));
  return inside.some(({ start }) => own.has(start)) ? [from, ...deeper] : deeper;
}

/** Is something put into an element that loses its children? */
function isFilledBy({ start, startTag }: XmlElement, edits: Work['edits']): boolean {
  return edits.some(({ owner, edit }) => owner === start && edit.start >= startTag.end);
}

/** Does an element hold blanks alone once some of its children are gone? */
function isBlankWithout(
  text: string,
  { startTag, contentEnd }: XmlElement,
  gone: readonly XmlElement[],
): boolean {
  let at = startTag.end;
  for (const child of gone) {
    if (!isBlankText(text.slice(at, child.start))) return false;
    at = child.end;
  }
  return isBlankText(text.slice(at, contentEnd));
}
