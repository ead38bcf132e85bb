import { basename, join, resolve } from 'node:path';
import { printable } from '../../text/printable.ts';
import { CommandError } from '../errors.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { isDirectory, statsOf } from './glob.ts';
import type { TextFile } from './read.ts';
import { isOpen, writeText, writeTextMeanwhile, type Written, type WriteTextOptions } from './write.ts';

/** One document to be written: for all hosts, or for the one named. */
export interface Output {
  readonly host?: string;
  readonly text: string;
}

/** Something that must not hold of the options given, and what to say of it. */
export type Contradiction = readonly [holds: boolean, words: string];

export function inPlaceContradictions(args: Arguments): readonly Contradiction[] {
  const inPlace = args.has('in-place');
  return [
    [inPlace && args.text('output') !== undefined, '--in-place and --output exclude each other'],
    [
      inPlace && args.positionals.some(isStream),
      '--in-place needs a file, not standard input, a pipe or a device',
    ],
  ];
}

/** Can what is read there not be replaced? */
function isStream(path: string): boolean {
  const stats = statsOf(path);
  return path === '-' || isOpen(path) || (stats !== undefined && !stats.isFile() && !stats.isDirectory());
}

/** @throws CommandError with the words of the first that holds */
export function refuseFirst(contradictions: readonly Contradiction[]): void {
  const found = contradictions.find(([holds]) => holds);
  if (found !== undefined) throw new CommandError('contradictory-options', found[1]);
}

/** Puts the documents where they are wanted: into files, on standard output, or with --diff nowhere. */
export async function deliver(
  source: TextFile,
  outputs: readonly Output[],
  args: Arguments,
  terminal: Terminal,
): Promise<void> {
  const target = args.has('in-place') ? source.path : args.text('output');
  if (args.has('diff')) {
    await printDiffs(source, outputs, args, terminal);
    if (target !== undefined) terminal.tell(words`nothing is written: --diff only shows what would be\n`);
  } else if (target !== undefined || !args.has('json')) write(source, outputs, args, terminal);
}

/** Prints what each document changes, as unified diffs. */
async function printDiffs(
  source: TextFile,
  outputs: readonly Output[],
  args: Arguments,
  terminal: Terminal,
): Promise<void> {
  if (args.has('json')) return;
  const { printDiff } = await import('../report/patch.ts');
  for (const { host, text } of outputs) {
    const path = host === undefined ? source.path : `${source.path} (${host})`;
    printDiff(path, source.text, text, terminal);
  }
}

/** The name that a file gets in a directory. */
export function outputName(path: string): string {
  const name = path === '<stdin>' ? 'stdin' : basename(path);
  return /\.\w+$/.test(name) ? name : `${name}.xml`;
}

/** The file that is meant: in a directory, it has the name of what was read. */
function targetOf(output: string, { path }: TextFile): string {
  return output.endsWith('/') || isDirectory(output) ? join(output, outputName(path)) : output;
}

const STDOUT: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1']);

function write(source: TextFile, outputs: readonly Output[], args: Arguments, terminal: Terminal): void {
  const inPlace = args.has('in-place');
  const target = inPlace ? source.path : args.text('output');
  for (const { host = '', text } of outputs) {
    if (target === undefined || STDOUT.has(target))
      terminal.data(
        outputs.length > 1 ? `<!-- ${printable(host).replaceAll('--', '- -')} -->\n${text}` : text,
      );
    else if (text !== source.text || !inPlace) {
      const named = target.replaceAll('{host}', () => host.replaceAll('/', '-'));
      const path = inPlace ? target : targetOf(named, source);
      tellWritten(path, writeText(path, text, writingOf(path, source)), terminal);
    }
  }
}

/**
 * Writes a text in one step, while other files are written.
 *
 * @throws CommandError where the file that was read is to be replaced, and has changed since
 */
export async function writeFileMeanwhile(
  path: string,
  text: string,
  source: TextFile,
  terminal: Terminal,
): Promise<void> {
  tellWritten(path, await writeTextMeanwhile(path, text, writingOf(path, source)), terminal);
}

function writingOf(path: string, source: TextFile): WriteTextOptions {
  const replaces = resolve(path) === resolve(source.path);
  return { source: source.mode, ...(replaces && { expected: source.text }) };
}

function tellWritten(path: string, { otherNames }: Written, { detail, tell }: Terminal): void {
  detail(words`wrote ${path}\n`);
  const names =
    otherNames === 1
      ? 'another name (a hard link), which still has'
      : `${otherNames} other names (hard links), which still have`;
  if (otherNames > 0) tell(words`warning: ${path} had ${names} the old content\n`);
}
