/** A half-open range of UTF-16 units of the original text: `text.slice(start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * One replacement in the original text. Offsets always mean the text as it was read; the edits of one list are
 * disjoint and in ascending order. An empty range is an insertion, an empty `text` a removal.
 */
export interface Edit extends Span {
  readonly text: string;
}

/** A place for people: line and column count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a document may be at most. Both limits guard against hostile input and can be raised. */
export interface XmlLimits {
  /** Deepest nesting of elements. @default 256 (libxml2's own limit) */
  readonly maxDepth?: number;
  /** Longest document, in UTF-16 units. @default 16777216 (16 MiB) */
  readonly maxLength?: number;
}
