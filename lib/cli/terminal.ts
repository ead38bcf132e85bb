import { readFileSync } from 'node:fs';

/** The command's view of the world it runs in: two streams out, one in, and whether a person is watching. */
export interface Terminal {
  /** Data. */
  readonly out: (text: string) => void;
  /** Words. */
  readonly err: (text: string) => void;
  readonly stdin: () => Uint8Array;
  /** May data, or words, be coloured? */
  readonly colour: { readonly out: boolean; readonly err: boolean };
}

/** The terminal of this process. A reader that goes away ends the output, not the command with a stack trace. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
  const plain = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    stdin: () => readFileSync(0),
    colour: { out: process.stdout.isTTY && !plain, err: process.stderr.isTTY && !plain },
  };
}

const STYLES = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** The text in a style, or as it is. */
export function styled(text: string, style: keyof typeof STYLES, colour: boolean): string {
  return colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}
