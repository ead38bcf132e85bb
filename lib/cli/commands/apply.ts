import { CommandError } from '../errors.ts';
import type { TextFile } from '../files/read.ts';
import { applyFacts, applyMany, planned } from '../guests/apply.ts';
import { workOf } from '../guests/answer.ts';
import { chosenGuests, sampleOf } from '../guests/chosen.ts';
import { connectionOf } from '../guests/connection.ts';
import { definedIfAgreed, targetOf } from '../guests/define.ts';
import { poolOf } from '../hosts/pool.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import { printDiff } from '../report/patch.ts';
import { besidesDisables, exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { tellChanges, tellLevel } from './rewrite.ts';

/** Rewrites domains for their hosts, shows what changes, asks, and defines them. */
export async function apply(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const uri = connectionOf(args);
  if (!args.has('yes') && !args.has('dry-run') && !terminal.interactive)
    throw new CommandError(
      'not-confirmed',
      'nobody can be asked here: use --yes to define without a question',
    );
  const chosen = await chosenGuests(args, terminal, ['--inactive', '--security-info'], true);
  if (chosen.only !== undefined) return applyOne(chosen.only, uri, args, terminal);
  const pool = await poolOf(args, terminal, sampleOf(chosen.files, args, terminal));
  return applyMany(chosen, workOf('apply', args, pool, terminal), terminal, uri);
}

async function applyOne(
  source: TextFile,
  uri: string,
  args: Arguments,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const target = targetOf(source.path, uri, args, terminal);
  const pool = await poolOf(args, terminal, source);
  const result = planned(pool, args, { text: source.text, file: source });
  tellLevel(result, terminal);
  tellIssues(besidesDisables(result.issues), terminal, source);
  if (result.ok) tellChanges(result, terminal);
  const tell = (defined: boolean): void => {
    if (args.has('json')) terminal.data(json(applyFacts(result, defined)));
  };
  if (!result.ok || !result.changed) {
    if (result.ok) terminal.tell(words`${target.word}: nothing has to change\n`);
    tell(false);
    return exitCodeFor(result.issues);
  }
  if (!args.has('json')) printDiff(source.path, source.text, result.xml, terminal);
  const change = { name: result.domain.name ?? target.word, before: source.text, after: result.xml };
  const isDefined =
    !args.has('dry-run') && (await definedIfAgreed(target, { ...change, done: 'defined' }, args, terminal));
  tell(isDefined);
  return isDefined ? 0 : 1;
}
