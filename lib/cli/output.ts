import type { Arguments } from './arguments.ts';
import { writeText, type TextFile } from './files.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage.ts';

/** One document to be written: for all hosts, or for the one named. */
export interface Output {
  readonly host?: string;
  readonly text: string;
}

/** Something that must not hold of the options given, and what to say of it. */
export type Contradiction = readonly [holds: boolean, words: string];

/** What --in-place cannot go with. */
export function inPlaceContradictions(args: Arguments): readonly Contradiction[] {
  const inPlace = args.has('in-place');
  return [
    [inPlace && args.text('output') !== undefined, '--in-place and --output exclude each other'],
    [inPlace && args.positionals[0] === '-', '--in-place needs a file, not standard input'],
  ];
}

/** @throws UsageError with the words of the first that holds */
export function refuse(contradictions: readonly Contradiction[]): void {
  const found = contradictions.find(([holds]) => holds);
  if (found !== undefined) throw new UsageError(found[1]);
}

/** Prints what each document changes, as unified diffs. */
export async function printDiffs(
  source: TextFile,
  outputs: readonly Output[],
  args: Arguments,
  terminal: Terminal,
): Promise<void> {
  if (args.has('json')) return;
  const { unifiedDiff } = await import('./report/patch.ts');
  for (const { host, text } of outputs) {
    const path = host === undefined ? source.path : `${source.path} (${host})`;
    terminal.out(unifiedDiff(path, source.text, text, terminal.colour.out));
  }
}

/** Names of standard output. As a file, it could be replaced by a rename and what others wrote there be lost. */
const STDOUT: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1']);

/** Puts the documents where they are wanted: into files, or on standard output. */
export function write(
  source: TextFile,
  outputs: readonly Output[],
  args: Arguments,
  terminal: Terminal,
): void {
  const target = args.has('in-place') ? source.path : args.text('output');
  if (target === undefined && (args.has('diff') || args.has('json'))) return;
  for (const { host = '', text } of outputs) {
    const isSame = text === source.text && args.has('in-place');
    if (target === undefined || STDOUT.has(target)) {
      terminal.out(outputs.length > 1 ? `<!-- ${host} -->\n${text}` : text);
    } else if (!isSame) writeText(target.replaceAll('{host}', host), text);
  }
}
