import type { XmlLimits } from '../../types/xml.ts';
import { encodingProblem } from '../text/decode.ts';
import { readName } from './scan-name.ts';
import { readAttributes } from './scan-tag.ts';
import { checkCharacters, checkReference, skipProcessingInstruction, skipToClose } from './scan-text.ts';
import { fail, NODE, type Scanner, type XmlTree } from './scanner.ts';
import {
  ASCII,
  BANG,
  BLANK,
  BRACKET,
  DOUBTFUL,
  GT,
  LT,
  QUESTION,
  SLASH,
  TEXT_STOP,
  AMP,
  XML_DECLARATION,
} from './syntax.ts';

/** What to accept: one document, as XML says, or several in a row, as virsh reads hosts. */
export interface ScanOptions extends XmlLimits {
  readonly file?: string | undefined;
  /** @default false */
  readonly several?: boolean;
}

const MAX_DEPTH = 256;
const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * The elements of a document with their places, after one strict pass that checks all of XML 1.0's well-formedness.
 * A DOCTYPE is refused, so there is nothing to expand or fetch.
 *
 * @throws LibvirtXmlError (`bad-xml`, `doctype`, `empty-document`, `too-deep`, `too-large`, `bad-encoding`,
 * `reserved-name`) at the culprit.
 */
export function scanXml(text: string, options: ScanOptions = {}): XmlTree {
  const scanner: Scanner = {
    text,
    file: options.file,
    several: options.several ?? false,
    maxDepth: options.maxDepth ?? MAX_DEPTH,
    nodes: [],
    open: [],
    roots: [],
    attributes: [],
  };
  checkDocument(scanner, options.maxLength ?? MAX_LENGTH);
  let at = skipDeclaration(scanner, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  while (at < text.length) at = markup(scanner, scanText(scanner, at));
  const unclosed = scanner.open.at(-1);
  if (unclosed !== undefined)
    throw fail(
      scanner,
      `<${nameOf(scanner, unclosed)}> is never closed`,
      scanner.nodes[unclosed] ?? 0,
      'Add its end tag; is the file complete?',
    );
  if (scanner.roots.length === 0)
    throw fail(scanner, 'there is no element', 0, 'Give a file that holds libvirt XML.', 'empty-document');
  return { text, nodes: scanner.nodes, roots: scanner.roots };
}

function checkDocument(scanner: Scanner, maxLength: number): void {
  const { text } = scanner;
  if (text.length > maxLength) {
    throw fail(
      scanner,
      `the document is longer than ${maxLength} characters`,
      0,
      'Raise maxLength if you trust it.',
      'too-large',
    );
  }
  if (/^\ufeff?[ \t\r\n]*$/.test(text))
    throw fail(scanner, 'the document is empty', 0, 'Give a file that holds libvirt XML.', 'empty-document');
  const problem = encodingProblem(text);
  if (problem !== undefined)
    throw fail(
      scanner,
      problem,
      0,
      'Convert it to UTF-8 (iconv -t UTF-8) and correct its first line.',
      'bad-encoding',
    );
}

/** Passes an XML declaration, which may stand at the very start only. */
function skipDeclaration(scanner: Scanner, at: number): number {
  const { text } = scanner;
  if (!text.startsWith('<?xml', at) || !isBlank(text.charCodeAt(at + 5))) return at;
  XML_DECLARATION.lastIndex = at;
  const found = XML_DECLARATION.exec(text);
  if (found === null)
    throw fail(
      scanner,
      'the XML declaration is not valid',
      at,
      "Write <?xml version='1.0' encoding='UTF-8'?> or leave it out.",
    );
  return at + found[0].length;
}

/** Checks character data from `at` and returns the offset of the next `<`, or the end. */
function scanText(scanner: Scanner, at: number): number {
  const { text } = scanner;
  const inside = scanner.open.length > 0;
  const end = text.length;
  let i = at;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (code === LT) return i;
    const flags = code < 128 ? (ASCII[code] as number) : 0;
    if (!inside && flags !== BLANK)
      throw fail(scanner, 'there is text outside the root element', i, 'Remove it.');
    if (code < 128 ? (flags & TEXT_STOP) === 0 : code < DOUBTFUL) i++;
    else if (code === AMP) i = checkReference(scanner, i);
    else if (code === BRACKET) i = checkBracket(scanner, i);
    else i = checkCharacters(scanner, i, i + 1);
  }
  return end;
}

function checkBracket(scanner: Scanner, at: number): number {
  if (scanner.text.startsWith(']]>', at)) throw fail(scanner, '"]]>" stands in text', at, 'Write "]]&gt;".');
  return at + 1;
}

/** Passes the markup at `at` and returns the offset behind it. */
function markup(scanner: Scanner, at: number): number {
  const { text } = scanner;
  if (at >= text.length) return at;
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) return endTag(scanner, at);
  if (next === QUESTION) return declarationOrInstruction(scanner, at);
  if (next !== BANG) return startTag(scanner, at);
  if (text.startsWith('<!--', at)) return comment(scanner, at);
  if (text.startsWith('<![CDATA[', at) && scanner.open.length > 0)
    return skipToClose(scanner, at, at + 9, ']]>', 'CDATA section');
  if (text.startsWith('<!DOCTYPE', at)) {
    throw fail(
      scanner,
      'the document has a DOCTYPE',
      at,
      'Remove it: libvirt XML needs none, and entities are never expanded here.',
      'doctype',
    );
  }
  throw fail(scanner, 'this "<!" begins nothing XML knows here', at, 'Write "&lt;" for a plain "<".');
}

function declarationOrInstruction(scanner: Scanner, at: number): number {
  const betweenDocuments = scanner.several && scanner.open.length === 0;
  const after = betweenDocuments ? skipDeclaration(scanner, at) : at;
  return after > at ? after : skipProcessingInstruction(scanner, at);
}

function comment(scanner: Scanner, at: number): number {
  const end = skipToClose(scanner, at, at + 4, '--', 'comment');
  if (scanner.text.charCodeAt(end) !== GT)
    throw fail(
      scanner,
      '"--" stands inside a comment',
      end - 2,
      'Write something else for it, such as "- -".',
    );
  return end + 1;
}

function startTag(scanner: Scanner, at: number): number {
  const { text, nodes, open } = scanner;
  const nameEnd = readName(scanner, at + 1, 'an element name');
  if (open.length === 0) checkRoot(scanner, at);
  if (open.length >= scanner.maxDepth) {
    throw fail(
      scanner,
      `elements are nested deeper than ${scanner.maxDepth}`,
      at,
      'Raise maxDepth if you trust the document.',
      'too-deep',
    );
  }
  const close = readAttributes(scanner, nameEnd);
  const index = nodes.length;
  if (text.charCodeAt(close) === GT) {
    nodes.push(at, nameEnd, close + 1, 0, 0, 0);
    open.push(index);
    return close + 1;
  }
  nodes.push(at, nameEnd, close + 2, close + 2, close + 2, index + NODE.size);
  return close + 2;
}

function checkRoot(scanner: Scanner, at: number): void {
  if (scanner.roots.length > 0 && !scanner.several)
    throw fail(scanner, 'there is a second root element', at, 'Keep one document to a file.');
  scanner.roots.push(scanner.nodes.length);
}

function endTag(scanner: Scanner, at: number): number {
  const { text, nodes, open } = scanner;
  const index = open.pop();
  if (index === undefined) throw fail(scanner, 'this end tag closes nothing', at, 'Remove it.');
  const start = (nodes[index] as number) + 1;
  const length = (nodes[index + NODE.nameEnd] as number) - start;
  let end = at + 2 + length;
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(start + i) !== text.charCodeAt(at + 2 + i)) throw mismatch(scanner, index, at);
  }
  while (isBlank(text.charCodeAt(end))) end++;
  if (text.charCodeAt(end) !== GT) throw mismatch(scanner, index, at);
  nodes[index + NODE.closeStart] = at;
  nodes[index + NODE.end] = end + 1;
  nodes[index + NODE.next] = nodes.length;
  return end + 1;
}

function mismatch(scanner: Scanner, index: number, at: number): Error {
  const name = nameOf(scanner, index);
  return fail(
    scanner,
    `this end tag does not close <${name}>`,
    at,
    `Write </${name}> here, or close what stands between.`,
  );
}

function nameOf(scanner: Scanner, index: number): string {
  return scanner.text.slice((scanner.nodes[index] ?? 0) + 1, scanner.nodes[index + NODE.nameEnd]);
}

function isBlank(code: number): boolean {
  return code < 128 && ASCII[code] === BLANK;
}
