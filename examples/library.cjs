// The same from CommonJS, in one call.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { rewriteDomain } = require('libvirt-migratable');

const read = (path) => readFileSync(join(__dirname, path), 'utf8');
const { changed, issues, plan } = rewriteDomain(
  read('guest.xml'),
  [read('hosts/kvm-a.xml'), read('hosts/kvm-b.xml')],
  { libvirtVersion: '9.0.0' },
);
console.log(
  changed,
  issues.length,
  plan.disable.map(({ feature }) => feature),
);
