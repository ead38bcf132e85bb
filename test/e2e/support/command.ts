import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Ran } from './rig.ts';

/** Runs the built command. */
export function virtMigratable(...words: readonly string[]): Ran {
  const command = join(__dirname, '../../../dist/cli/virt-migratable.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}
