import { undoRewrite } from '../../record/record.ts';
import { domainPath, limits, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { inPlaceContradictions, printDiffs, refuse, write } from '../output.ts';
import { json } from '../report/json.ts';
import type { Terminal } from '../terminal.ts';

/** Takes back what a recorded rewrite added to a domain. */
export async function undo(args: Arguments, terminal: Terminal): Promise<0> {
  refuse(inPlaceContradictions(args));
  const source = readText(domainPath('undo', args), terminal);
  const text = undoRewrite(source.text, { ...limits(args), file: source.path });
  const changed = text !== source.text;
  if (!changed) terminal.err('nothing to undo: the domain has no record of a rewrite\n');
  if (args.has('json')) terminal.out(json({ command: 'undo', changed, xml: text }));
  if (args.has('diff')) await printDiffs(source, [{ text }], args, terminal);
  write(source, [{ text }], args, terminal);
  return 0;
}
