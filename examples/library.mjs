// A tool that defines guests: it makes each one migratable in its cluster first, and refuses those that cannot be.
import { readFileSync } from 'node:fs';
import { diffHosts, parseDomain, parseHost, planDomain, writeDomain } from 'libvirt-migratable';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const hosts = ['kvm-a', 'kvm-b'].map((name) =>
  parseHost(read(`hosts/${name}.xml`), { name, libvirtVersion: '9.0.0' }),
);

const baseline = diffHosts(hosts); // once for the cluster
const domain = parseDomain(read('guest.xml'));
const plan = planDomain(domain, baseline);

for (const { severity, message } of plan.issues) console.log(`${severity}: ${message}`);
for (const { feature, presentOn, missingOn } of plan.disable) {
  console.log(`${feature}: on ${presentOn.join(', ')}, not on ${missingOn.join(', ')}`);
}
const xml = writeDomain(domain, plan); // what would be given to virDomainDefineXML
console.log(
  xml
    .split('\n')
    .filter((line) => line.includes('<feature '))
    .join('\n'),
);
