// The same from CommonJS, in one call.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { rewriteDomain } = require('libvirt-migratable');

const read = (path) => readFileSync(join(__dirname, path), 'utf8');
const result = rewriteDomain(read('guest.xml'), [read('hosts/kvm-a.xml'), read('hosts/kvm-b.xml')], {
  read: { libvirtVersion: '9.0.0' },
});
if (result.ok)
  console.log(
    result.changed,
    result.issues.length,
    result.plan.disable.map(({ feature }) => feature),
  );
