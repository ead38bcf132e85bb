import { parentPort, workerData } from 'node:worker_threads';
import { createPool } from '../../pool.ts';
import { judgement } from '../options/library.ts';
import { readArguments } from '../options/parse.ts';
import type { SharedWork } from './answer.ts';
import type { Briefing } from './crew.ts';
import type { GuestFile } from './files.ts';
import { answerFile } from './jobs.ts';

/** Answers the guests that the command hands over, until it ends this thread. */
export function workInThread(): void {
  const { command, words, hosts, ...screen } = workerData as Briefing;
  const args = readArguments(command, words);
  const work: SharedWork = { command, args, pool: createPool(hosts, judgement(args)), ...screen };
  // Standard input was read before.
  const silent = { stdin: () => undefined, detail: () => undefined };
  parentPort?.on('message', (files: readonly GuestFile[]) => {
    parentPort?.postMessage(files.map((file) => answerFile(file, work, silent)));
  });
}
