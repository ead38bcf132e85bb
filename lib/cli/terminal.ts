import { fstatSync, readFileSync, statSync, writeSync } from 'node:fs';

/** The command's view of the world it runs in: two streams out, one in, and whether a person is watching. */
export interface Terminal {
  /** Data. */
  readonly out: (text: string) => void;
  /** Words. */
  readonly err: (text: string) => void;
  readonly stdin: () => Uint8Array;
  /** May data, or words, be coloured? */
  readonly colour: { readonly out: boolean; readonly err: boolean };
  /** Does someone see the words as they come? */
  readonly watched: boolean;
  /** Can someone be asked? */
  readonly interactive: boolean;
}

/** How long a text is written at once, in UTF-16 units. */
const LONGEST_WRITE = 1 << 16;

/** Prints a text that comes in pieces, many of them at once. */
export function outPieces(terminal: Pick<Terminal, 'out'>, pieces: Iterable<string>): void {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < LONGEST_WRITE) continue;
    terminal.out(text);
    text = '';
  }
  if (text !== '') terminal.out(text);
}

const IN = 0;
const OUT = 1;
const ERR = 2;

/** The terminal of this process. Node's own streams take longer to set up than the whole of a `check`. */
export function processTerminal(): Terminal {
  const plain = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  const watched = isTerminal(ERR);
  return {
    out: (text) => {
      writeAll(OUT, text);
    },
    err: (text) => {
      writeAll(ERR, text);
    },
    stdin: () => readFileSync(IN),
    colour: { out: !plain && isTerminal(OUT), err: !plain && watched },
    watched,
    interactive: watched && isTerminal(IN),
  };
}

/**
 * Is a person at the other end? A stream of a device that is not the null device is taken for a terminal: to ask
 * `node:tty` would load half of Node's network code, a tenth of what a `check` costs.
 */
function isTerminal(stream: number): boolean {
  try {
    const stats = fstatSync(stream);
    return stats.isCharacterDevice() && stats.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch {
    return false;
  }
}

/** A reader that goes away ends the command without a word; one that is slow is waited for. */
function writeAll(stream: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(stream, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit();
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const STYLES = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** The text in a style, or as it is. */
export function styled(text: string, style: keyof typeof STYLES, colour: boolean): string {
  return colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}
