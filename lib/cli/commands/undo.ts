import { parseDomain } from '../../parser/domain/domain.ts';
import { undoRecorded } from '../../record/record.ts';
import { deliver, inPlaceContradictions, refuseFirst } from '../files/output.ts';
import { readTextFile } from '../files/read.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import { tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Removes from a domain what a recorded rewrite added. */
export async function undo(args: Arguments, terminal: Terminal): Promise<0> {
  refuseFirst(inPlaceContradictions(args));
  const [path = ''] = args.positionals;
  const source = readTextFile(path, terminal);
  const read = { ...limits(args), file: source.path };
  const { domain, issues } = undoRecorded(parseDomain(source.text, read), read);
  const { text } = domain;
  tellIssues(issues, terminal, source);
  const changed = text !== source.text;
  if (!changed) terminal.tell(words`nothing to undo: the domain has no record of a rewrite\n`);
  if (args.has('json')) terminal.data(json({ command: 'undo', changed, xml: text, issues }));
  await deliver(source, [{ text }], args, terminal);
  return 0;
}
