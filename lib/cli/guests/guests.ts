import { basename } from 'node:path';
import type { IssuePlace } from '../../../types/issue.ts';
import type { ReadOptions } from '../../../types/options.ts';
import { isLibvirtXmlError, LibvirtXmlError, placed } from '../../issues/issues.ts';
import { domainTexts, type DomainText } from '../../parser/domain/several.ts';
import type { TextFile } from '../files/read.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';

/** One guest of a file. */
export interface Guest extends DomainText {
  readonly file: TextFile;
  /** Its number in the file from 1; `undefined` for the only one. */
  readonly number: number | undefined;
}

/** The guests that a file holds. @throws LibvirtXmlError for several that are not well-formed */
export function guestsIn(file: TextFile, args: Arguments): readonly Guest[] {
  const texts = domainTexts(file.text, { ...limits(args), file: file.path });
  return texts.map((one, i) => ({ ...one, file, number: texts.length === 1 ? undefined : i + 1 }));
}

/** How to read it. */
export function readingOf({ file }: Guest, args: Arguments): ReadOptions {
  return { ...limits(args), file: file.path };
}

/** What a guest is called among many: its file, and its name where that is another, or one of several. */
export function labelOf({ file, number }: Guest, name: string | undefined): string {
  if (number !== undefined) return `${file.path} (${name ?? `number ${number}`})`;
  const isSame =
    name === undefined || basename(file.path).replace(/\.\w+$/, '') === name || file.path === name;
  return isSame ? file.path : `${file.path} (${name})`;
}

/** The same finding, placed in the whole file. */
export function inFile<One extends IssuePlace>(found: One, guest: Guest): One {
  const { span, line, column } = found;
  if (span === undefined || line === undefined || column === undefined || guest.start === 0) return found;
  const place = {
    line: line + guest.line - 1,
    column: line === 1 ? column + guest.column - 1 : column,
  };
  return placed(found, { start: span.start + guest.start, end: span.end + guest.start }, place);
}

/** The same error, placed in the whole file. */
export function errorInFile(error: unknown, { file, start }: Guest): unknown {
  if (start === 0 || !isLibvirtXmlError(error)) return error;
  const { code, reason, offset, hint } = error;
  return new LibvirtXmlError(code, reason, {
    text: file.text,
    offset: offset + start,
    file: file.path,
    hint,
  });
}
