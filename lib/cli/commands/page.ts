import packageJson from '../../../package.json' with { type: 'json' };
import { writeOrPrint } from '../files/write.ts';
import type { Arguments } from '../options/parse.ts';
import { assemblePage } from '../page/assemble.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Prints the page that does in a browser what the command does: one file, put together from the files of this package. */
export function page(args: Arguments, terminal: Terminal): 0 {
  writeOrPrint(args.text('output'), assemblePage(packageJson.version), terminal);
  return 0;
}
