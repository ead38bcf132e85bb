import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baselineCpu } from '../../lib/diff/pool/baseline-cpu.ts';
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { hasErrors } from '../../lib/issues/issues.ts';
import { parseCpuMap } from '../../lib/parser/cpu-map.ts';
import { parseHost, parseHosts } from '../../lib/parser/host/host.ts';
import { cpuXml } from '../../lib/cli/report/cpu-xml.ts';
import { generator } from '../support/random.ts';

/** Random pools, asked of the installed libvirt and of us, with that libvirt's own CPU map. */
const POOLS = 500;
const MAP = '/usr/share/libvirt/cpu_map';
const VIRSH = ['-c', 'test:///default'];

const version = spawnSync('virsh', ['--version'], { encoding: 'utf8' }).stdout.trim();
if (version === '') throw new Error('virsh is not installed: apt-get install libvirt-clients libvirt-daemon');
const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`libvirt ${version}, SEED=${seed}`);

const map = parseCpuMap(
  Object.fromEntries(readdirSync(MAP).map((name) => [name, readFileSync(join(MAP, name), 'utf8')])),
  version,
);
const directory = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
const file = join(directory, 'pool.xml');
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const random = generator(seed);
const some = <T>(list: readonly T[], most: number): T[] =>
  Array.from({ length: random(most + 1) }, () => list[random(list.length)] as T);

const POLICIES = ['require', 'require', 'force', 'disable', 'optional', 'forbid'];
const ALL = map.features.map(({ name }) => name);

/** A host's <cpu>, or a guest's, with any model, or one that lost something, and any features beside it. */
function randomCpu(vendor: string): string {
  const own = map.models.filter((model) => model.vendor === undefined || model.vendor === vendor);
  // Models that once had a feature: libvirt says so in what it prints of them.
  const shrunken = own.filter(({ removed }) => removed !== undefined);
  const models = random(4) === 0 && shrunken.length > 0 ? shrunken : own;
  const model = models[random(models.length)]?.name ?? '';
  const isGuest = random(3) === 0;
  const stated = random(5) === 0 || !(vendor in map.vendors) ? '' : `<vendor>${vendor}</vendor>`;
  const lines = [...new Set(some(ALL, 40))].map((name) => {
    const policy = isGuest ? ` policy='${POLICIES[random(POLICIES.length)] ?? ''}'` : '';
    return `<feature${policy} name='${name}'/>`;
  });
  const start = isGuest ? "<cpu match='exact'>" : '<cpu>';
  return `${start}<arch>x86_64</arch><model>${model}</model>${stated}${lines.join('')}</cpu>\n`;
}

/** What virsh prints, or that it refuses. */
function virsh(...options: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('virsh', [...VIRSH, 'cpu-baseline', ...options, file], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trimEnd() : undefined;
}

/** What libvirt and we say of one random pool, and whether it is a pool at all. */
function ask(): { readonly cpus: string; readonly ours?: unknown; readonly theirs?: unknown } {
  const vendors = Object.keys(map.vendors);
  const vendor = vendors[random(vendors.length)] ?? '';
  const cpus = Array.from({ length: 1 + random(6) }, () => randomCpu(random(12) === 0 ? 'AMD' : vendor)).join(
    '',
  );
  writeFileSync(file, cpus);
  const hosts = parseHosts(cpus, { name: 'host', cpuMap: map });
  const { issues } = diffHosts(hosts);
  // Which vendors libvirt compares depends on the order of the hosts; everything else that we refuse, it refuses.
  if (hasErrors(issues) && issues.some(({ code }) => code === 'vendor-mismatch')) return { cpus };
  if (hasErrors(issues))
    return { cpus, ours: [undefined, undefined], theirs: [virsh(), virsh('--features')] };
  // Where no host states its vendor we only warn; libvirt refuses such a pool in some orders of its hosts.
  const doubtful = issues.some(({ code }) => code === 'vendor-mismatch');
  const theirs = [virsh(), virsh('--features')];
  if (doubtful && theirs[0] === undefined) return { cpus };
  return {
    cpus,
    ours: [{}, { expand: true }].map((options) => cpuXml(baselineCpu(hosts, options)).trimEnd()),
    theirs,
  };
}

test(`${POOLS} random pools have the baseline that libvirt computes, to the byte`, () => {
  const answers: ReturnType<typeof ask>[] = [];
  let asked = 0;
  for (; answers.length < POOLS && asked < 3 * POOLS; asked++) {
    const answer = ask();
    if (answer.theirs !== undefined) answers.push(answer);
  }
  const told = answers.map(({ cpus, ours }) => [cpus, ours]);
  expect(told).toEqual(answers.map(({ cpus, theirs }) => [cpus, theirs]));
  expect(answers).toHaveLength(POOLS);
  console.log(`${POOLS} of ${asked} pools compared; the hosts of the others cannot be a pool`);
});

test('every named model of the installed map expands as libvirt expands it', () => {
  for (const { name } of map.models) {
    writeFileSync(file, `<cpu><arch>x86_64</arch><model>${name}</model></cpu>`);
    const theirs = [...(virsh('--features') ?? '').matchAll(/policy='require' name='([^']*)'/g)].map(
      (found) => found[1],
    );
    expect([name, parseHost(readFileSync(file, 'utf8'), { cpuMap: map }).features]).toEqual([name, theirs]);
  }
});

test('the schema of the installed libvirt accepts what the demo writes', () => {
  const schema = execFileSync('sh', ['-c', 'ls /usr/share/libvirt/schemas/domain.rng'], {
    encoding: 'utf8',
  }).trim();
  const hosts = ['kvm-a', 'kvm-b'].flatMap((name) => ['--host', `examples/hosts/${name}.xml`]);
  const command = ['dist/cli/virt-migratable.cjs', 'rewrite', 'examples/guest.xml', ...hosts];
  writeFileSync(file, execFileSync(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'] }));
  expect(spawnSync('xmllint', ['--noout', '--relaxng', schema, file]).status).toBe(0);
});
