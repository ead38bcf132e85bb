import { fail, type Scanner } from './scanner.ts';
import { ASCII, NAME_PART, NAME_START, nameCharacterBeyondAscii, RESERVED_NAMES } from './syntax.ts';

const SHORTEST_RESERVED = 7;

/** Returns the offset behind the name at `at`. */
export function readName(scanner: Scanner, at: number, what: string): number {
  const { text } = scanner;
  const first = text.charCodeAt(at);
  let i = at;
  if (first < 128 && ((ASCII[first] as number) & NAME_START) !== 0) i++;
  else i += first >= 128 ? nameCharacterBeyondAscii(text, at, true) : 0;
  if (i === at)
    throw fail(
      scanner,
      `${what} is missing or begins with a wrong character`,
      at,
      'Write "&lt;" for a plain "<".',
    );
  for (;;) {
    const code = text.charCodeAt(i);
    if (code < 128) {
      if (((ASCII[code] as number) & NAME_PART) === 0) break;
      i++;
      continue;
    }
    const length = code >= 128 ? nameCharacterBeyondAscii(text, i, false) : 0;
    if (length === 0) break;
    i += length;
  }
  if (i - at >= SHORTEST_RESERVED && RESERVED_NAMES.has(text.slice(at, i))) {
    throw fail(
      scanner,
      `the name "${text.slice(at, i)}" is not accepted`,
      at,
      'Rename it: every JavaScript object has it, and no libvirt document uses it.',
      'reserved-name',
    );
  }
  return i;
}
