import { fstatSync, statSync } from 'node:fs';
import { printableLines } from '../../text/printable.ts';
import { attempt, CommandError, isSystemError, systemReason } from '../errors.ts';
import { readDescriptor, writeDescriptor } from '../files/descriptors.ts';
import type { Settings } from '../options/settings.ts';
import type { Words } from './words.ts';

/** The command's view of the world it runs in: two streams out, one in, and whether a person is watching. */
export interface Terminal {
  /** A result as it is, byte by byte; on a terminal, without what could do something to it. */
  readonly data: (text: string) => void;
  /** A result in words. */
  readonly out: (words: Words) => void;
  /** Errors, and questions. */
  readonly err: (words: Words) => void;
  /** Warnings, notes, reasons and progress; nothing with --quiet. */
  readonly tell: (words: Words) => void;
  /** What only --verbose shows. */
  readonly detail: (words: Words) => void;
  /** Does someone want all there is? */
  readonly verbose: boolean;
  /** Standard input, or `undefined` if it is more than `most` bytes. */
  readonly stdin: (most: number) => Uint8Array | undefined;
  /** May results, or messages, be coloured? */
  readonly colour: { readonly out: boolean; readonly err: boolean };
  /** Does someone see messages as they come? */
  readonly watched: boolean;
  /** Can someone be asked? */
  readonly interactive: boolean;
  /** Columns for results: what is laid out for a person stays within them, also in a file. */
  readonly width: () => number;
  /** Columns for messages; `undefined` where a file or a program gets them: there, each is one line. */
  readonly messageWidth: () => number | undefined;
  /** The same of results that are a line each: where programs read them, they stay so. */
  readonly lineWidth: () => number | undefined;
}

const IN = 0;
const OUT = 1;
const ERR = 2;

const NARROWEST = 40;
const USUAL_WIDTH = 80;

/** Streams that stay the same, however much is to be printed on them. */
export type Streams = (settings: Settings) => Terminal;

/** The terminal of this process, for the settings a command line has. Node's own streams take longer to set up. */
export function processTerminal(): Streams {
  const [shows, watches] = [isTerminal(OUT), isTerminal(ERR)];
  const [out, err] = [writerOf(OUT), writerOf(ERR)];
  const input = readOnce();
  return ({ color, volume }) => {
    const say = (words: Words): void => {
      err(words.text);
    };
    const silent = (): void => undefined;
    return {
      data: (text) => {
        out(shows ? printableLines(text) : text);
      },
      out: ({ text }) => {
        out(text);
      },
      err: say,
      tell: volume === 'quiet' ? silent : say,
      detail: volume === 'verbose' ? say : silent,
      verbose: volume === 'verbose',
      stdin: input,
      colour: { out: isColoured(color, shows, process.env), err: isColoured(color, watches, process.env) },
      watched: watches && volume !== 'quiet',
      interactive: watches && isTerminal(IN),
      width: () => widthOf(shows, () => process.stdout.columns) ?? USUAL_WIDTH,
      messageWidth: () => widthOf(watches, () => process.stderr.columns),
      lineWidth: () => widthOf(shows, () => process.stdout.columns),
    };
  };
}

/** Reads standard input, which is empty for whoever asks again: that would be taken for an empty file. */
function readOnce(): Terminal['stdin'] {
  let isRead = false;
  return (most) => {
    if (isRead) throw new CommandError('contradictory-options', 'standard input can be read once');
    isRead = true;
    return attempt('read', 'standard input', () => readDescriptor(IN, most));
  };
}

/** May there be colours? The option goes before the variables; one that says no before one that says yes. */
export function isColoured(color: Settings['color'], shows: boolean, env: NodeJS.ProcessEnv): boolean {
  if (color !== 'auto') return color === 'always';
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = env;
  if (NO_COLOR !== '' || FORCE_COLOR === '0') return false;
  return FORCE_COLOR !== '' || (shows && TERM !== 'dumb');
}

/** What the environment states, else what the terminal has. */
function widthOf(isTerminal: boolean, columns: () => number | undefined): number | undefined {
  const stated = Number(process.env['COLUMNS']);
  if (stated > 0) return Math.max(stated, NARROWEST);
  return isTerminal ? Math.max(columns() ?? USUAL_WIDTH, NARROWEST) : undefined;
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

/**
 * Prints on a stream. A reader that goes away stops no work and changes no exit code: what comes after that is for
 * nobody. Messages that cannot be printed for any other reason do not stop it either; a result that cannot, does.
 */
function writerOf(stream: typeof OUT | typeof ERR): (text: string) => void {
  let hasReader = true;
  return (text) => {
    if (!hasReader) return;
    try {
      writeDescriptor(stream, text);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'EPIPE' && stream === OUT)
        throw new CommandError('unwritable', `cannot write to standard output: ${systemReason(error)}`);
      hasReader = false;
    }
  };
}
