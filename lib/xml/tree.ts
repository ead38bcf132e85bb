import type { InputErrorCode } from '../../types/issue.ts';
import { LibvirtXmlError } from '../issues/issues.ts';

/**
 * The elements of a scanned text in document order: numbers in one flat list, `NODE_SIZE` to an element, because
 * objects would cost more than the whole scan. Read it through `query.ts`.
 */
export interface Tree {
  readonly text: string;
  readonly file: string | undefined;
  readonly nodes: Int32Array;
  /** Index of the root element; of each root where several documents were read. */
  readonly roots: readonly number[];
  /** Does any element put itself into a namespace by `xmlns`? */
  readonly hasNamespaces: boolean;
  /** Has any element a name with a colon? */
  readonly hasPrefixes: boolean;
  /** The same for attributes, but for the declarations of namespaces. */
  readonly hasPrefixedAttributes: boolean;
}

/** A tree that may be kept. */
export interface XmlTree extends Tree {
  readonly isOwn: true;
}

/** A tree in the buffers of the scan: it is not there any more when the call that lends it returns. */
export interface BorrowedTree extends Tree {
  /** The text in bytes, see `codesOf`. */
  readonly codes: Uint8Array;
  /** The attributes of all elements, see `ATTRIBUTE_SIZE`. */
  readonly attributes: Int32Array;
  /** Where `locate` puts what it finds. */
  readonly spots: Int32Array;
}

/**
 * Layout of one element in `Tree.nodes`: the offset of its `<` comes first; then those of the end of its name, of the
 * end of its start tag, of its end tag, and of its end; the index of the first element behind it; where its attributes
 * begin and end in `BorrowedTree.attributes`. Numbers, because the build puts them where they are used: to ask an object
 * for them took a tenth of a scan.
 */
export const NAME_END = 1;
export const TAG_END = 2;
export const CLOSE_START = 3;
export const END = 4;
export const NEXT = 5;
export const ATTRIBUTES = 6;
export const ATTRIBUTES_END = 7;
export const NODE_SIZE = 8;

/**
 * Layout of one attribute in `BorrowedTree.attributes`: the `nameHash` of its name comes first; then the offsets of its
 * name, and of the start and the end of its value. In front of the first stands where the next one goes.
 */
export const NAME_START = 1;
export const VALUE_START = 2;
export const VALUE_END = 3;
export const ATTRIBUTE_SIZE = 4;

/** The error for a culprit at `offset`, with what to do about it. */
export function fail(
  { text, file }: Pick<Tree, 'text' | 'file'>,
  reason: string,
  offset: number,
  hint: string,
  code: InputErrorCode = 'bad-xml',
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text, offset, file, hint });
}
