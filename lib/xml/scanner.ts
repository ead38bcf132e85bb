import type { InputErrorCode } from '../../types/issue.ts';
import { LibvirtXmlError } from '../issues.ts';

/**
 * The elements of a scanned text in document order: numbers in one flat list, `NODE.size` to an element, because
 * objects would cost more than the whole scan. Read it through `query.ts`.
 */
export interface XmlTree {
  readonly text: string;
  readonly nodes: readonly number[];
  /** Index of the root element; of each root where several documents were read. */
  readonly roots: readonly number[];
}

/**
 * Layout of one element in `XmlTree.nodes`: offsets of `<`, of the end of its name, of the end of its start tag, of
 * its end tag, of its end, and the index of the first element behind it.
 */
export const NODE = { start: 0, nameEnd: 1, tagEnd: 2, closeStart: 3, end: 4, next: 5, size: 6 } as const;

/** What one scan carries along. */
export interface Scanner {
  readonly text: string;
  readonly file: string | undefined;
  readonly several: boolean;
  readonly maxDepth: number;
  readonly nodes: number[];
  /** Indexes of the elements that are open. */
  readonly open: number[];
  readonly roots: number[];
  /** Start and end of each attribute name of the current tag. */
  readonly attributes: number[];
}

/** The error for a culprit at `offset`, with what to do about it. */
export function fail(
  scanner: Scanner,
  reason: string,
  offset: number,
  hint: string,
  code: InputErrorCode = 'bad-xml',
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text: scanner.text, offset, file: scanner.file, hint });
}
