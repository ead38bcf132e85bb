// Many hosts: one guest among them, and whole processes beside virsh's cpu-baseline on the same file.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from 'libvirt-migratable';
import { GROUPS } from './domains.mjs';
import { alikeHosts, fleet, largeFleet, unlikeFleet } from './host-inputs.mjs';
import { lowerQuartile, number, outputOf, peakMemory, ROOT, wallTimes } from './timing.mjs';

const COMMAND = join(ROOT, 'dist', 'cli', 'virt-migratable.cjs');
const ours = (path, ...args) => [process.execPath, COMMAND, 'baseline', path, '--libvirt-version', ...args];

export function* benchFleet() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-fleet-'));
  try {
    yield guardRow();
    yield baselineRow(join(directory, 'kinds.xml'), '10,000 hosts of 40 kinds', fleet(10_000));
    yield baselineRow(
      join(directory, 'sets.xml'),
      '10,000 hosts, 9,000 different sets',
      unlikeFleet(10_000, 9000),
    );
    yield largeRow(join(directory, 'large.xml'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** One more guest for a pool that has served some. */
function guardRow() {
  const pool = createPool(alikeHosts(10_000, 40));
  const times = Array.from({ length: 40 }, (_, i) => {
    const domain = GROUPS['mixed fleet'](i);
    const start = performance.now();
    if (!pool.rewrite(domain, { cpu: 'guard' }).ok) throw new Error('the guest is refused');
    return performance.now() - start;
  });
  const note = `the first ${number(times[0])} ms`;
  return [
    'one guest, 10,000 hosts of 40 kinds, guard',
    `${number(lowerQuartile(times.slice(1)))} ms`,
    '≤ 10 ms',
    note,
  ];
}

function baselineRow(path, title, text) {
  writeFileSync(path, text);
  const virsh = ['virsh', '-c', 'test:///default', 'cpu-baseline', path];
  const isThere = outputOf('virsh', ['--version']) !== undefined;
  const [own, theirs] = wallTimes([ours(path, '9.0.0'), ...(isThere ? [virsh] : [])], 11);
  const note = `${number(own)} ms, ${peakMemory(ours(path, '9.0.0'))}${isThere ? `; virsh ${number(theirs)} ms, ${peakMemory(virsh)}` : ''}`;
  const measured = isThere ? `${number(own / theirs)} ×` : 'no virsh';
  return [`${title}, baseline, whole process ÷ virsh`, measured, '≤ 1 ×', note];
}

/** One file far over what virsh takes (10 MiB): the whole process, once. */
function largeRow(path) {
  const file = openSync(path, 'w');
  for (const cpu of largeFleet(30_000, 340)) writeSync(file, cpu);
  closeSync(file);
  const command = ours(path, '12.8.0', '--max-length', '900000000');
  const [took] = wallTimes([command], 1);
  return [
    '30,000 hosts of 340 features, all different',
    `${number(took / 1000)} s`,
    '< 10 s',
    peakMemory(command),
  ];
}
