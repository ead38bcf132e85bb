// The main job on real input: which CPU features do two captured hosts differ in, and what must a guest's XML say so
// that it sees the same CPU on both? Runs the two commands an administrator would run.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(fileURLToPath(import.meta.url)));
const hosts = ['--host', 'kvm-a=hosts/kvm-a.xml', '--host', 'kvm-b=hosts/kvm-b.xml'];

for (const words of [['diff'], ['rewrite', 'guest.xml', '--diff']]) {
  console.log(`\n$ virt-migratable ${[...words, ...hosts].join(' ')}`);
  const { status } = spawnSync(process.execPath, ['../dist/cli/virt-migratable.cjs', ...words, ...hosts], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 2);
}
console.log(
  '\nThe same guest can now start on either host and move between them. Leave out --diff to get the XML.',
);
