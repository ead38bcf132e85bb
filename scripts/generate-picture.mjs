// Writes docs/pools.svg, the picture of docs/operating.md: what the command draws of eight hosts of the tests.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
try {
  // Written into the project: the file looks for the captured hosts from where it stands.
  const outfile = join(process.cwd(), 'dist/picture/fleet.cjs');
  await build({
    entryPoints: ['test/support/fleet.ts'],
    bundle: true,
    platform: 'node',
    outfile,
    external: ['typescript'],
  });
  const { tenHosts } = createRequire(import.meta.url)(outfile);
  rmSync('dist/picture', { recursive: true });
  for (const { name, text } of tenHosts().slice(0, 8)) writeFileSync(join(folder, name), text);
  const words = ['dist/cli/virt-migratable.cjs', 'report', folder, '--quiet', '-o', 'docs/pools.svg'];
  execFileSync(process.execPath, words, { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}
