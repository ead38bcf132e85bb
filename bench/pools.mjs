// Pools planned for unlike hosts, in the library and as a whole process, and a fleet folded.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planPools } from 'libvirt-migratable';
import { fleet, profileLines, unlikeHosts } from './host-inputs.mjs';
import { lowerQuartile, number, peakMemory, ROOT, wallTimes } from './timing.mjs';

const COMMAND = join(ROOT, 'dist', 'cli', 'virt-migratable.cjs');

export function* benchPools() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-pools-'));
  try {
    for (const [size, reach] of [
      [16, ''],
      [100, '≤ 2 s'],
      [400, ''],
    ])
      yield planRow(size, reach);
    yield* processRows(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Hosts that are all unlike, read already. */
function planRow(size, reach) {
  const hosts = unlikeHosts(size);
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    planPools(hosts);
    return performance.now() - start;
  });
  const { proved } = planPools(hosts).partitions.at(-1);
  const note = proved ? 'every division looked at' : 'a good division';
  return [`planPools, ${size} unlike hosts`, `${number(lowerQuartile(times))} ms`, reach, note];
}

function* processRows(directory) {
  const hosts = join(directory, 'hosts.xml');
  writeFileSync(hosts, fleet(10_000, 60));
  const lines = writeLines(join(directory, 'fleet.ndjson'), (i) => `kvm-${String(i).padStart(7, '0')}`);
  const unlike = writeLines(join(directory, 'unlike.ndjson'), unlikeName);
  const version = ['--libvirt-version', '9.0.0'];
  for (const [title, reach, args] of [
    ['pools of 10,000 hosts of 60 kinds, whole process', '≤ 3 s', ['pools', hosts, ...version]],
    ['diff of the same', '', ['diff', hosts, ...version]],
    ['fold of 1,000,000 lines of 60 kinds, whole process', '≤ 60 s', ['fold', lines]],
    ['the same where no two names are alike', '≤ 60 s', ['fold', unlike]],
  ]) {
    const command = [process.execPath, COMMAND, ...args];
    const [took] = wallTimes([command], 1);
    yield [title, `${number(took / 1000)} s`, reach, peakMemory(command)];
  }
}

function writeLines(path, nameOf) {
  const file = openSync(path, 'w');
  let text = '';
  for (const line of profileLines(1_000_000, nameOf)) {
    text += line;
    if (text.length < 1 << 20) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
  return path;
}

/** As clouds call them: `i-0a1b2c…`, and nothing in common. */
function unlikeName(i) {
  const part = (by) => (Math.imul(i + 1, by) >>> 0).toString(36).padStart(7, '0');
  return `i-${part(2_654_435_761)}${part(40_503_001)}${part(97_531_357)}x.example`;
}
