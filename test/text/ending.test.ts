import { withoutEnding } from '../../lib/text/ending.ts';

test.each([
  ['hosts/kvm-a.xml', 'hosts/kvm-a'],
  ['kvm-a.XML.gz', 'kvm-a'],
  ['fleet.ndjson', 'fleet'],
  ['nodes.yml', 'nodes'],
  ['kvm-a.gz', 'kvm-a'],
  ['kvm.example.org', 'kvm.example.org'],
])('%s is called %s', (path, name) => {
  expect(withoutEnding(path)).toBe(name);
});
