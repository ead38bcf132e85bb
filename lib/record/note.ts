import type { Domain, DomainElement } from '../../types/domain.ts';
import type { DomainChange, NewElement } from '../../types/plan.ts';
import type { RecordedChange } from '../../types/record.ts';
import type { Span } from '../../types/xml.ts';
import { CPU_ORDER } from '../cpu/names.ts';
import { applyEdits } from '../text/edit.ts';
import { isBlankText } from '../text/layout.ts';
import { gapBefore, withItsLine } from '../writer/element-edits.ts';
import { placeFor } from '../writer/place.ts';
import { RECORD_NAMESPACE } from '../xml/namespaces.ts';
import { encodeValue } from '../xml/escape.ts';
import { firstBehind, newPaths, stepFor, type Paths } from '../xml/path.ts';
import { intoMetadata, scanAgain } from '../xml/place.ts';
import {
  attributesInTag,
  hasOwnNamespace,
  textOf,
  type XmlAttribute,
  type XmlElement,
} from '../xml/query.ts';
import type { XmlTree } from '../xml/tree.ts';

/** The changes of a domain beside a record of them, and that record as data. */
export interface Recorded {
  readonly changes: readonly DomainChange[];
  readonly record: readonly RecordedChange[];
}

/** The domain while its changes are noted down. */
interface Notes {
  readonly domain: Domain;
  /** Its text, scanned again once a change asks for a path: features, which most changes are, go by their names. */
  readonly scanned: () => Scanned;
  /** Paths of elements that were added already. */
  readonly added: Set<string>;
  /** Elements that go, in order. */
  readonly removed: readonly Span[];
  /** Path of a parent and name of a child → how many of that name were there, and were added, at least. */
  readonly counts: Map<string, number>;
}

interface Scanned {
  readonly tree: XmlTree;
  /** The domain in it. */
  readonly top: XmlElement;
  readonly paths: Paths;
}

/** Where a new element goes. */
interface Addition {
  readonly parent: DomainElement;
  readonly name: string;
  readonly order: readonly string[];
}

const PREFIX = 'migratable';
const ADDED = `${PREFIX}:added`;

/**
 * The changes, and one more that notes them all down in the domain's `<metadata>`, so that they can be undone. The
 * domain must be without an earlier record.
 */
export function withRecord(domain: Domain, changes: readonly DomainChange[]): Recorded {
  if (changes.length === 0) return { changes, record: [] };
  const notes = newNotes(domain, changes);
  const isMade = domain.metadata === undefined && !changes.some(isMetadata);
  const record: readonly RecordedChange[] = [
    ...changes.flatMap((change) => noteOn(notes, change)),
    ...(isMade ? [{ kind: 'element', at: 'metadata' } as const] : []),
    ...endNotes(notes, changes),
  ];
  const element: NewElement = {
    name: ADDED,
    attributes: { [`xmlns:${PREFIX}`]: RECORD_NAMESPACE },
    children: record.map(entryFor),
  };
  const own = changes.filter(isMetadata).flatMap((one) => one.element.children ?? []);
  const others = changes.filter((one) => !isMetadata(one));
  return { changes: [...others, intoMetadata(domain, element, own)], record };
}

function newNotes(domain: Domain, changes: readonly DomainChange[]): Notes {
  let scanned: Scanned | undefined;
  const scan = (): Scanned => {
    const again = scanAgain(domain.text, domain.span.start);
    return { ...again, paths: newPaths(again.tree) };
  };
  const removed = changes.flatMap((one) => (one.kind === 'remove-element' ? [one.span] : []));
  return {
    domain,
    scanned: () => (scanned ??= scan()),
    removed: removed.sort((a, b) => a.start - b.start),
    added: new Set(),
    counts: new Map(),
  };
}

/** Does a change make the `<metadata>` that there was not? */
function isMetadata(change: DomainChange): change is DomainChange & { readonly kind: 'add-element' } {
  return change.kind === 'add-element' && change.element.name === 'metadata';
}

/** How the elements ended whose end is written anew: undone, they end like that again. */
function endNotes({ domain, scanned }: Notes, changes: readonly DomainChange[]): readonly RecordedChange[] {
  const { text, cpu, metadata } = domain;
  const getsFeatures = cpu !== undefined && changes.some(({ kind }) => kind === 'add');
  const additions: readonly Addition[] = [
    ...(getsFeatures ? [{ parent: cpu, name: 'feature', order: CPU_ORDER }] : []),
    ...changes.flatMap((change) =>
      change.kind === 'add-element'
        ? [{ parent: change.parent, name: change.element.name, order: change.order }]
        : [],
    ),
    ...(metadata === undefined ? [] : [{ parent: metadata, name: ADDED, order: [ADDED] }]),
  ];
  const byParent = new Map(additions.map((one) => [one.parent.span.start, one]));
  return [...byParent].flatMap(([start, addition]): readonly RecordedChange[] => {
    const xml = endOf(text, addition);
    if (xml === undefined) return [];
    const { paths, top } = scanned();
    const at = paths.to(top, start);
    return at === undefined ? [] : [{ kind: 'empty', at, xml }];
  });
}

/** What the end of an element was, if undoing would not give it by itself: from its content on. */
function endOf(text: string, { parent, name, order }: Addition): string | undefined {
  const { span, startTag, contentEnd } = parent;
  const isOpen = startTag.end < span.end;
  if (isOpen && isBlankText(text.slice(startTag.end, contentEnd)))
    return text.slice(startTag.end - 1, span.end);
  const { start, closing } = placeFor(text, parent, name, order);
  if (closing === '') return undefined;
  const xml = text.slice(start, span.end);
  return xml === '/>' ? undefined : xml;
}

function entryFor(change: RecordedChange): NewElement {
  const attributes: Record<string, string> = {};
  const facts: Readonly<Record<string, string | undefined>> = { ...change };
  for (const key in facts) {
    const value = facts[key];
    if (key !== 'kind' && value !== undefined) attributes[key] = value;
  }
  return { name: `${PREFIX}:${change.kind}`, attributes };
}

function noteOn(notes: Notes, change: DomainChange): readonly RecordedChange[] {
  switch (change.kind) {
    case 'add':
      return [{ kind: 'feature', name: change.name, policy: change.policy, replaced: undefined }];
    case 'replace':
      return [replacementNote(notes.domain.text, change)];
    case 'set-attribute':
      return attributeNote(notes, change.startTag, change.name, change.value);
    case 'remove-attribute':
      return attributeNote(notes, change.startTag, change.name, undefined);
    case 'add-element':
      return newElementNotes(notes, pathOf(notes, change.parent.span), change.element);
    case 'replace-element': {
      const at = parentPathOf(notes, change.span);
      const xml = notes.domain.text.slice(change.span.start, change.span.end);
      return [{ kind: 'removed', at, xml }, ...newElementNotes(notes, at, change.element, change.span)];
    }
    case 'remove-element':
      return [goneNote(notes, parentPathOf(notes, change.span), change.span)];
    case 'set-text':
      return textNote(notes, change.span, change.text);
  }
}

function replacementNote(
  text: string,
  { name, policy, feature }: DomainChange & { readonly kind: 'replace' },
): RecordedChange {
  const note = { kind: 'feature', name, policy } as const;
  if (feature.policyValue === undefined) return { ...note, replaced: '' };
  const written = text.slice(feature.policyValue.start, feature.policyValue.end);
  return { ...note, replaced: feature.policy, ...(written !== feature.policy && { written }) };
}

function pathOf({ scanned }: Notes, { start }: Span): string {
  const { paths, top } = scanned();
  const path = paths.to(top, start);
  if (path === undefined) throw new RangeError(`no element starts at ${start}`);
  return path;
}

function parentPathOf(notes: Notes, span: Span): string {
  const path = pathOf(notes, span);
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** One that nothing takes the place of: where it stood, among what stays, is told as well. */
function goneNote({ domain, scanned, removed }: Notes, at: string, span: Span): RecordedChange {
  const { text } = domain;
  const { paths, top } = scanned();
  const parent = paths.at(top, at) ?? top;
  const kept = paths
    .childrenOf(parent)
    .filter((child) => !removed.some(({ start }) => start === child.start));
  const place = firstBehind(kept, span.start);
  const from = kept[place - 1]?.start ?? parent.startTag.end;
  const { start, end } = withItsLine(text, span);
  const others = removed
    .map((one) => withItsLine(text, one))
    .filter((one) => one.start >= from && one.start < start);
  const cuts = others.map((one) => ({ start: one.start - from, end: one.end - from, text: '' }));
  const behind = applyEdits(text.slice(from, start), cuts);
  return { kind: 'removed', at, xml: text.slice(start, end), place: String(place), behind };
}

function attributeNote(
  notes: Notes,
  startTag: Span,
  name: string,
  value: string | undefined,
): readonly RecordedChange[] {
  const { text } = notes.domain;
  const attributes = attributesInTag(text, startTag);
  const known = attributes.find((attribute) => attribute.name === name);
  if (known?.value === value) return [];
  const note = {
    kind: 'attribute',
    at: pathOf(notes, startTag),
    name,
    value,
    replaced: known?.value,
  } as const;
  if (known === undefined) return [note];
  if (value === undefined) return [{ ...note, ...placeNote(text, startTag, attributes, known) }];
  const written = text.slice(known.valueSpan.start, known.valueSpan.end);
  return [written === encodeValue(known.value) ? note : { ...note, written }];
}

/** What stood there of an attribute that goes, with the blanks before it, and which one was next. */
function placeNote(
  text: string,
  startTag: Span,
  attributes: readonly XmlAttribute[],
  known: XmlAttribute,
): { readonly written: string; readonly next?: string } {
  const next = attributes[attributes.indexOf(known) + 1]?.name;
  const gap = gapBefore(text, startTag, attributes, known);
  return { written: gap + text.slice(known.start, known.end), ...(next !== undefined && { next }) };
}

function textNote(notes: Notes, span: Span, value: string): readonly RecordedChange[] {
  const { tree, paths, top } = notes.scanned();
  const found = elementAround(paths, top, span);
  if (found === undefined) throw new RangeError(`no element holds the text at ${span.start}`);
  return [{ kind: 'text', at: pathOf(notes, found), value, replaced: textOf(tree, found) }];
}

/** The element whose content is this range. */
function elementAround(paths: Paths, from: XmlElement, span: Span): XmlElement | undefined {
  if (from.startTag.end === span.start && from.contentEnd === span.end) return from;
  const children = paths.childrenOf(from);
  const child = children[firstBehind(children, span.start) - 1];
  return child === undefined || child.end <= span.end ? undefined : elementAround(paths, child, span);
}

/** A new element, and all it holds. What it takes the place of does not count among its siblings, nor what is none of libvirt's. */
function newElementNotes(
  notes: Notes,
  parent: string,
  element: NewElement,
  instead?: Span,
): readonly RecordedChange[] {
  const { added, counts } = notes;
  const { tree, paths, top } = notes.scanned();
  const key = `${parent} ${element.name}`;
  const holder = added.has(parent) ? undefined : paths.at(top, parent);
  const twins = holder === undefined ? [] : paths.childrenOf(holder);
  const isTwin = ({ name, start, index }: XmlElement): boolean =>
    name === element.name && start !== instead?.start && !hasOwnNamespace(tree, index);
  let number = 1 + ((instead === undefined ? counts.get(key) : undefined) ?? twins.filter(isTwin).length);
  const pathFor = (): string => (parent === '' ? '' : `${parent}/`) + stepFor(element.name, String(number));
  while (added.has(pathFor())) number++;
  const at = pathFor();
  added.add(at);
  counts.set(key, number);
  const { attributes = {}, text, children = [] } = element;
  return [
    { kind: 'element', at },
    ...Object.entries(attributes).map(([name, value]): RecordedChange => ({
      kind: 'attribute',
      at,
      name,
      value,
      replaced: undefined,
    })),
    ...(text === undefined ? [] : [{ kind: 'text', at, value: text, replaced: undefined } as const]),
    ...children.flatMap((child) => newElementNotes(notes, at, child)),
  ];
}
