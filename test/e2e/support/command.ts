import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Ran } from './rig.ts';

/** Runs the built command. */
export function virtMigratable(...words: readonly string[]): Ran {
  const command = join(__dirname, '../../../dist/cli/virt-migratable.cjs');
  // The variables of the tests themselves would be warned of.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VIRT_MIGRATABLE_'));
  const env = Object.fromEntries(own);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], {
    encoding: 'utf8',
    env,
  });
  return { code: status, out: stdout, err: stderr };
}
