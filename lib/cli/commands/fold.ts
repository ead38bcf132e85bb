import { newFold } from '../../fleet/fold.ts';
import { CommandError } from '../errors.ts';
import { eachLine } from '../files/lines.ts';
import type { Arguments } from '../options/parse.ts';
import { counted } from '../report/words.ts';
import { printLines } from '../terminal/pieces.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Folds lines of profiles and folds into one, whatever their number. */
export function fold(args: Arguments, terminal: Terminal): 0 {
  const paths = args.positionals.length === 0 ? ['-'] : args.positionals;
  const folded = newFold();
  for (const path of paths) {
    terminal.detail(words`read ${path}\n`);
    let isEmpty = path !== '-';
    eachLine(path, (line, place) => {
      folded.add(line, place);
      isEmpty = false;
    });
    // What failed behind `>` left it: the fold would lack its hosts, and promise more than they can do.
    if (isEmpty) throw new CommandError('unreadable', `cannot read ${path}: it is empty`);
  }
  printLines(folded.lines(), terminal.data);
  const { lines, profiles, hosts } = folded.counts();
  terminal.tell(
    words`${counted(lines, 'line')}: ${counted(hosts, 'host')} of ${counted(profiles, 'kind')}\n`,
  );
  return 0;
}
