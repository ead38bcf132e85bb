import { closeSync, fstatSync, openSync, type Stats } from 'node:fs';
import { LibvirtXmlError } from '../../issues/issues.ts';
import { decodeUtf8 } from '../../text/decode.ts';
import { attempt, CommandError } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { readDescriptor } from './descriptors.ts';
import { notPacked, unpacked } from './unpack.ts';

export interface TextFile {
  /** For messages. */
  readonly path: string;
  readonly text: string;
  /** Who may read and write it, as a number; `undefined` for what is no plain file. */
  readonly mode: number | undefined;
}

/** JavaScript has no longer strings; what never ends is not read for ever. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface ReadingOptions {
  /** Take what gzip packed. @default false: what is written back in place must be what was read */
  readonly packed?: boolean;
}

/** The text of a file in UTF-8, `-` meaning standard input. */
export function readTextFile(
  path: string,
  terminal: Pick<Terminal, 'stdin' | 'detail'>,
  { packed = false }: ReadingOptions = {},
): TextFile {
  const shown = path === '-' ? '<stdin>' : path;
  terminal.detail(words`read ${shown}\n`);
  const { bytes, mode } = path === '-' ? readInput(terminal) : readFile(path);
  if (bytes === undefined)
    throw new CommandError('too-large', `cannot read ${shown}: it is larger than ${MOST_BYTES} bytes`);
  const content = packed ? unpacked(bytes, MOST_BYTES) : notPacked(bytes);
  if ('problem' in content) throw new CommandError('unreadable', `cannot read ${shown}: ${content.problem}`);
  const decoded = decodeUtf8(content.bytes);
  release(bytes);
  if ('text' in decoded) return { path: shown, text: decoded.text, mode };
  const hint = 'Convert it to UTF-8 (iconv -t UTF-8) and correct its first line.';
  throw new LibvirtXmlError('bad-encoding', decoded.problem, {
    text: decoded.before,
    offset: decoded.before.length,
    file: shown,
    hint,
  });
}

/** In bytes: less is no burden. */
const BURDEN = 1 << 24;

/**
 * Lets go of the bytes of a large file. They would be kept until all memory is looked through again, which takes more
 * than their text needs; what is moved is new, and goes with the next few things that are thrown away.
 */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > BURDEN)
    structuredClone(buffer, { transfer: [buffer] });
}

interface Content {
  readonly bytes: Uint8Array | undefined;
  readonly mode: number | undefined;
}

function readInput({ stdin }: Pick<Terminal, 'stdin'>): Content {
  return {
    bytes: stdin(MOST_BYTES),
    mode: attempt('read', 'standard input', () => permissionsOf(fstatSync(0))),
  };
}

function readFile(path: string): Content {
  return attempt('read', path, () => {
    const file = openSync(path, 'r');
    try {
      return { bytes: readDescriptor(file, MOST_BYTES), mode: permissionsOf(fstatSync(file)) };
    } finally {
      closeSync(file);
    }
  });
}

function permissionsOf(stats: Stats): number | undefined {
  return stats.isFile() ? stats.mode & 0o777 : undefined;
}
