// Pools planned for unlike hosts, in the library and as a whole process, and a fleet folded.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planPools } from 'libvirt-migratable';
import { fleet, profileLines, unlikeHosts } from './host-inputs.mjs';
import { median, number, printTable, resources, ROOT, wallTime } from './timing.mjs';

const COMMAND = join(ROOT, 'dist', 'cli', 'virt-migratable.cjs');

export function benchPools() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-pools-'));
  try {
    benchPlans();
    benchProcesses(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Hosts that are all unlike, read already. */
function benchPlans() {
  const rows = [12, 16, 60, 100, 400].map((size) => {
    const hosts = unlikeHosts(size);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      planPools(hosts);
      return performance.now() - start;
    });
    const { proved } = planPools(hosts).partitions.at(-1);
    return [String(size), number(median(times)), proved ? 'every division' : 'a good one'];
  });
  printTable('planPools, up to 4 pools', [['unlike hosts', 'ms', 'looked for'], ...rows]);
}

function benchProcesses(directory) {
  const hosts = join(directory, 'hosts.xml');
  writeFileSync(hosts, fleet(10_000, 60));
  const lines = join(directory, 'fleet.ndjson');
  const file = openSync(lines, 'w');
  let text = '';
  for (const line of profileLines(1_000_000)) {
    text += line;
    if (text.length < 1 << 20) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
  const commands = [
    ['pools: 10,000 hosts of 60 kinds', ['pools', hosts, '--libvirt-version', '9.0.0']],
    ['diff: the same', ['diff', hosts, '--libvirt-version', '9.0.0']],
    ['fold: 1,000,000 lines of 60 kinds', ['fold', lines]],
  ];
  const rows = commands.map(([name, args]) => {
    const seconds = number(wallTime(process.execPath, [COMMAND, ...args]) / 1000);
    const { cpu, memory } = resources(process.execPath, [COMMAND, ...args]);
    return [name, seconds, cpu, memory];
  });
  printTable('whole processes', [['process', 's', 'CPU s', 'peak MiB'], ...rows]);
}
