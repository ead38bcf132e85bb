import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import type { GuestAnswer, Told, Work } from './answer.ts';
import { newTotals } from './totals.ts';

/** Answers as they are printed, one after the other. */
export interface Report {
  readonly say: (answer: GuestAnswer) => void;
  /** The counts of all that was said. */
  readonly end: () => void;
  /** The exit code so far. */
  readonly code: () => 0 | 1 | 2;
}

/** Nothing is said yet. */
export function newReport({ args, pool, command }: Work, terminal: Terminal): Report {
  const totals = newTotals();
  const tell = tellerOf(terminal);
  // Where patches go to standard output, lines for people do not.
  const hasPatches = command === 'apply' || args.has('diff');
  const print = hasPatches ? terminal.tell : terminal.out;
  let code: 0 | 1 | 2 = 0;
  return {
    say: (answer) => {
      totals.add(answer);
      if (answer.code > code) code = answer.code;
      tell(answer.told);
      if (answer.json !== undefined) terminal.data(answer.json);
      else print(words`${answer.guest}: ${answer.line}\n${answer.block ?? ''}`);
    },
    end: () => {
      if (!args.has('json')) print(totals.lines(pool.baseline.hosts.map(({ name }) => name)));
    },
    code: () => code,
  };
}

/**
 * Tells findings as they come: errors, and what stands for more guests than one, which is told once. Warnings at places
 * in single guests are counted in their lines; `--verbose` shows them.
 */
function tellerOf({ err, tell, detail }: Terminal): (told: readonly Told[]) => void {
  const known = new Set<string>();
  return (told) => {
    for (const { severity, words: said, once } of told) {
      if (once !== undefined && known.has(once)) continue;
      if (once !== undefined) known.add(once);
      const say = severity === 'error' ? err : once === undefined ? detail : tell;
      say(said);
    }
  };
}
