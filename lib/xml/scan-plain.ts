import { isSpecial, nameHash } from './scan-name.ts';
import type { Scanner } from './scanner.ts';
import { BEYOND_ASCII } from './space.ts';
import {
  APOSTROPHE,
  BLANK,
  CLASS,
  EQUALS,
  GT,
  LT,
  PLAIN_PART,
  PLAIN_START,
  plainEnd,
  QUOTE,
  runEnd,
  SLASH,
  TEXT_STOP,
  VALUE_STOP,
} from './syntax.ts';
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

/**
 * Passes text and tags inside the root element from `from` on, as long as nothing in them needs a second look: names in
 * ASCII without a colon, no references, comments or sections, no blanks around `=`. Returns where it stopped. This is
 * nearly all of nearly every document, so what changes is kept in variables: in fields of an object it takes half as
 * long again.
 */
export function passPlain(scanner: Scanner, from: number): number {
  const { codes, maxDepth } = scanner;
  const { nodes, attributes } = scanner.space;
  const lastRoom = nodes.length - NODE_SIZE;
  let { count, open, depth } = scanner;
  let at = from;
  while (depth > 0) {
    at = plainEnd(codes, at, TEXT_STOP);
    if (codes[at] !== LT) break;
    if (codes[at + 1] === SLASH) {
      const end = plainEndTag(codes, at + 2, (nodes[open] as number) + 1, nodes[open + NAME_END] as number);
      if (end === 0) break;
      nodes[open + CLOSE_START] = at;
      nodes[open + END] = end;
      const outer = nodes[open + NEXT] as number;
      nodes[open + NEXT] = count;
      open = outer;
      depth--;
      at = end;
      continue;
    }
    const nameEnd = plainNameEnd(codes, at + 1);
    const first = attributes[0] as number;
    const close = nameEnd === 0 ? 0 : plainTagEnd(codes, nameEnd, attributes);
    if (close === 0 || count > lastRoom || !(depth < maxDepth)) break;
    const isOpen = codes[close] === GT;
    const end = isOpen ? close + 1 : close + 2;
    nodes[count] = at;
    nodes[count + NAME_END] = nameEnd;
    nodes[count + TAG_END] = end;
    nodes[count + CLOSE_START] = end;
    nodes[count + END] = end;
    nodes[count + NEXT] = isOpen ? open : count + NODE_SIZE;
    nodes[count + ATTRIBUTES] = first;
    nodes[count + ATTRIBUTES_END] = attributes[0] as number;
    if (isOpen) {
      open = count;
      depth++;
    }
    count += NODE_SIZE;
    at = end;
  }
  scanner.count = count;
  scanner.open = open;
  scanner.depth = depth;
  return at;
}

/** The offset behind an end tag with the name that stands from `name` to `nameEnd`; else 0. */
function plainEndTag(codes: Uint8Array, at: number, name: number, nameEnd: number): number {
  let i = at;
  let all = 0;
  for (let j = name; j < nameEnd; j++, i++) {
    const code = codes[j] as number;
    if (codes[i] !== code) return 0;
    all |= code;
  }
  return codes[i] === GT && all < BEYOND_ASCII ? i + 1 : 0;
}

/** The offset behind the name at `at`; 0 if it may mean something to the scan. */
function plainNameEnd(codes: Uint8Array, at: number): number {
  const first = codes[at] as number;
  if (((CLASS[first] as number) & PLAIN_START) === 0) return 0;
  const end = runEnd(codes, at + 1, PLAIN_PART);
  return isSpecial(nameHash(first, codes[end - 1] as number, end - at)) ? 0 : end;
}

/**
 * Writes the attributes of a start tag, and returns the offset of the `>` or `/>` that ends it; 0 if anything in it needs
 * a second look, two names that `nameHash` takes for one among it.
 */
function plainTagEnd(codes: Uint8Array, at: number, attributes: Int32Array): number {
  const lastRoom = attributes.length - ATTRIBUTE_SIZE;
  let next = attributes[0] as number;
  let seen = 0;
  let i = at;
  while (CLASS[codes[i] as number] === BLANK) {
    i = runEnd(codes, i + 1, BLANK);
    const start = i;
    const first = codes[i] as number;
    if (((CLASS[first] as number) & PLAIN_START) === 0) break;
    i = runEnd(codes, i + 1, PLAIN_PART);
    const hash = nameHash(first, codes[i - 1] as number, i - start);
    const bit = 1 << hash;
    if ((seen & bit) !== 0 || isSpecial(hash) || next > lastRoom) return 0;
    seen |= bit;
    const quote = codes[i + 1];
    if (codes[i] !== EQUALS || (quote !== APOSTROPHE && quote !== QUOTE)) return 0;
    attributes[next] = hash;
    attributes[next + NAME_START] = start;
    attributes[next + VALUE_START] = i + 2;
    i = plainEnd(codes, i + 2, VALUE_STOP);
    if (codes[i] !== quote) return 0;
    attributes[next + VALUE_END] = i;
    next += ATTRIBUTE_SIZE;
    i++;
  }
  attributes[0] = next;
  return isTagEnd(codes, i) ? i : 0;
}

function isTagEnd(codes: Uint8Array, at: number): boolean {
  const code = codes[at];
  return code === GT || (code === SLASH && codes[at + 1] === GT);
}
