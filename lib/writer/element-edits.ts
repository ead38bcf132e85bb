import type { DomainFeature } from '../../types/domain.ts';
import type { DomainChange, WrittenPolicy } from '../../types/plan.ts';
import type { Edit, Span } from '../../types/xml.ts';
import { indentAt, newlineOf } from '../text/layout.ts';
import { encodeValue } from '../xml/escape.ts';
import { attributesInTag, type XmlAttribute } from '../xml/query.ts';
import type { Lines } from '../xml/lines.ts';
import { renderElement } from '../xml/render.ts';
import { quoteBefore, quoteIn } from './quotes.ts';

/** The edits of a change at a place of its own; none for one that adds an element, whose place depends on the others. */
export function editsAt(text: string, change: DomainChange, lines?: Lines): readonly Edit[] {
  switch (change.kind) {
    case 'add':
    case 'add-element':
      return [];
    case 'replace':
      return [policyEdit(text, change.feature, change.policy)];
    case 'set-attribute':
      return attributeEdits(text, change.startTag, change.name, change.value);
    case 'remove-attribute':
      return removedAttribute(text, change.startTag, change.name);
    case 'set-text':
      return [{ ...change.span, text: encodeValue(change.text) }];
    case 'remove-element':
      return [{ ...withItsLine(text, change.span), text: '' }];
    case 'replace-element':
      return [{ ...change.span, text: replacement(text, change, lines) }];
  }
}

function policyEdit(
  text: string,
  { policyValue, nameAttribute }: DomainFeature,
  policy: WrittenPolicy,
): Edit {
  if (policyValue !== undefined) return { ...policyValue, text: policy };
  const quote = quoteIn(text.slice(nameAttribute.start, nameAttribute.end)) ?? "'";
  return { start: nameAttribute.start, end: nameAttribute.start, text: `policy=${quote}${policy}${quote} ` };
}

/** Only the value changes where the attribute is there; a new one stands behind the last, as far from it as that from what is before. */
function attributeEdits(text: string, startTag: Span, name: string, value: string): readonly Edit[] {
  const attributes = attributesInTag(text, startTag);
  const known = attributes.find((attribute) => attribute.name === name);
  // The same may be written with references.
  if (known?.value === value) return [];
  if (known !== undefined) return [{ ...known.valueSpan, text: encodeValue(value) }];
  const last = attributes.at(-1);
  const at = last?.end ?? nameEnd(text, startTag);
  const quote =
    last === undefined
      ? quoteBefore(text, startTag.start)
      : (quoteIn(text.slice(last.start, last.end)) ?? "'");
  const blank = last === undefined ? ' ' : gapBefore(text, startTag, attributes, last);
  return [{ start: at, end: at, text: `${blank}${name}=${quote}${encodeValue(value)}${quote}` }];
}

function removedAttribute(text: string, startTag: Span, name: string): readonly Edit[] {
  const attributes = attributesInTag(text, startTag);
  const found = attributes.find((attribute) => attribute.name === name);
  if (found === undefined) return [];
  const gap = gapBefore(text, startTag, attributes, found);
  return [{ start: found.start - gap.length, end: found.end, text: '' }];
}

/** The blanks between an attribute and what stands before it. */
export function gapBefore(
  text: string,
  startTag: Span,
  attributes: readonly XmlAttribute[],
  attribute: XmlAttribute,
): string {
  const before = attributes[attributes.indexOf(attribute) - 1]?.end ?? nameEnd(text, startTag);
  return text.slice(before, attribute.start);
}

export function nameEnd(text: string, { start, end }: Span): number {
  return start + (/^<[^\s/>]+/.exec(text.slice(start, end))?.[0].length ?? 0);
}

/** An element alone on its line takes the line with it. */
export function withItsLine(text: string, span: Span): Span {
  const isAlone = /^[ \t]*(?:[\r\n]|$)/.test(text.slice(span.end, span.end + 256));
  return isAlone ? withItsBreak(text, span) : span;
}

/** An element with the line break and the indentation that it stands behind, as it is written. */
export function withItsBreak(text: string, { start, end }: Span): Span {
  const indent = indentAt(text, start);
  if (indent === undefined) return { start, end };
  const lineStart = start - indent.length;
  const newline = /(?:\r\n|\r|\n)$/.exec(text.slice(Math.max(0, lineStart - 2), lineStart))?.[0] ?? '';
  return { start: lineStart - newline.length, end };
}

function replacement(
  text: string,
  { span, element }: DomainChange & { readonly kind: 'replace-element' },
  lines?: Lines,
): string {
  const indent = indentAt(text, span.start);
  const quote = quoteIn(text.slice(span.start, span.end)) ?? quoteBefore(text, span.start);
  if (indent === undefined) return renderElement(element, { quote, newline: '', indent: '' }, lines);
  const step = indent.includes('\t') ? '\t' : '  ';
  return renderElement(element, { quote, newline: newlineOf(text) + indent, indent: step }, lines);
}
