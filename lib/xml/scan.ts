import type { XmlLimits } from '../../types/xml.ts';
import { encodingProblem } from '../text/decode.ts';
import { readName } from './scan-name.ts';
import { passPlain } from './scan-plain.ts';
import { readAttributes } from './scan-tag.ts';
import { checkCharacters, checkReference, skipProcessingInstruction, skipToClose } from './scan-text.ts';
import { addElement, closeElement, newScanner, openElement, type Scanner } from './scanner.ts';
import { borrowSpace, returnSpace, type Space } from './space.ts';
import {
  AMP,
  BANG,
  BLANK,
  BRACKET,
  CLASS,
  GT,
  LT,
  plainEnd,
  QUESTION,
  runEnd,
  SLASH,
  TEXT_STOP,
  XML_DECLARATION,
} from './syntax.ts';
import { fail, NAME_END, type BorrowedTree, type XmlTree } from './tree.ts';

/** What to accept: one document, as XML says, or several in a row, as virsh reads hosts. */
export interface ScanOptions extends XmlLimits {
  readonly file?: string | undefined;
  /** @default false */
  readonly several?: boolean;
}

const MAX_DEPTH = 256;
export const MAX_LENGTH: number = 16 * 1024 * 1024;

/**
 * The elements of a document with their places, after one strict pass that checks all of XML 1.0's well-formedness.
 * A DOCTYPE is refused, so there is nothing to expand or fetch.
 *
 * @throws LibvirtXmlError (`bad-xml`, `doctype`, `empty-document`, `too-deep`, `too-large`, `bad-encoding`,
 * `reserved-name`) at the culprit.
 */
export function scanXml(text: string, options: ScanOptions = {}): XmlTree {
  return inSpace((space) => {
    const scanned = scan(text, options, space);
    const { file, roots, hasNamespaces, hasPrefixes, hasPrefixedAttributes, count } = scanned;
    const nodes = space.nodes.slice(0, count);
    return { text, file, nodes, roots, hasNamespaces, hasPrefixes, hasPrefixedAttributes, isOwn: true };
  });
}

/**
 * What `use` makes of the same tree, which is lent to it: to copy its elements would take longer than to read them.
 *
 * @throws LibvirtXmlError as `scanXml` does, and whatever `use` throws.
 */
export function withTree<T>(text: string, options: ScanOptions, use: (tree: BorrowedTree) => T): T {
  return inSpace((space) => {
    const scanned = scan(text, options, space);
    const { file, roots, hasNamespaces, hasPrefixes, hasPrefixedAttributes } = scanned;
    const { codes, nodes, attributes, spots } = space;
    return use({
      text,
      file,
      codes,
      nodes,
      attributes,
      spots,
      roots,
      hasNamespaces,
      hasPrefixes,
      hasPrefixedAttributes,
    });
  });
}

function inSpace<T>(work: (space: Space) => T): T {
  const space = borrowSpace();
  try {
    return work(space);
  } finally {
    returnSpace(space);
  }
}

function scan(text: string, options: ScanOptions, space: Space): Scanner {
  checkDocument(text, options);
  const { file, several = false, maxDepth = MAX_DEPTH } = options;
  const scanner = newScanner(text, { file, several, maxDepth }, space);
  const { length } = text;
  let at = skipDeclaration(scanner, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  while (at < length) {
    at = passPlain(scanner, at);
    at = scanner.depth > 0 ? scanText(scanner, at) : scanOutside(scanner, at);
    if (at < length) at = scanMarkup(scanner, at);
  }
  checkEnd(scanner);
  return scanner;
}

function checkDocument(text: string, { file, maxLength = MAX_LENGTH }: ScanOptions): void {
  const place = { text, file };
  if (text.length > maxLength) {
    const reason = `the document is longer than ${maxLength} characters`;
    throw fail(place, reason, 0, 'Raise maxLength (--max-length) if you trust it.', 'too-large');
  }
  checkEncoding(place, text, 0);
}

/** Checks what the XML declaration at `at` says of the text behind it. */
function checkEncoding(place: Pick<Scanner, 'text' | 'file'>, text: string, at: number): void {
  const problem = encodingProblem(text);
  if (problem === undefined) return;
  const hint = 'Convert it to UTF-8 (iconv -t UTF-8) and correct its first line.';
  throw fail(place, problem, at, hint, 'bad-encoding');
}

function checkEnd(scanner: Scanner): void {
  const { space, open, depth, roots } = scanner;
  if (depth > 0) {
    const hint = 'Add its end tag; is the file complete?';
    throw fail(scanner, `<${nameOf(scanner, open)}> is never closed`, space.nodes[open] ?? 0, hint);
  }
  if (roots.length > 0) return;
  throw fail(scanner, 'the document is empty', 0, 'Give a file that holds libvirt XML.', 'empty-document');
}

/** Passes an XML declaration, which may stand at the very start only. */
function skipDeclaration(scanner: Scanner, at: number): number {
  const { text, codes } = scanner;
  if (codes[at + 1] !== QUESTION || !text.startsWith('<?xml', at) || CLASS[codes[at + 5] as number] !== BLANK)
    return at;
  const end = text.indexOf('?>', at) + '?>'.length;
  if (XML_DECLARATION.test(text.slice(at, end))) return end;
  const hint = "Write <?xml version='1.0' encoding='UTF-8'?> or leave it out.";
  throw fail(scanner, 'the XML declaration is not valid', at, hint);
}

/** Checks character data from `at` and returns the offset of the next `<`, or the end. */
function scanText(scanner: Scanner, at: number): number {
  const { codes, text } = scanner;
  let i = at;
  for (;;) {
    i = plainEnd(codes, i, TEXT_STOP);
    const code = codes[i];
    if (code === LT) return i;
    if (code === AMP) i = checkReference(scanner, i);
    else if (code === BRACKET) i = checkBracket(scanner, i);
    else if (i >= text.length) return i;
    else i = checkCharacters(scanner, i, i + 1);
  }
}

/** Outside the root element only blanks may stand. */
function scanOutside(scanner: Scanner, at: number): number {
  const { codes, text } = scanner;
  const i = runEnd(codes, at, BLANK);
  if (i >= text.length || codes[i] === LT) return i;
  throw fail(scanner, 'there is text outside the root element', i, 'Remove it.');
}

function checkBracket(scanner: Scanner, at: number): number {
  if (scanner.text.startsWith(']]>', at)) throw fail(scanner, '"]]>" stands in text', at, 'Write "]]&gt;".');
  return at + 1;
}

/** Passes the markup at `at` and returns the offset behind it. */
function scanMarkup(scanner: Scanner, at: number): number {
  const { codes, text } = scanner;
  const next = codes[at + 1] as number;
  if (next === SLASH) return endTag(scanner, at);
  if (next === QUESTION) return declarationOrInstruction(scanner, at);
  if (next !== BANG) return startTag(scanner, at);
  if (text.startsWith('<!--', at)) return comment(scanner, at);
  if (text.startsWith('<![CDATA[', at) && scanner.depth > 0) {
    return skipToClose(scanner, at, at + '<![CDATA['.length, ']]>', 'CDATA section');
  }
  if (text.startsWith('<!DOCTYPE', at)) {
    const hint = 'Remove it: libvirt XML needs none, and entities are never expanded here.';
    throw fail(scanner, 'the document has a DOCTYPE', at, hint, 'doctype');
  }
  throw fail(scanner, 'this "<!" begins nothing XML knows here', at, 'Write "&lt;" for a plain "<".');
}

function declarationOrInstruction(scanner: Scanner, at: number): number {
  const after = scanner.several && scanner.depth === 0 ? skipDeclaration(scanner, at) : at;
  if (after === at) return skipProcessingInstruction(scanner, at);
  checkEncoding(scanner, scanner.text.slice(at), at);
  return after;
}

function comment(scanner: Scanner, at: number): number {
  const end = skipToClose(scanner, at, at + '<!--'.length, '--', 'comment');
  if (scanner.codes[end] === GT) return end + 1;
  throw fail(scanner, '"--" stands inside a comment', end - 2, 'Write something else for it, such as "- -".');
}

function startTag(scanner: Scanner, at: number): number {
  const { codes, count, depth, space } = scanner;
  const attributes = space.attributes[0] as number;
  const nameEnd = readName(scanner, at + 1, 'an element name');
  if (scanner.text.slice(at, nameEnd).includes(':')) scanner.hasPrefixes = true;
  const close = readAttributes(scanner, nameEnd);
  if (depth === 0) addRoot(scanner, at);
  if (!(depth < scanner.maxDepth)) throw tooDeep(scanner, at);
  const isOpen = codes[close] === GT;
  const end = isOpen ? close + 1 : close + 2;
  addElement(scanner, at, nameEnd, end, attributes);
  if (isOpen) openElement(scanner, count);
  return end;
}

function tooDeep(scanner: Scanner, at: number): Error {
  const reason = `elements are nested deeper than ${scanner.maxDepth}`;
  const hint = 'Raise maxDepth (--max-depth) if you trust the document.';
  return fail(scanner, reason, at, hint, 'too-deep');
}

function addRoot(scanner: Scanner, at: number): void {
  if (scanner.roots.length > 0 && !scanner.several) {
    throw fail(scanner, 'there is a second root element', at, 'Keep one document to a file.');
  }
  scanner.roots.push(scanner.count);
}

function endTag(scanner: Scanner, at: number): number {
  const { codes, text, open } = scanner;
  if (scanner.depth === 0) throw fail(scanner, 'this end tag closes nothing', at, 'Remove it.');
  const name = nameOf(scanner, open);
  const close = runEnd(codes, at + 2 + name.length, BLANK);
  if (!text.startsWith(name, at + 2) || codes[close] !== GT) throw mismatch(scanner, at);
  closeElement(scanner, at, close + 1);
  return close + 1;
}

function mismatch(scanner: Scanner, at: number): Error {
  const name = nameOf(scanner, scanner.open);
  const hint = `Write </${name}> here, or close what stands between.`;
  return fail(scanner, `this end tag does not close <${name}>`, at, hint);
}

function nameOf({ text, space: { nodes } }: Scanner, index: number): string {
  return text.slice((nodes[index] ?? 0) + 1, nodes[index + NAME_END]);
}
