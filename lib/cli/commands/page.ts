import packageJson from '../../../package.json' with { type: 'json' };
import { writeText } from '../files/write.ts';
import type { Arguments } from '../options/parse.ts';
import { assemblePage } from '../page/assemble.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Prints the page that does in a browser what the command does: one file, put together from the files of this package. */
export function page(args: Arguments, terminal: Terminal): 0 {
  const text = assemblePage(packageJson.version);
  const target = args.text('output');
  if (target === undefined) terminal.data(text);
  else {
    writeText(target, text);
    terminal.detail(words`wrote ${target}\n`);
  }
  return 0;
}
