import { codesOf, doubled, type Space } from './space.ts';
import {
  ATTRIBUTE_SIZE,
  ATTRIBUTES,
  ATTRIBUTES_END,
  CLOSE_START,
  END,
  NAME_END,
  NAME_START,
  NEXT,
  NODE_SIZE,
  TAG_END,
  VALUE_END,
  VALUE_START,
} from './tree.ts';

/** What one scan carries along. */
export interface Scanner {
  readonly text: string;
  readonly file: string | undefined;
  readonly several: boolean;
  readonly maxDepth: number;
  /** See `codesOf`. */
  readonly codes: Uint8Array;
  readonly space: Space;
  /** How much of `space.nodes` is filled. */
  count: number;
  /** Index of the innermost element that is open; the one around it is in its `NEXT` until it is closed. */
  open: number;
  /** How many are open. */
  depth: number;
  readonly roots: number[];
  hasNamespaces: boolean;
  hasPrefixes: boolean;
  hasPrefixedAttributes: boolean;
}

/** A scanner for one text. */
export function newScanner(
  text: string,
  { file, several, maxDepth }: Pick<Scanner, 'file' | 'several' | 'maxDepth'>,
  space: Space,
): Scanner {
  space.attributes[0] = ATTRIBUTE_SIZE;
  return {
    text,
    file,
    several,
    maxDepth,
    codes: codesOf(text, space),
    space,
    count: 0,
    open: 0,
    depth: 0,
    roots: [],
    hasNamespaces: false,
    hasPrefixes: false,
    hasPrefixedAttributes: false,
  };
}

/** Writes an attribute of the element that is written next; `nameHash` gives the hash. */
export function addAttribute(
  { space }: Scanner,
  hash: number,
  nameStart: number,
  valueStart: number,
  valueEnd: number,
): void {
  const at = space.attributes[0] as number;
  if (at + ATTRIBUTE_SIZE > space.attributes.length) space.attributes = doubled(space.attributes);
  const { attributes } = space;
  attributes[at] = hash;
  attributes[at + NAME_START] = nameStart;
  attributes[at + VALUE_START] = valueStart;
  attributes[at + VALUE_END] = valueEnd;
  attributes[0] = at + ATTRIBUTE_SIZE;
}

/** Writes the element whose start tag runs from `start` to `end`, and whose attributes stand from `attributes` on. */
export function addElement(
  scanner: Scanner,
  start: number,
  nameEnd: number,
  end: number,
  attributes: number,
): void {
  const { space, count } = scanner;
  const next = count + NODE_SIZE;
  if (next > space.nodes.length) space.nodes = doubled(space.nodes);
  const { nodes } = space;
  nodes[count] = start;
  nodes[count + NAME_END] = nameEnd;
  nodes[count + TAG_END] = end;
  nodes[count + CLOSE_START] = end;
  nodes[count + END] = end;
  nodes[count + NEXT] = next;
  nodes[count + ATTRIBUTES] = attributes;
  nodes[count + ATTRIBUTES_END] = space.attributes[0] as number;
  scanner.count = next;
}

/** The element at an index waits for its end tag. */
export function openElement(scanner: Scanner, index: number): void {
  scanner.space.nodes[index + NEXT] = scanner.open;
  scanner.open = index;
  scanner.depth++;
}

/** The innermost open element ends with the end tag from `start` to `end`. */
export function closeElement(scanner: Scanner, start: number, end: number): void {
  const { open, count } = scanner;
  const { nodes } = scanner.space;
  scanner.open = nodes[open + NEXT] as number;
  scanner.depth--;
  nodes[open + CLOSE_START] = start;
  nodes[open + END] = end;
  nodes[open + NEXT] = count;
}
