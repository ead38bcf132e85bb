import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  lstatSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { CpuMap } from '../../types/cpu-map.ts';
import { mapProblem } from '../cpu/map.ts';
import { LibvirtXmlError } from '../issues/issues.ts';
import { parseCpuMap } from '../parser/cpu-map.ts';
import { decodeUtf8 } from '../text/decode.ts';
import { isRecord } from '../text/json.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage.ts';

/** A file that was read: its path for messages, and its text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The text of a file in UTF-8, `-` meaning standard input. */
export function readText(path: string, terminal: Pick<Terminal, 'stdin'>): TextFile {
  const shown = path === '-' ? '<stdin>' : path;
  const decoded = decodeUtf8(path === '-' ? terminal.stdin() : readBytes(path));
  if ('text' in decoded) return { path: shown, text: decoded.text };
  const hint = 'Convert it to UTF-8 (iconv -t UTF-8) and correct its first line.';
  throw new LibvirtXmlError('bad-encoding', decoded.problem, {
    text: decoded.before,
    offset: decoded.before.length,
    file: shown,
    hint,
  });
}

function readBytes(path: string): Uint8Array {
  return attempt(`cannot read ${path}`, () => readFileSync(path));
}

/** What the system refuses is told with the path and its reason. */
function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^[A-Z]+: |, \w+ '.*'$/g, '') : String(error);
    throw new UsageError(`${what}: ${reason}`);
  }
}

const NO_STDIN: Pick<Terminal, 'stdin'> = { stdin: () => new Uint8Array() };

/** A CPU map from a `cpu_map` directory or from a JSON file in the library's own form. */
export function readCpuMap(path: string, version: string): CpuMap {
  return attempt(`cannot read ${path}`, () => statSync(path)).isDirectory()
    ? readMapDirectory(path, version)
    : readMapFile(path);
}

function readMapDirectory(path: string, version: string): CpuMap {
  const names = attempt(`cannot read ${path}`, () => readdirSync(path)).filter((name) =>
    name.endsWith('.xml'),
  );
  const files = Object.fromEntries(names.map((name) => [name, readText(join(path, name), NO_STDIN).text]));
  return parseCpuMap(files, version, { directory: path });
}

function readMapFile(path: string): CpuMap {
  const { text } = readText(path, NO_STDIN);
  const map = attempt(`${path} is no CPU map`, () => JSON.parse(text) as unknown);
  if (!looksLikeMap(map)) throw new UsageError(`${path} is no CPU map: it lacks what one has`);
  const problem = mapProblem(map);
  if (problem !== undefined) throw new UsageError(`${path} is no CPU map: ${problem}`);
  return map;
}

/** Has it all that a map has? What stands in the lists is the writer's word. */
function looksLikeMap(value: unknown): value is CpuMap {
  if (!isRecord(value) || !isRecord(value['vendors']) || !isRecord(value['arm']) || !isRecord(value['ppc64']))
    return false;
  const { arm, ppc64, features, models, version } = value;
  const lists = [
    features,
    models,
    ...['features', 'models'].map((key) => arm[key]),
    ...['vendors', 'models'].map((key) => ppc64[key]),
  ];
  return typeof version === 'string' && lists.every((list) => Array.isArray(list) && list.every(isNamed));
}

function isNamed(entry: unknown): boolean {
  return typeof entry === 'string' || (isRecord(entry) && typeof entry['name'] === 'string');
}

/**
 * Puts a text into a file in one step: readers see the old content or the new, never a part. A file that is there
 * keeps its mode and owner; behind a symbolic link, the file it points to is written. Devices are written to.
 */
export function writeText(path: string, text: string): void {
  attempt(`cannot write ${path}`, () => {
    const target = targetOf(path);
    const before = statSync(target, { throwIfNoEntry: false });
    if (before?.isFile() === false) writeFileSync(target, text);
    else replaceFile(target, text, before);
  });
}

/** Where a path leads, also when nothing is there yet. */
function targetOf(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
  const link = lstatSync(path, { throwIfNoEntry: false });
  return link === undefined ? path : targetOf(resolve(dirname(path), readlinkSync(path)));
}

function replaceFile(path: string, text: string, before: Stats | undefined): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'wx', before?.mode ?? 0o666);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (before !== undefined) keepOwnerAndMode(temporary, before);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function keepOwnerAndMode(path: string, { uid, gid, mode }: Stats): void {
  const now = statSync(path);
  if (now.uid !== uid || now.gid !== gid) chownSync(path, uid, gid);
  chmodSync(path, mode & 0o7777);
}
