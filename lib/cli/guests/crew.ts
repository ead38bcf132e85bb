import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Host } from '../../../types/host.ts';
import type { FileAnswer, SharedWork } from './answer.ts';
import type { GuestFile } from './files.ts';
import { THREAD } from './thread.ts';

/** Fewer are done before threads have started. */
const WORTH_THREADS = 1000;
const SHARE = 64;

/** What a thread needs to know to do the same work. */
export interface Briefing {
  readonly command: SharedWork['command'];
  readonly words: readonly string[];
  readonly hosts: readonly Host[];
  readonly colour: SharedWork['colour'];
  readonly messageWidth: number | undefined;
}

/** May these be shared out? A guest that comes on standard input is read here. */
export function isWorthThreads(files: readonly GuestFile[]): boolean {
  return files.length > WORTH_THREADS && availableParallelism() > 1;
}

/** The answers to files in their order, by a thread for each core. */
export async function* answersOfCrew(
  files: readonly GuestFile[],
  { command, args, pool, colour, messageWidth }: SharedWork,
): AsyncGenerator<FileAnswer> {
  const { hosts } = pool.baseline;
  const workerData: Briefing = { command, words: args.words, hosts, colour, messageWidth };
  const shares = Array.from({ length: Math.ceil(files.length / SHARE) }, (_, i) =>
    files.slice(i * SHARE, (i + 1) * SHARE),
  );
  // The program of a thread is the command itself.
  const program = realpathSync(process.argv[1] ?? '');
  const crew = Array.from(
    { length: availableParallelism() },
    () => new Worker(program, { argv: [THREAD], workerData }),
  );
  const waiting = shares.map(withResolver);
  const queue = shares.entries();
  try {
    for (const worker of crew) employ(worker, queue, waiting);
    for (const { answers } of waiting) yield* await answers;
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
}

interface Waiting {
  readonly answers: Promise<readonly FileAnswer[]>;
  readonly resolve: (answers: readonly FileAnswer[]) => void;
  readonly reject: (error: unknown) => void;
}

function withResolver(): Waiting {
  let settle = {} as Pick<Waiting, 'resolve' | 'reject'>;
  const answers = new Promise<readonly FileAnswer[]>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Who waits for it comes later.
  answers.catch(() => undefined);
  return { answers, ...settle };
}

/** Gives a thread one share after the other. What goes wrong in it goes wrong here. */
function employ(
  worker: Worker,
  queue: Iterator<[number, readonly GuestFile[]]>,
  waiting: readonly Waiting[],
): void {
  let current: Waiting | undefined;
  const next = (): void => {
    const taken = queue.next();
    if (taken.done === true) return;
    const [number, share] = taken.value;
    current = waiting[number];
    worker.postMessage(share);
  };
  worker.on('message', (answers: readonly FileAnswer[]) => {
    current?.resolve(answers);
    next();
  });
  worker.on('error', (error) => {
    for (const { reject } of waiting) reject(error);
  });
  next();
}
