import type { DomainChild, DomainElement } from '../../types/domain.ts';
import { blanksBefore, deeper, indentAt, newlineOf, parentIndentAt } from '../text/layout.ts';
import { lineEndOf } from '../text/position.ts';

/** Where new child elements go, and what stands around each of them. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** Before everything, before each element, after everything. */
  readonly opening: string;
  readonly separator: string;
  readonly closing: string;
}

/** No comment may be read as part of another: of 30 on a line, there would be a billion ways to read them. */
const COMMENTS_ON_LINE = /^(?:[ \t]*<!--(?:(?!-->)[^\r\n])*-->)+(?=[ \t]*$)/;

/**
 * The place for new children of a name: behind the last of that name, else where libvirt's order of siblings wants
 * them, in the layout of what stands there.
 */
export function placeFor(text: string, parent: DomainElement, name: string, order: readonly string[]): Place {
  const { children } = parent;
  const own = order.indexOf(name);
  const isBefore = (child: DomainChild): boolean => {
    const rank = order.indexOf(child.name);
    return rank !== -1 && rank < own;
  };
  const anchor = children.findLast((child) => child.name === name) ?? children.findLast(isBefore);
  if (anchor !== undefined) return behind(text, anchor);
  const next = children.find((child) => order.indexOf(child.name) > own);
  if (next !== undefined) return inFront(text, parent, next);
  return parent.span.end === parent.startTag.end ? intoSelfClosing(text, parent) : atEnd(text, parent);
}

/** One step of indentation: how much deeper the children of an element stand than itself. */
export function stepBelow(text: string, parent: DomainElement, separator: string): string {
  const own = indentAt(text, parent.span.start) ?? '';
  const child = separator.replace(/^[\r\n]+/, '');
  return child.length > own.length && child.startsWith(own)
    ? child.slice(own.length)
    : deeper(child, undefined).slice(child.length);
}

function insertion(at: number, separator: string): Place {
  return { start: at, end: at, opening: '', separator, closing: '' };
}

/** Behind the start tag of the parent, in the layout of the child that stands there so far. */
function inFront(text: string, { startTag }: DomainElement, next: DomainChild): Place {
  const separator = separatorBefore(text, next);
  return insertion(separator === '' ? startTag.end : commentsEnd(text, startTag.end), separator);
}

/** Behind an element. */
function behind(text: string, { span }: Pick<DomainChild, 'span'>): Place {
  const separator = separatorBefore(text, { span });
  return insertion(separator === '' ? span.end : commentsEnd(text, span.end), separator);
}

/** The end of the comments on the rest of a line, which speak of what they stand behind; its start where more stands there. */
export function commentsEnd(text: string, offset: number): number {
  const comments = COMMENTS_ON_LINE.exec(text.slice(offset, lineEndOf(text, offset)))?.[0];
  return offset + (comments?.length ?? 0);
}

/** The line break and indentation an element stands behind; nothing when it does not begin a line. */
function separatorBefore(text: string, { span }: Pick<DomainChild, 'span'>): string {
  const indent = indentAt(text, span.start);
  return indent === undefined ? '' : newlineOf(text) + indent;
}

function intoSelfClosing(text: string, parent: DomainElement): Place {
  const { startTag } = parent;
  const slash = startTag.end - '/>'.length;
  const start = blanksBefore(text, slash);
  const { separator, closing } = newBody(text, parent);
  const name = /^<([^\s/>]+)/.exec(text.slice(startTag.start, startTag.end))?.[1] ?? '';
  return { start, end: startTag.end, opening: '>', separator, closing: `${closing}</${name}>` };
}

/** In front of the end tag, behind whatever else stands there. */
function atEnd(text: string, parent: DomainElement): Place {
  const at = Math.max(parent.startTag.end, blanksBefore(text, parent.contentEnd));
  const { separator, closing } = newBody(text, parent);
  if (/[\r\n]/.test(text.slice(at, parent.contentEnd))) return insertion(at, separator);
  // Blanks in front of the end tag on the same line would spoil the indentation of its new line.
  return { start: at, end: closing === '' ? at : parent.contentEnd, opening: '', separator, closing };
}

/** The layout of a body that has none yet: one level deeper than its element, which is one deeper than its parent. */
function newBody(text: string, parent: DomainElement): Pick<Place, 'separator' | 'closing'> {
  const indent = indentAt(text, parent.span.start);
  if (indent === undefined) return { separator: '', closing: '' };
  const newline = newlineOf(text);
  return {
    separator: newline + deeper(indent, parentIndentAt(text, parent.span.start, indent)),
    closing: newline + indent,
  };
}
