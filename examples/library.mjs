// A tool that defines guests: it makes each one migratable in its cluster first, and refuses those that cannot be.
import { readFileSync } from 'node:fs';
import { createPool, parseHost } from 'libvirt-migratable';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const hosts = ['kvm-a', 'kvm-b'].map((name) =>
  parseHost(read(`hosts/${name}.xml`), { name, libvirtVersion: '9.0.0' }),
);

const pool = createPool(hosts); // once for the cluster
const result = pool.rewrite(read('guest.xml'));

for (const { severity, message } of result.issues) console.log(`${severity}: ${message}`);
if (!result.ok) process.exit(1); // there is no XML then
for (const { feature, presentOn, missingOn } of result.plan.disable) {
  console.log(`${feature}: on ${presentOn.join(', ')}, not on ${missingOn.join(', ')}`);
}
// result.xml is what would be given to virDomainDefineXML.
console.log(
  result.xml
    .split('\n')
    .filter((line) => line.includes('<feature '))
    .join('\n'),
);
