// Many hosts to what they have in common, the whole process, beside virsh's cpu-baseline on the same file.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffHosts, mergeBaselines, parseHost } from 'libvirt-migratable';
import { fleet, largeFleet, unlikeFleet, unlikeHosts } from './host-inputs.mjs';
import { median, number, outputOf, peakMemory, printTable, ratio, ROOT, wallTime } from './timing.mjs';

const SIZES = [2, 100, 1000, 10_000];
const COMMAND = join(ROOT, 'dist', 'cli', 'virt-migratable.cjs');
const SCRIPT = fileURLToPath(new URL('./peers/fleet.mjs', import.meta.url));
const VIRSH = ['-c', 'test:///default', 'cpu-baseline'];

export function benchFleet() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-fleet-'));
  const virsh = outputOf('virsh', ['--version']);
  const bench = (path, title, text) => {
    writeFileSync(path, text);
    benchSize(path, `${title}, ${number(text.length / 1e3)} kB`, virsh);
  };
  try {
    for (const size of SIZES)
      bench(
        join(directory, `hosts-${size}.xml`),
        `${size.toLocaleString('en')} hosts of 40 kinds`,
        fleet(size),
      );
    const unlike = join(directory, 'unlike-10000.xml');
    bench(unlike, '10,000 hosts, 9,000 different sets', unlikeFleet(10_000, 9000));
    benchLarge(join(directory, 'large.xml'));
    benchSets();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** One file far over what virsh takes (10 MiB): the whole process, once. */
function benchLarge(path) {
  const file = openSync(path, 'w');
  let size = 0;
  for (const cpu of largeFleet(30_000, 340)) size += writeSync(file, cpu);
  closeSync(file);
  const version = ['--libvirt-version', '12.8.0', '--max-length', '900000000'];
  const commands = [
    ['virt-migratable baseline', ['baseline', path, ...version]],
    ['virt-migratable diff', ['diff', '--host', path, ...version]],
    ['virt-migratable diff --json', ['diff', '--host', path, ...version, '--json']],
  ];
  const rows = commands.map(([name, args]) => [
    name,
    number(wallTime(process.execPath, [COMMAND, ...args]) / 1000),
    peakMemory(process.execPath, [COMMAND, ...args]),
  ]);
  printTable(`30,000 hosts of 340 features, all different, ${number(size / 1e6)} MB`, [
    ['process', 's', 'peak MiB'],
    ...rows,
  ]);
}

/** Sets alone, nothing read: every host another set, and the same fleet compared in ten parts and merged. */
function benchSets() {
  const rows = SIZES.map((size) => {
    const hosts = unlikeHosts(size);
    const part = Math.ceil(size / 10);
    const parts = Array.from({ length: Math.ceil(size / part) }, (_, i) =>
      hosts.slice(i * part, (i + 1) * part),
    );
    const whole = timesOf(() => diffHosts(hosts));
    const merged = timesOf(() => mergeBaselines(parts.map((some) => diffHosts(some))));
    return [size.toLocaleString('en'), number(median(whole)), ratio(merged, whole)];
  });
  printTable('sets alone, all different', [['hosts', 'diffHosts, ms', 'in ten parts, merged'], ...rows]);
}

function timesOf(work) {
  return Array.from({ length: 7 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}

function benchSize(path, title, virshVersion) {
  const version = ['--libvirt-version', '9.0.0'];
  const ours = (title, ...args) => [title, process.execPath, args];
  const processes = [
    ours('virt-migratable baseline', COMMAND, 'baseline', path, ...version),
    ours('virt-migratable diff --json', COMMAND, 'diff', '--host', path, ...version, '--json'),
    ours('the same, version not stated', COMMAND, 'diff', '--host', path, '--json'),
    ours('script: parseHosts, diffHosts', SCRIPT, path),
    ...(virshVersion === undefined ? [] : [['virsh cpu-baseline', 'virsh', [...VIRSH, path]]]),
  ];
  const times = inTurns(processes, path.includes('10000') ? 7 : 15);
  const reference = times.at(-1);
  const rows = processes.map(([name, program, args], i) => [
    name,
    number(median(times[i])),
    virshVersion === undefined ? 'virsh: not installed' : ratio(times[i], reference),
    peakMemory(program, args),
  ]);
  printTable(title, [['process', 'ms', '× virsh', 'peak MiB'], ...rows]);
  tellInside(path, virshVersion);
}

/** One run of each in turn, round by round. */
function inTurns(processes, rounds) {
  const times = processes.map(() => []);
  for (let round = 0; round < rounds; round++) {
    processes.forEach(([, program, args], i) => times[i].push(wallTime(program, args)));
  }
  return times;
}

/** Where the time goes inside the process, and whether both give the same answer. */
function tellInside(path, virshVersion) {
  const runs = Array.from({ length: 3 }, () => JSON.parse(outputOf(process.execPath, [SCRIPT, path, '7'])));
  const middle = (of) => number(median(runs.map(of)));
  const compiled = middle(({ again }) => median(again));
  console.log(
    `  inside the script: reading ${middle(({ read }) => read)} ms, ` +
      `comparing ${middle(({ compare }) => compare)} ms (${compiled} ms once compiled), ` +
      `one more domain rewritten in ${middle(({ rewrite }) => rewrite[1])} ms`,
  );
  if (virshVersion === undefined) return;
  const answer = outputOf('virsh', [...VIRSH, path, '--features']);
  const { features } = parseHost(answer, { libvirtVersion: '9.0.0' });
  const [{ common }] = runs;
  const verdict = features.join() === common.join() ? 'yes' : 'NO';
  console.log(`  same features as virsh ${virshVersion}: ${verdict} (${common.length})`);
}
