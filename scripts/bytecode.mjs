// Leaves bytecode beside the built command, for the Node that runs this: see lib/cli/start.cjs. The command works on
// the examples first, because only functions that have run are in it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../dist/cli/virt-migratable.cjs', import.meta.url));
const { bytecodePath, run, scripts } = createRequire(import.meta.url)(command);
const hosts = ['--host', 'hosts/kvm-a.xml', '--host', 'hosts/kvm-b.xml'];

process.chdir(fileURLToPath(new URL('../examples/', import.meta.url)));
for (const words of [['rewrite', 'guest.xml'], ['check', 'guest.xml'], ['diff']]) {
  process.argv = [process.execPath, 'virt-migratable', ...words, ...hosts];
  run('./command.cjs');
}

// The gate reads the guest on standard input.
const hooks = mkdtempSync(join(tmpdir(), 'bytecode-'));
const install = ['hook', 'install', ...hosts, '--self', 'kvm-b', '--hooks-dir', hooks];
execFileSync(process.execPath, [command, ...install], { stdio: 'ignore' });
const state = join(hooks, 'virt-migratable', 'gate.json');
process.argv = [process.execPath, 'hook', state, 'deny', '', 'web-01', 'migrate', 'begin', '-'];
run('./gate.cjs');
rmSync(hooks, { recursive: true });

process.on('exit', (code) => {
  if (code > 1) return;
  for (const [name, script] of scripts) writeFileSync(bytecodePath(name), script.createCachedData());
  process.exitCode = 0;
});
