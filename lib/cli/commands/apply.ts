import { CommandError } from '../errors.ts';
import type { TextFile } from '../files/read.ts';
import { applyFacts, applyMany, planned } from '../guests/apply.ts';
import { workOf } from '../guests/answer.ts';
import { agreed } from '../guests/agreed.ts';
import { chosenGuests, sampleOf } from '../guests/chosen.ts';
import { connectionOf } from '../guests/connection.ts';
import { define, targetOf, whenItTakesEffect } from '../guests/define.ts';
import { publicUri } from '../hosts/names.ts';
import { poolOf } from '../hosts/pool.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import { printDiff } from '../report/patch.ts';
import { besidesDisables, counted, exitCodeFor, tellIssues } from '../report/words.ts';
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
  const work = workOf('apply', args, pool, terminal);
  const agree = (count: number): Promise<boolean> =>
    agreed(words`Define ${counted(count, 'guest')} on ${publicUri(uri)}? [y/N] `, args, terminal);
  return applyMany(chosen, work, terminal, { uri, agree });
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
  const isDry = args.has('dry-run');
  if (isDry || !(await agreed(words`Define this on ${publicUri(uri)}? [y/N] `, args, terminal))) {
    if (!isDry) terminal.err(words`nothing was changed\n`);
    tell(false);
    return 1;
  }
  await define(target, source.text, result.xml);
  const name = result.domain.name ?? target.word;
  terminal.tell(words`${name} is defined on ${publicUri(uri)}\n${await whenItTakesEffect(name, target)}\n`);
  tell(true);
  return 0;
}
