// What a tool that migrates guests does before it calls virsh: asks whether the running guest may move as it is, and
// prepares the definition that the destination keeps, so that after its next full stop and start it is level anyway.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffHosts, gatePool, gateVerdict, parseHost, rewriteDomain } from 'libvirt-migratable';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const hosts = ['kvm-a', 'kvm-b'].map((name) =>
  parseHost(read(`hosts/${name}.xml`), { name, libvirtVersion: '9.0.0' }),
);
const live = read('guest.xml'); // virsh dumpxml --migratable web-01
const inactive = read('guest.xml'); // virsh dumpxml --inactive web-01

const { decision, guest, issues } = gateVerdict(live, gatePool(diffHosts(hosts), 'kvm-b'), 'migrate');
console.log(`${guest} to kvm-b: ${decision}`);
for (const { message } of issues) console.log(`  ${message}`);

const { shared, changed } = rewriteDomain(inactive, hosts);
const path = join(tmpdir(), `${guest}.persistent.xml`);
if (changed) writeFileSync(path, shared);
console.log(
  decision === 'open'
    ? `virsh migrate --live --persistent --persistent-xml ${path} ${guest} qemu+ssh://kvm-b/system`
    : `stop ${guest}, then: virsh define ${path}; it may move after its next start`,
);
