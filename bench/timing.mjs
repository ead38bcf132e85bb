// What all groups share: medians, ratios and tables.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The time that a quarter of the rounds were below: on a machine with neighbours, the others measure these too. */
export function lowerQuartile(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 2];
}

/** How much longer `theirs` took than `ours`: the ratio of medians (or of another measure), and the lowest and highest of the pairs. */
export function ratio(theirs, ours, measure = median) {
  const pairs = theirs.map((value, i) => value / ours[i]);
  return `${number(measure(theirs) / measure(ours))} × [${number(Math.min(...pairs))}–${number(Math.max(...pairs))}]`;
}

/** Three digits that count. */
export function number(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

export function microseconds(values) {
  const value = lowerQuartile(values);
  return value >= 10_000 ? `${number(value / 1000)} ms` : `${number(value)} µs`;
}

/** Prints rows under a title, the columns aligned. */
export function printTable(title, rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  console.log(`\n${title}`);
  for (const row of rows) {
    const cells = row.map((cell, i) =>
      i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]),
    );
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

/** Runs a program to its end; `undefined` when it is not installed or fails. */
export function outputOf(program, args) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Wall time of one process in ms. `expected` are the exit codes that mean it did its work. */
export function wallTime(program, args, expected = [0]) {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (error !== undefined) throw error;
  if (!expected.includes(status)) throw new Error(`${program} ${args.join(' ')} gave ${status}: ${stderr}`);
  return took;
}

/** What GNU time says of one run: its peak memory in MiB. */
export function peakMemory(program, args) {
  return resources(program, args).memory;
}

/** The same, with the seconds that it kept a processor busy: other work on the machine makes those no longer. */
export function resources(program, args) {
  const { stderr, error } = spawnSync('time', ['-f', '%U %S %M', program, ...args], {
    encoding: 'utf8',
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [user, system, kibibytes] = (stderr?.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (error !== undefined || Number.isNaN(kibibytes)) return { cpu: 'no GNU time', memory: 'no GNU time' };
  return { cpu: number(user + system), memory: number(kibibytes / 1024) };
}
