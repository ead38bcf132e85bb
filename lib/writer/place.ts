import type { DomainCpu, DomainCpuChild } from '../../types/domain.ts';
import { deeper, indentAt, newlineOf } from '../text/layout.ts';

/** Where new feature lines go, and what stands around each of them. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** Before everything, before each line, after everything. */
  readonly opening: string;
  readonly separator: string;
  readonly closing: string;
}

/** Children libvirt writes before the features. @see https://libvirt.org/formatdomain.html#cpu-model-and-topology */
const BEFORE_FEATURES: ReadonlySet<string> = new Set(['model', 'vendor', 'topology', 'cache', 'maxphysaddr']);
const COMMENTS_ON_LINE = /(?:[ \t]*<!--[^\r\n]*?-->)+(?=[ \t]*(?:\r|\n|$))/y;

/**
 * The place for new features: behind the last one, else where libvirt would put them, in the layout of what stands
 * there.
 */
export function placeForFeatures(text: string, cpu: DomainCpu): Place {
  const last = cpu.features.at(-1) ?? cpu.children.findLast(({ name }) => BEFORE_FEATURES.has(name));
  if (last !== undefined) return behind(text, last);
  const numa = cpu.children.find(({ name }) => name === 'numa');
  if (numa !== undefined) return insertion(cpu.startTag.end, separatorBefore(text, numa), '');
  return cpu.span.end === cpu.startTag.end ? intoSelfClosing(text, cpu) : atEnd(text, cpu);
}

function insertion(at: number, separator: string, closing: string): Place {
  return { start: at, end: at, opening: '', separator, closing };
}

/** Behind an element, and behind a comment on the same line, which speaks of that element. */
function behind(text: string, { span }: Pick<DomainCpuChild, 'span'>): Place {
  COMMENTS_ON_LINE.lastIndex = span.end;
  const separator = separatorBefore(text, { span });
  const comment = separator === '' ? undefined : COMMENTS_ON_LINE.exec(text)?.[0];
  return insertion(span.end + (comment?.length ?? 0), separator, '');
}

/** The line break and indentation an element stands behind; nothing when it does not begin a line. */
function separatorBefore(text: string, { span }: Pick<DomainCpuChild, 'span'>): string {
  const indent = indentAt(text, span.start);
  return indent === undefined ? '' : newlineOf(text) + indent;
}

function intoSelfClosing(text: string, cpu: DomainCpu): Place {
  const slash = cpu.startTag.end - '/>'.length;
  const start = text.slice(0, slash).trimEnd().length;
  const { separator, closing } = newBody(text, cpu);
  return { start, end: cpu.startTag.end, opening: '>', separator, closing: `${closing}</cpu>` };
}

/** In front of `</cpu>`, behind whatever else stands there. */
function atEnd(text: string, cpu: DomainCpu): Place {
  const content = text.slice(cpu.startTag.end, cpu.contentEnd);
  const at = cpu.startTag.end + content.trimEnd().length;
  const { separator, closing } = newBody(text, cpu);
  if (/[\r\n]/.test(text.slice(at, cpu.contentEnd))) return insertion(at, separator, '');
  // Blanks in front of </cpu> on the same line would spoil the indentation of its new line.
  return { start: at, end: closing === '' ? at : cpu.contentEnd, opening: '', separator, closing };
}

/** The layout of a body that has none yet: one level deeper than `<cpu>`, which is one deeper than its parent. */
function newBody(text: string, cpu: DomainCpu): Pick<Place, 'separator' | 'closing'> {
  const indent = indentAt(text, cpu.span.start);
  if (indent === undefined) return { separator: '', closing: '' };
  const newline = newlineOf(text);
  return {
    separator: newline + deeper(indent, parentIndent(text, cpu.span.start)),
    closing: newline + indent,
  };
}

/** The indentation of the nearest line above that is less indented and holds markup. */
function parentIndent(text: string, at: number): string | undefined {
  const lines = text.slice(0, at).split(/\r\n|\n|\r/);
  const own = lines.pop() ?? '';
  const parent = lines.findLast(
    (line) => line.trim() !== '' && (/^[ \t]*/.exec(line)?.[0].length ?? 0) < own.length,
  );
  return parent === undefined ? undefined : (/^[ \t]*/.exec(parent)?.[0] ?? '');
}
