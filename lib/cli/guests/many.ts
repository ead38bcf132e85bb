import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt, CommandError, isSystemError } from '../errors.ts';
import { writeFileMeanwhile } from '../files/output.ts';
import { progressOf } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { NOT_WRITTEN, unreadable, type FileAnswer, type GuestAnswer, type SharedWork } from './answer.ts';
import { answersOfCrew, isWorthThreads } from './crew.ts';
import type { FromConnection } from './connection.ts';
import { contentOf, refuseNone } from './files.ts';
import { answerFile } from './jobs.ts';
import { newReport } from './printed.ts';

/**
 * Answers many guests, each in a line as soon as its turn has come, and counts them at the end: the exit code is 2 where
 * one cannot be read or written, else 1 where one has a finding.
 */
export async function answerMany(
  { files, failed }: FromConnection,
  work: SharedWork,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const progress = progressOf(`${work.command} guests`, files.length, terminal);
  const report = newReport(work, terminal);
  // Where results go to a file, the line may stay.
  const isSeen = terminal.lineWidth() !== undefined;
  let [done, skipped] = [0, 0];
  const answers = answersTo({ files, failed }, work, terminal);
  for await (const answer of writtenInTurn(answers, work, terminal)) {
    const { guests } = answer;
    if (isSeen || guests.some(({ told }) => told.length > 0)) progress.hide();
    if (answer.data !== undefined) terminal.data(answer.data);
    for (const one of guests) report.say(one);
    if (guests.length === 0) skipped++;
    progress.show(++done);
  }
  progress.hide();
  if (skipped === files.length && failed.length === 0) refuseNone(files);
  if (skipped > 0)
    terminal.tell(words`passed over ${skipped} of ${files.length} files: they hold no guest\n`);
  await report.end();
  return report.code();
}

async function* answersTo(
  { files, failed }: FromConnection,
  work: SharedWork,
  terminal: Terminal,
): AsyncGenerator<FileAnswer> {
  for (const { guest, error } of failed) yield { guests: [unreadable({ guest }, error, work)] };
  if (isWorthThreads(files)) {
    const ready = files.map((file) =>
      file.path === '-' ? { ...file, content: contentOf(file, terminal) } : file,
    );
    yield* answersOfCrew(ready, work);
    return;
  }
  for (const file of files) yield answerFile(file, work, terminal);
}

/** Files that are on their way to the disk at the same time. */
const AT_ONCE = 32;

/** The answers in their order, each once its texts are written. */
async function* writtenInTurn(
  answers: AsyncIterable<FileAnswer>,
  work: SharedWork,
  terminal: Terminal,
): AsyncGenerator<FileAnswer> {
  const waiting: Promise<FileAnswer>[] = [];
  for await (const answer of answers) {
    const done = written(answer, work, terminal);
    // Who waits for it comes later.
    done.catch(() => undefined);
    waiting.push(done);
    const most = answer.writes === undefined ? 0 : AT_ONCE;
    while (waiting.length > most) yield await (waiting.shift() as Promise<FileAnswer>);
  }
  for (const one of waiting) yield await one;
}

/** The answer once its texts are written, or why they are not. One file that cannot be written keeps no other from it. */
async function written(answer: FileAnswer, work: SharedWork, terminal: Terminal): Promise<FileAnswer> {
  try {
    for (const { path, text, source } of answer.writes ?? []) {
      if (work.args.text('output') !== undefined)
        attempt('write', path, () => mkdirSync(dirname(path), { recursive: true }));
      await writeFileMeanwhile(path, text, source, terminal);
    }
    return answer;
  } catch (error) {
    if (!(error instanceof CommandError) && !isSystemError(error)) throw error;
    const [first, ...others] = answer.guests.map(({ guest }): GuestAnswer =>
      unreadable({ guest }, error, work, NOT_WRITTEN),
    );
    // The reason is told once.
    const guests = others.map((one) => ({ ...one, told: [] }));
    return { guests: first === undefined ? guests : [first, ...guests] };
  }
}
