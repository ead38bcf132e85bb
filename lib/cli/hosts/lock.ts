import type { Baseline } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import { compareLock, lockBaseline } from '../../diff/pool/lock.ts';
import { parseLock } from '../../parser/lock.ts';
import { readTextFile } from '../files/read.ts';
import { writeOrPrint } from '../files/write.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Keeps a baseline in the file of `--lock`, one name to a line. */
export function writeLock(args: Arguments, baseline: Baseline, terminal: Terminal): void {
  const path = args.text('lock');
  if (path === undefined) return;
  writeOrPrint(path, `${JSON.stringify(lockBaseline(baseline), null, 2)}\n`, terminal);
}

/** What became of the hosts since the file of `--lock` was written. */
export function lockIssues(args: Arguments, terminal: Terminal, baseline: Baseline): readonly Issue[] {
  const path = args.text('lock');
  if (path === undefined) return [];
  const { text, path: file } = readTextFile(path, terminal);
  return compareLock(parseLock(text, { file }), baseline);
}
