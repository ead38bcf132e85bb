import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from './matrix.ts';
import type { Outcome } from './outcome.ts';

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
export function recordOutcome(cell: Cell, outcome: Outcome): void {
  appendFileSync(recordPath(), `outcome: ${JSON.stringify({ cell, outcome })}\n`);
}

/** Takes the record away: how many migrations there were of which kind, and everything that was skipped. */
export function closeRecord(): string {
  const lines = readFileSync(recordPath(), 'utf8').split('\n').filter(Boolean);
  copyFileSync(recordPath(), process.env['MREC'] ?? '/tmp/matrix-record.txt');
  rmSync(recordPath());
  const migrations = lines.filter((line) => line.startsWith('migration: '));
  const kinds = [...new Set(migrations)].sort();
  const counts = kinds.map((kind) => `${kind} × ${migrations.filter((line) => line === kind).length}`);
  const skips = lines.filter((line) => line.startsWith('skipped: '));
  return [...counts, ...skips, `migrations run: ${migrations.length}`].map((line) => `${line}\n`).join('');
}

function recordPath(): string {
  const path = process.env[FILE];
  if (path === undefined) throw new Error('run this suite with npm run test:e2e');
  return path;
}
