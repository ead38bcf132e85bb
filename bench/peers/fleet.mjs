// Hosts of a file to their baseline, in a process of its own; prints times in ms, the common features and peak memory.
// With a number as second argument it goes on as a program that runs does: compares so many times more, and rewrites
// two domains, of which the second finds the pool's baseline there.
import { readFileSync } from 'node:fs';
import { diffHosts, parseHosts, rewriteDomain } from 'libvirt-migratable';

const text = readFileSync(process.argv[2], 'utf8');
const start = performance.now();
const hosts = parseHosts(text, { name: 'host', libvirtVersion: '9.0.0' });
const read = performance.now();
const { common } = diffHosts(hosts);
const end = performance.now();
const peak = process.resourceUsage().maxRSS / 1024;
const first = { read: read - start, compare: end - read };

const again = [];
const rewrite = [];
const rounds = Number(process.argv[3] ?? 0);
for (let round = 0; round < rounds; round++) again.push(time(() => diffHosts(hosts)));
for (let domain = 0; rounds > 0 && domain < 2; domain++) {
  const xml = `<domain type='kvm'><name>guest-${domain}</name><cpu mode='host-passthrough'/></domain>`;
  rewrite.push(time(() => rewriteDomain(xml, hosts)));
}
console.log(JSON.stringify({ ...first, again, rewrite, common, peak }));

function time(work) {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}
