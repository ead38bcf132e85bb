// Leaves bytecode beside the built command, for the Node that runs this: see lib/cli/start.cjs. The command works on
// the examples first, because only functions that have run are in it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../dist/cli/virt-migratable.cjs', import.meta.url));
const { bytecodePath, run, scripts } = createRequire(import.meta.url)(command);
const hosts = ['--host', 'hosts/kvm-a.xml', '--host', 'hosts/kvm-b.xml'];

process.chdir(fileURLToPath(new URL('../examples/', import.meta.url)));
for (const words of [['rewrite', 'guest.xml'], ['check', 'guest.xml'], ['diff']]) {
  process.argv = [process.execPath, 'virt-migratable', ...words, ...hosts];
  run('./command.cjs');
}

process.on('exit', (code) => {
  if (code > 1) return;
  for (const [name, script] of scripts) writeFileSync(bytecodePath(name), script.createCachedData());
  process.exitCode = 0;
});
