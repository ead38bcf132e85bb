import type { Domain } from '../../types/domain.ts';
import type { DomainRecord, RecordedChange } from '../../types/record.ts';
import type { Edit, Span } from '../../types/xml.ts';
import { elementAtPath, pathTo, scanAgain } from '../xml/path.ts';
import { attributesInTag, attributesOf, childrenOf, textOf, type XmlElement } from '../xml/query.ts';
import type { XmlTree } from '../xml/tree.ts';
import { editsAt, withItsLine } from '../writer/element-edits.ts';
import { placeFor } from '../writer/place.ts';

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
  readonly gone: Map<number, XmlElement>;
  /** Start of an element → names of the attributes it loses. */
  readonly lost: Map<number, Set<string>>;
  /** Elements whose text goes. */
  readonly silent: Set<number>;
  readonly edits: { readonly owner: number; readonly edit: Edit }[];
}

/** Undoes what a record says, as far as nobody changed it since: what was changed is the user's. */
export function undo(domain: Domain, { span, changes }: DomainRecord): Undoing {
  const { tree, top } = scanAgain(domain.text, domain.span.start);
  const work: Work = { domain, tree, top, gone: new Map(), lost: new Map(), silent: new Set(), edits: [] };
  const record = elementStarting(work, span.start);
  if (record !== undefined) work.gone.set(record.start, record);
  const rank = (change: RecordedChange): number =>
    change.kind === 'element' ? 1 : change.kind === 'attribute' && change.at === '' ? 2 : 0;
  // What holds others is looked at behind them, what declares a prefix behind all that may use it.
  const ordered = [0, 1, 2].flatMap((wanted) => {
    const some = changes.filter((change) => rank(change) === wanted);
    return wanted === 1 ? some.toReversed() : some;
  });
  const standing = ordered.flatMap((change) => undone(work, change) ?? []);
  return { edits: collected(work), standing };
}

function elementStarting({ tree, top }: Work, start: number): XmlElement | undefined {
  const path = pathTo(tree, top, start);
  return path === undefined ? undefined : elementAtPath(tree, top, path);
}

/** Undoes one change; the change if it still stood. */
function undone(work: Work, change: RecordedChange): RecordedChange | undefined {
  if (change.kind === 'feature') return undoneFeature(work, change);
  const element = elementAtPath(work.tree, work.top, change.at);
  if (element === undefined) return undefined;
  const at = pathTo(work.tree, work.top, element.start) ?? change.at;
  switch (change.kind) {
    case 'attribute':
      return undoneAttribute(work, element, { ...change, at });
    case 'element':
      return isEmptied(work, element)
        ? (work.gone.set(element.start, element), { ...change, at })
        : undefined;
    case 'text':
      return undoneText(work, element, { ...change, at });
    case 'removed':
      return putBack(work, element, { ...change, at });
  }
}

function undoneFeature(
  work: Work,
  change: RecordedChange & { readonly kind: 'feature' },
): RecordedChange | undefined {
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
      : editsAt(text, { kind: 'set-attribute', startTag, name: 'policy', value: change.replaced });
  for (const edit of edits) work.edits.push({ owner: element.start, edit });
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
  change: RecordedChange & { readonly kind: 'attribute' },
): RecordedChange | undefined {
  const { name, value, replaced } = change;
  const now = attributesOf(work.tree, element).find((attribute) => attribute.name === name)?.value;
  if (now !== value || isUsedPrefix(work, name)) return undefined;
  const { startTag, start } = element;
  const { text } = work.domain;
  if (replaced === undefined) work.lost.set(start, (work.lost.get(start) ?? new Set()).add(name));
  const edits =
    replaced === undefined
      ? editsAt(text, { kind: 'remove-attribute', startTag, name })
      : editsAt(text, { kind: 'set-attribute', startTag, name, value: replaced });
  for (const edit of edits) work.edits.push({ owner: start, edit });
  return change;
}

/** Does a declaration serve an element that stays? */
function isUsedPrefix({ domain, gone }: Work, name: string): boolean {
  if (!name.startsWith('xmlns:')) return false;
  const tag = `<${name.slice('xmlns:'.length)}:`;
  const isGone = (at: number): boolean =>
    [...gone.values()].some(({ start, end }) => start <= at && at < end);
  for (let at = domain.text.indexOf(tag); at !== -1; at = domain.text.indexOf(tag, at + 1)) {
    if (!isGone(at)) return true;
  }
  return false;
}

/** Is nothing left in an element once all is undone that it holds? */
function isEmptied({ tree, gone, lost, silent }: Work, element: XmlElement): boolean {
  const names = lost.get(element.start);
  return (
    attributesOf(tree, element).every(({ name }) => names?.has(name) === true) &&
    childrenOf(tree, element.index).every(({ start }) => gone.has(start)) &&
    (silent.has(element.start) || textOf(tree, element).trim() === '')
  );
}

function undoneText(
  work: Work,
  element: XmlElement,
  change: RecordedChange & { readonly kind: 'text' },
): RecordedChange | undefined {
  if (textOf(work.tree, element).trim() !== change.value.trim()) return undefined;
  if (change.replaced === undefined) work.silent.add(element.start);
  const span = { start: element.startTag.end, end: element.contentEnd };
  const text = change.replaced ?? '';
  for (const edit of editsAt(work.domain.text, { kind: 'set-text', span, text }))
    work.edits.push({ owner: element.start, edit });
  return change;
}

function putBack(
  work: Work,
  parent: XmlElement,
  change: RecordedChange & { readonly kind: 'removed' },
): RecordedChange {
  const { tree, domain, edits } = work;
  const children = childrenOf(tree, parent.index).map(({ name, start, end }) => ({
    name,
    span: { start, end },
  }));
  const name = /^<([^\s/>]+)/.exec(change.xml)?.[1] ?? '';
  const span: Span = { start: parent.start, end: parent.end };
  const { startTag, contentEnd } = parent;
  const place = placeFor(domain.text, { span, startTag, contentEnd, children }, name, [name]);
  const text = place.opening + place.separator + change.xml + place.closing;
  edits.push({ owner: parent.start, edit: { start: place.start, end: place.end, text } });
  return change;
}

/** The edits of all that goes, in order: what stands in something that goes, goes with it. */
function collected({ domain, tree, top, gone, edits }: Work): readonly Edit[] {
  const { text } = domain;
  const isInside = (owner: number, spans: readonly Span[]): boolean =>
    spans.some(({ start, end }) => start < owner && owner < end);
  const whole = [...gone.values()];
  const topmost = whole.filter(({ start }) => !isInside(start, whole));
  const emptied = parentsOf(tree, top, topmost).filter((parent) =>
    isBlankWithout(text, parent, topmost, edits),
  );
  const removals = topmost
    .filter(({ start }) => !isInside(start, emptied))
    .map((element) => withItsLine(text, element))
    .map(({ start, end }): Edit => ({ start, end, text: '' }));
  const closings = emptied.map(({ startTag, end }): Edit => ({ start: startTag.end - 1, end, text: '/>' }));
  const others = edits
    .filter(({ owner }) => !gone.has(owner) && !isInside(owner, whole) && !isInside(owner, emptied))
    .map(({ edit }) => edit);
  return disjoint([...removals, ...closings, ...others]);
}

/** In order. A record that somebody wrote may say of one place what excludes each other: the first counts then. */
function disjoint(edits: readonly Edit[]): readonly Edit[] {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const kept: Edit[] = [];
  for (const edit of sorted) if (edit.start >= (kept.at(-1)?.end ?? 0)) kept.push(edit);
  return kept;
}

function parentsOf(tree: XmlTree, from: XmlElement, elements: readonly XmlElement[]): readonly XmlElement[] {
  const children = childrenOf(tree, from.index);
  const own = children.some(({ start }) => elements.some((element) => element.start === start));
  const deeper = children
    .filter((child) => elements.some(({ start }) => child.start < start && start < child.end))
    .flatMap((child) => parentsOf(tree, child, elements));
  return own ? [from, ...deeper] : deeper;
}

/** Does an element hold blanks alone once some of its children are gone and nothing is put there? */
function isBlankWithout(
  text: string,
  { start, startTag, contentEnd }: XmlElement,
  gone: readonly XmlElement[],
  edits: Work['edits'],
): boolean {
  if (edits.some(({ owner, edit }) => owner === start && edit.start >= startTag.end)) return false;
  let at = startTag.end;
  let left = '';
  for (const child of gone.filter((one) => one.start >= startTag.end && one.end <= contentEnd)) {
    left += text.slice(at, child.start);
    at = child.end;
  }
  return (left + text.slice(at, contentEnd)).trim() === '';
}
