// Hosts of a file to their baseline, in a process of its own; prints times in ms, the common features and peak memory.
// With a number as second argument, compares so many times more, as a program that runs on does.
import { readFileSync } from 'node:fs';
import { diffHosts, parseHosts } from 'libvirt-migratable';

const text = readFileSync(process.argv[2], 'utf8');
const start = performance.now();
const hosts = parseHosts(text, { name: 'host', libvirtVersion: '9.0.0' });
const read = performance.now();
const { common } = diffHosts(hosts);
const end = performance.now();
const peak = process.resourceUsage().maxRSS / 1024;
const first = { read: read - start, compare: end - read };

const again = [];
for (let round = 0; round < Number(process.argv[3] ?? 0); round++) {
  const begin = performance.now();
  diffHosts(hosts);
  again.push(performance.now() - begin);
}
console.log(JSON.stringify({ ...first, again, common, peak }));
