import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INPUT_ERRORS } from '../../lib/issues/input-errors.ts';
import { issueCodes } from '../../lib/issues/table.ts';
import { ROOT } from '../support/sources.ts';

test('docs/issues.md says what the tables say', () => {
  const script = join(ROOT, 'scripts', 'generate-issue-docs.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('every code is on the page', () => {
  const page = readFileSync(join(ROOT, 'docs', 'issues.md'), 'utf8');
  for (const code of issueCodes()) expect(page).toContain(`\n### ${code}\n`);
  for (const code of Object.keys(INPUT_ERRORS)) expect(page).toContain(`\n| \`${code}\` | `);
});
