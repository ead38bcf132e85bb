// What a tool that migrates guests does before it calls virsh: asks whether the running guest may move as it is, and
// prepares the definition that the destination keeps, so that after its next full stop and start it is level anyway.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, gateVerdict, parseHost } from 'libvirt-migratable';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const pool = createPool(
  ['kvm-a', 'kvm-b'].map((name) => parseHost(read(`hosts/${name}.xml`), { name, libvirtVersion: '9.0.0' })),
);
const live = read('guest.xml'); // virsh dumpxml --migratable web-01
const inactive = read('guest.xml'); // virsh dumpxml --inactive web-01

const { decision, guest, issues } = gateVerdict(live, pool.gate('kvm-b'), 'migrate');
console.log(`${guest} to kvm-b: ${decision}`);
for (const { message } of issues) console.log(`  ${message}`);

const result = pool.rewrite(inactive);
if (result.ok) {
  const path = join(tmpdir(), `${guest}.persistent.xml`);
  writeFileSync(path, result.xml);
  console.log(
    decision === 'open'
      ? `virsh migrate --live --persistent --persistent-xml ${path} ${guest} qemu+ssh://kvm-b/system`
      : `stop ${guest}, then: virsh define ${path}; it may move after its next start`,
  );
} else {
  console.log(`${guest} cannot be made migratable in this pool:`);
  for (const { message } of result.issues) console.log(`  ${message}`);
}
