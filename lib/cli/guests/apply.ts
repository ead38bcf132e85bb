import type { Pool } from '../../../types/pool.ts';
import type { Rewritten, RewriteResult } from '../../../types/plan.ts';
import { planOptions } from '../options/library.ts';
import { publicUri } from '../hosts/names.ts';
import type { Arguments } from '../options/parse.ts';
import { changeFacts, jsonLine } from '../report/json.ts';
import type { ApplyResult } from '../report/results.ts';
import { printDiff } from '../report/patch.ts';
import { counted } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, words } from '../terminal/words.ts';
import { unreadable, unreadableGuest, type GuestAnswer, type Work } from './answer.ts';
import { agreed } from './agreed.ts';
import type { FromConnection } from './connection.ts';
import { define, targetOf, whenItTakesEffect, type Target } from './define.ts';
import { contentOf, type GuestFile } from './files.ts';
import type { Guest } from './guest.ts';
import { guestsIn, labelOf, readingOf } from './guests.ts';
import { newReport } from './printed.ts';
import { answerFor, refuseManifests } from './rewrite.ts';

/** A guest as it is to be defined. */
export function planned(pool: Pool, args: Arguments, guest: Pick<Guest, 'text' | 'file'>): RewriteResult {
  const options = { read: readingOf(guest, args), record: args.has('record'), ...planOptions(args) };
  return pool.rewrite(guest.text, options);
}

/** What became of a guest, for programs. */
export function applyFacts(result: RewriteResult, defined: boolean): ApplyResult {
  const { domain, plan, issues } = result;
  const { disable, levels, shared } = plan;
  return {
    command: 'apply',
    domain: domain.name,
    ok: result.ok,
    changed: result.ok && result.changed,
    defined,
    plan: { disable, levels, shared: changeFacts(shared) },
    issues,
  };
}

/** A guest that changes, and what is said of it until it is defined. */
interface Change {
  readonly guest: Guest;
  readonly result: Rewritten;
  readonly answer: GuestAnswer;
}

/**
 * Shows what changes in many guests, asks once, and defines each: one that cannot be keeps no other from it. The exit code
 * is that of a rewrite of many; 1 also where nobody agreed, and with --dry-run where something would change.
 */
export async function applyMany(
  { files, failed }: FromConnection,
  work: Work,
  terminal: Terminal,
  uri: string,
): Promise<0 | 1 | 2> {
  const { args } = work;
  const report = newReport(work, terminal);
  for (const { guest, error } of failed) report.say(unreadable({ guest }, error, work));
  const changes = files.flatMap((file) => changesIn(file, work, terminal, report.say));
  for (const { guest, result } of changes)
    if (!args.has('json')) printDiff(labelOf(guest, result.domain.name), guest.text, result.xml, terminal);
  const isDry = args.has('dry-run');
  const question = words`Define ${counted(changes.length, 'guest')} on ${publicUri(uri)}? [y/N] `;
  const isAgreed = !isDry && changes.length > 0 && (await agreed(question, args, terminal));
  for (const change of changes) {
    const target = targetOf(change.guest.file.path, uri, args, terminal);
    report.say(isAgreed ? await defined(change, target, work) : change.answer);
  }
  await report.end();
  return Math.max(report.code(), changes.length > 0 && !isAgreed ? 1 : 0) as 0 | 1 | 2;
}

/** The guests of a file that change; of the others is said what there is to say. */
function changesIn(
  file: GuestFile,
  work: Work,
  terminal: Terminal,
  say: (answer: GuestAnswer) => void,
): readonly Change[] {
  let guests: readonly Guest[];
  try {
    guests = guestsIn(contentOf(file, terminal), work.args);
    refuseManifests(guests);
  } catch (error) {
    say(unreadable({ guest: file.path }, error, work));
    return [];
  }
  return guests.flatMap((guest): readonly Change[] => {
    try {
      const result = planned(work.pool, work.args, guest);
      const answer = answerOf(guest, result, work);
      if (result.ok && result.changed) return [{ guest, result, answer }];
      say(answer);
    } catch (error) {
      say(unreadableGuest(guest, error, work));
    }
    return [];
  });
}

function answerOf(guest: Guest, result: RewriteResult, work: Work): GuestAnswer {
  const { args } = work;
  const ifChanged = args.has('dry-run') ? 'would change' : 'not defined';
  return {
    ...answerFor(guest, result, result.ok && result.changed ? ifChanged : 'as it was', work),
    ...(args.has('json') && { json: factsLine(guest, result, false) }),
  };
}

function factsLine({ file }: Guest, result: RewriteResult, isDefined: boolean): string {
  return jsonLine({ ...applyFacts(result, isDefined), file: file.path });
}

async function defined({ guest, result, answer }: Change, target: Target, work: Work): Promise<GuestAnswer> {
  const { args, colour } = work;
  try {
    await define(target, guest.text, result.xml);
    const when = await whenItTakesEffect(result.domain.name ?? target.word, target);
    return {
      ...answer,
      verdict: 'defined',
      line: words`${styled('defined', 'green', colour.out)}. ${when}`,
      ...(args.has('json') && { json: factsLine(guest, result, true) }),
    };
  } catch (error) {
    return unreadable({ guest: answer.guest }, error, work, 'not defined');
  }
}
