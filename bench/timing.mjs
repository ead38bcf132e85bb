// What all groups share: lower quartiles, rows, and processes that are timed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The time that a quarter of the rounds were below: on a machine with neighbours, the others measure these too. */
export function lowerQuartile(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 2];
}

/** Three digits that count. */
export function number(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

const WIDTHS = [66, 12, 10, 0];

export function printRow(cells) {
  console.log(
    cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i]))).join('  '),
  );
}

/** Runs a program to its end; `undefined` when it is not installed or fails. */
export function outputOf(program, args, options = {}) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', ...options });
  return status === 0 ? stdout.trim() : undefined;
}

/** One run of each process in turn, round by round, so that a busy moment meets all; the lower quartile of each in ms. */
export function wallTimes(processes, rounds) {
  const times = processes.map(() => []);
  for (let round = 0; round < rounds; round++) {
    processes.forEach(([program, ...args], i) => times[i].push(wallTime(program, args)));
  }
  return times.map(lowerQuartile);
}

/** Exit code 1 is a finding, not a failure. */
function wallTime(program, args) {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (error !== undefined) throw error;
  if (status > 1) throw new Error(`${program} ${args.join(' ')} gave ${status}: ${stderr}`);
  return took;
}

/** What GNU time says of one run, in MB. */
export function peakMemory([program, ...args]) {
  const { stderr, error } = spawnSync('time', ['-f', '%M', program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kibibytes = Number(stderr?.trim().split('\n').at(-1));
  return error !== undefined || Number.isNaN(kibibytes) ? '? MB' : `${number((kibibytes * 1024) / 1e6)} MB`;
}
