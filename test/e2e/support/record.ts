import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matrixPage, matrixTables, type Result } from './matrix-page.ts';

/** What the suite did, a line for each; printed when all is over. */
const FILE = 'VIRT_MIGRATABLE_E2E_RECORD';

/** Begins an empty record that every test file can write to. */
export function openRecord(): void {
  process.env[FILE] = join(tmpdir(), `virt-migratable-e2e-${process.pid}.txt`);
  writeFileSync(recordPath(), '');
}

/** Notes a live migration that was completed. */
export function recordMigration(what: string): void {
  appendFileSync(recordPath(), `migration: ${what}\n`);
}

/** Notes what could not run here, and why. */
export function recordSkip(what: string, reason: string): void {
  appendFileSync(recordPath(), `skipped: ${what}: ${reason}\n`);
}

/** Notes what became of a guest of the matrix. */
export function recordOutcome(result: Result): void {
  appendFileSync(recordPath(), `outcome: ${JSON.stringify(result)}\n`);
}

/** Takes the record away: how many migrations there were of which kind, and everything that was skipped. */
export function closeRecord(): string {
  const lines = readFileSync(recordPath(), 'utf8').split('\n').filter(Boolean);
  rmSync(recordPath());
  const beginning = (words: string): readonly string[] => lines.filter((line) => line.startsWith(words));
  const migrations = beginning('migration: ');
  const kinds = [...new Set(migrations)].sort();
  const counts = kinds.map((kind) => `${kind} × ${migrations.filter((line) => line === kind).length}`);
  const outcomes = beginning('outcome: ').map((line) => JSON.parse(line.slice('outcome: '.length)) as Result);
  const page = process.env['VIRT_MIGRATABLE_MATRIX_PAGE'];
  if (page !== undefined && outcomes.length > 0) writeFileSync(page, matrixPage(outcomes));
  return [
    ...counts,
    ...(outcomes.length === 0 ? [] : [matrixTables(outcomes)]),
    ...beginning('skipped: '),
    `migrations run: ${migrations.length}`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function recordPath(): string {
  const path = process.env[FILE];
  if (path === undefined) throw new Error('run this suite with npm run test:e2e');
  return path;
}
