import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, HOSTS, run, type Ran } from './run.ts';

export const INSTALL = ['hook', 'install', '--hooks-dir', 'hooks'];
export const ON_B = [...INSTALL, ...HOSTS, '--self', 'b'];
export const STATUS = ['hook', 'status', '--hooks-dir', 'hooks'];
export const SCRIPT = 'hooks/qemu.d/virt-migratable';
export const FOLDER = 'hooks/virt-migratable';
export const STATE = `${FOLDER}/gate.4.json`;
export const PROGRAM = `${FOLDER}/gate.4.cjs`;
export const COPIES = [`${FOLDER}/hosts/a.xml`, `${FOLDER}/hosts/b.xml`];

/** A folder with a gate in it. */
export function gate(...options: readonly string[]): string {
  const cwd = folder();
  expect(run(cwd, [...ON_B, ...options])).toMatchObject({ code: 0 });
  return cwd;
}

/** One call of libvirt's. */
export function call(
  cwd: string,
  words: string,
  input: string | Buffer,
  env: Readonly<Record<string, string>> = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(join(cwd, SCRIPT), words.split(' ').filter(Boolean), {
    cwd,
    input,
    env: { ...process.env, ...env },
  });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}

/** Changes what stands in a file. */
export function edit(path: string, from: string, to: string): void {
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
}
