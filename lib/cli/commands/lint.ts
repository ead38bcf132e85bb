import { imaginedPool } from '../../lint.ts';
import { workOf } from '../guests/answer.ts';
import { chosenGuests } from '../guests/chosen.ts';
import { answerMany } from '../guests/many.ts';
import type { Arguments } from '../options/parse.ts';
import { formatOf } from '../report/formats.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What is wrong with guests, whatever hosts they are for. */
export async function lint(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  formatOf(args);
  const chosen = await chosenGuests(args, terminal, ['--inactive']);
  return answerMany(chosen, workOf('lint', args, imaginedPool(), terminal), terminal);
}
