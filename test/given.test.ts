// Tries lib/check-pool.ts, lib/compare.ts, lib/cpu/map-shape.ts, lib/diff/gate/shape.ts and lib/text/like.ts as
// well.
import * as library from '../lib/index.ts';
import {
  applyEdits,
  baselineCpu,
  compareCpu,
  compareLock,
  createCheckPool,
  createPool,
  diffHosts,
  disableFeatures,
  formatIssue,
  gatePool,
  gateVerdict,
  hasErrors,
  hostFromFeatures,
  lockBaseline,
  mergeBaselines,
  parseDomain,
  parseHost,
  parseHosts,
  parseLock,
  parseVirtioFeatures,
  planDomain,
  planPools,
  qemuCpuArgument,
  rewriteDomain,
  rewriteDomains,
  undoRewrite,
  writeDomain,
} from '../lib/index.ts';
import type { Loss } from '../types/baseline.ts';
import type { KubeVirtGuest } from '../types/kubevirt.ts';
import { errorOf } from './support/findings.ts';
import { host } from './support/host.ts';
import { cpuMap, feature } from './support/map.ts';

const DOMAIN = "<domain type='kvm'><cpu mode='host-passthrough'/></domain>";
const BUFFER = Buffer.from(DOMAIN) as never;
const SETS = { name: 'b', features: ['avx'] } as never;
const A = host('a');

/** What a caller without types gets wrong, and the sentence for it. */
test.each<[string, () => unknown, string, string]>([
  ['parseHost', () => parseHost(BUFFER), 'not-text', 'the text of a host is a Buffer, not a text'],
  [
    'parseHosts',
    () => parseHosts(A as never),
    'not-text',
    'the text of a host is a plain object, not a text',
  ],
  ['parseDomain', () => parseDomain(BUFFER), 'not-text', 'the domain is a Buffer, not a text'],
  [
    'parseVirtioFeatures',
    () => parseVirtioFeatures(BUFFER),
    'not-text',
    'the answer is a Buffer, not a text',
  ],
  ['createPool', () => createPool([A, BUFFER]), 'bad-host', 'hosts[1] is a Buffer, not a host'],
  [
    'createPool, with no list',
    () => createPool(A as never),
    'bad-host',
    'hosts is a plain object, not a host',
  ],
  [
    'rewriteDomain',
    () => rewriteDomain(DOMAIN, [A, SETS]),
    'bad-host',
    'hosts[1] is a plain object, not a host',
  ],
  [
    'rewriteDomain, the domain',
    () => rewriteDomain(BUFFER, [A, host('b')]),
    'not-text',
    'the domain is a Buffer, not a text',
  ],
  [
    'rewriteDomains',
    () => rewriteDomains([{ domain: DOMAIN, host: A }, { domain: DOMAIN } as never]),
    'bad-host',
    'parts[1].host is undefined, not a host',
  ],
  ['compareCpu', () => compareCpu(SETS, '<cpu/>'), 'bad-host', 'the host is a plain object, not a host'],
  ['compareCpu, the CPU', () => compareCpu(A, BUFFER), 'not-text', 'the CPU is a Buffer, not a text'],
])('%s', (_, call, code, reason) => {
  expect(errorOf(call)).toMatchObject({ code, reason });
});

const B = host('b', ['avx']);
const POOL = createPool([A, B]);
const READ = parseDomain(DOMAIN);
const PLAN = POOL.plan(READ);
const LOCK = lockBaseline(POOL.baseline);
const GATE = POOL.gate('a');
const VM: KubeVirtGuest = {
  ...{ kind: 'VirtualMachineInstance', name: 'vm', namespace: undefined, path: 'spec', model: 'Haswell' },
  ...{ isStated: true, features: [], topology: { sockets: 1, cores: 1, threads: 1 }, arch: 'x86_64' },
  ...{ machine: undefined, system: undefined, instancetype: undefined },
};
const CPU = '<cpu><arch>x86_64</arch><model>486</model></cpu>';
const MAP = cpuMap([feature('fpu', 0)], [{ name: '486', features: ['fpu'] }]);

/** Each function with arguments that are right, but for the one in the place that a wrong value takes. */
const CALLS: Readonly<Record<string, (wrong: never) => unknown>> = {
  'createPool, options': (wrong) => createPool([A, B], wrong),
  'createPool, read': (wrong) => createPool([A, B], { read: wrong }),
  'createPool, accept': (wrong) => createPool([A, B], { accept: wrong }),
  'createCheckPool, options': (wrong) => createCheckPool([A, B], wrong),
  'createCheckPool, refuse': (wrong) => createCheckPool([A, B], { refuse: wrong }),
  'rewrite, options': (wrong) => POOL.rewrite(DOMAIN, wrong),
  'rewrite, cpu': (wrong) => POOL.rewrite(DOMAIN, { cpu: wrong }),
  'rewrite, also': (wrong) => POOL.rewrite(DOMAIN, { also: wrong }),
  'rewrite, read': (wrong) => POOL.rewrite(DOMAIN, { read: wrong }),
  'rewrite, record': (wrong) => POOL.rewrite(DOMAIN, { record: wrong }),
  'rewrite, machine': (wrong) => POOL.rewrite(DOMAIN, { also: { machine: wrong } }),
  'rewrite, floor': (wrong) => POOL.rewrite(DOMAIN, { cpu: { floor: wrong } }),
  'rewrite, maxLength': (wrong) => POOL.rewrite(DOMAIN, { read: { maxLength: wrong } }),
  'rewritePerHost, refuse': (wrong) => POOL.rewritePerHost(DOMAIN, { refuse: wrong }),
  'check, runningOn': (wrong) => POOL.check(DOMAIN, { runningOn: wrong }),
  'plan, domain': (wrong) => POOL.plan(wrong),
  'model, options': (wrong) => POOL.model(wrong),
  'gate, name': (wrong) => POOL.gate(wrong),
  'forHost, name': (wrong) => {
    const result = POOL.rewrite(DOMAIN);
    return result.ok && result.forHost(wrong);
  },
  'diffHosts, options': (wrong) => diffHosts([A, B], wrong),
  'diffHosts, refuse': (wrong) => diffHosts([A, B], { refuse: wrong }),
  'mergeBaselines, baselines': (wrong) => mergeBaselines(wrong),
  'mergeBaselines, one': (wrong) => mergeBaselines([wrong]),
  'planDomain, domain': (wrong) => planDomain(wrong, POOL.baseline),
  'planDomain, baseline': (wrong) => planDomain(READ, wrong),
  'planDomain, options': (wrong) => planDomain(READ, POOL.baseline, wrong),
  'writeDomain, domain': (wrong) => writeDomain(wrong, PLAN),
  'writeDomain, plan': (wrong) => writeDomain(READ, wrong),
  'writeDomain, form of a host': (wrong) =>
    writeDomain(READ, { ...PLAN, perHost: { a: wrong } }, { form: { host: 'a' } }),
  'writeDomain, forms': (wrong) => writeDomain(READ, { ...PLAN, perHost: wrong }, { form: { host: 'a' } }),
  'writeDomain, form': (wrong) => writeDomain(READ, PLAN, { form: wrong }),
  'writeDomain, host': (wrong) => writeDomain(READ, PLAN, { form: { host: wrong } }),
  'disableFeatures, names': (wrong) => disableFeatures(DOMAIN, wrong),
  'disableFeatures, a name': (wrong) => disableFeatures(DOMAIN, [wrong]),
  'rewriteDomain, options': (wrong) => rewriteDomain(DOMAIN, [A, B], wrong),
  'rewriteDomain, read': (wrong) => rewriteDomain(DOMAIN, [A, B], { read: wrong }),
  'rewriteDomains, parts': (wrong) => rewriteDomains(wrong),
  'rewriteDomains, a part': (wrong) => rewriteDomains([wrong]),
  'undoRewrite, options': (wrong) => undoRewrite(DOMAIN, wrong),
  'baselineCpu, migratable': (wrong) => baselineCpu([A, B], { migratable: wrong }),
  'compareCpu, options': (wrong) => compareCpu(A, CPU, wrong),
  'qemuCpuArgument, domain': (wrong) => qemuCpuArgument(wrong),
  'parseHost, options': (wrong) => parseHost(CPU, wrong),
  'parseHost, name': (wrong) => parseHost(CPU, { name: wrong }),
  'parseHost, cpuMap': (wrong) => parseHost(CPU, { cpuMap: wrong }),
  'parseHost, features of its map': (wrong) => parseHost(CPU, { cpuMap: { ...MAP, features: wrong } }),
  'parseHost, parent of a model': (wrong) =>
    parseHost(CPU, { cpuMap: { ...MAP, models: [{ name: 'm', features: [], parent: wrong }] } }),
  'hostFromFeatures, models of its map': (wrong) =>
    hostFromFeatures({ name: 'a', features: [], cpuMap: { ...MAP, models: [wrong] } }),
  'compareCpu, map': (wrong) => compareCpu({ ...A, cpuMaps: [wrong] }, CPU),
  'compareCpu, models of its map': (wrong) => compareCpu({ ...A, cpuMaps: [{ ...MAP, models: wrong }] }, CPU),
  'baselineCpu, features of its map': (wrong) =>
    baselineCpu([A, { ...B, cpuMaps: [{ ...MAP, features: wrong }] }]),
  'parseHosts, libvirtVersion': (wrong) => parseHosts(CPU, { libvirtVersion: wrong }),
  'parseDomain, options': (wrong) => parseDomain(DOMAIN, wrong),
  'parseLock, text': (wrong) => parseLock(wrong),
  'hostFromFeatures, uncertain': (wrong) => hostFromFeatures({ name: 'a', features: [], uncertain: [wrong] }),
  'hostFromFeatures, model': (wrong) => hostFromFeatures({ name: 'a', features: [], model: wrong }),
  'hostFromFeatures, emulator': (wrong) => hostFromFeatures({ name: 'a', features: [], emulator: wrong }),
  'hostFromFeatures, virtio': (wrong) => hostFromFeatures({ name: 'a', features: [], virtio: wrong }),
  'hostFromFeatures, offers': (wrong) =>
    hostFromFeatures({ name: 'a', features: [], offers: { 'disk.bus': wrong } }),
  'planPools, max': (wrong) => planPools([A, B], { max: wrong }),
  'planPools, guests': (wrong) => planPools([A, B], { guests: [wrong] }),
  'gatePool, baseline': (wrong) => gatePool(wrong, 'a'),
  'gateVerdict, pool': (wrong) => gateVerdict(DOMAIN, wrong, 'migrate'),
  'gateVerdict, operation': (wrong) => gateVerdict(DOMAIN, POOL.gate('a'), wrong),
  'lockBaseline, baseline': (wrong) => lockBaseline(wrong),
  'compareLock, lock': (wrong) => compareLock(wrong, POOL.baseline),
  'baselineLevels, baseline': (wrong) => library.baselineLevels(wrong),
  'compareLock, a host': (wrong) => compareLock({ ...LOCK, hosts: [wrong] }, POOL.baseline),
  'compareLock, surplus': (wrong) =>
    compareLock({ ...LOCK, hosts: LOCK.hosts.map((one) => ({ ...one, surplus: wrong })) }, POOL.baseline),
  'gateVerdict, a host': (wrong) => gateVerdict(DOMAIN, { ...GATE, hosts: [wrong] }, 'migrate'),
  'gateVerdict, particulars': (wrong) => gateVerdict(DOMAIN, { ...GATE, particulars: [wrong] }, 'migrate'),
  'gateVerdict, models': (wrong) => gateVerdict(DOMAIN, { ...GATE, models: { x: wrong } }, 'migrate'),
  'gateVerdict, ancestors': (wrong) => gateVerdict(DOMAIN, { ...GATE, ancestors: { x: wrong } }, 'migrate'),
  'planDomain, a host': (wrong) => planDomain(READ, { ...POOL.baseline, hosts: [A, wrong] }),
  'foldLines, lines': (wrong) => library.foldLines(wrong),
  'foldLines, a line': (wrong) => library.foldLines([wrong]),
  'parseCpuMap, files': (wrong) => library.parseCpuMap(wrong, '9.0.0'),
  'parseCpuMap, a file': (wrong) => library.parseCpuMap({ 'index.xml': wrong }, '9.0.0'),
  'parseCpuMap, version': (wrong) => library.parseCpuMap({ 'index.xml': '<cpus/>' }, wrong),
  'parseCpuMap, options': (wrong) => library.parseCpuMap({ 'index.xml': '<cpus/>' }, '9.0.0', wrong),
  'kubevirtDomain, guest': (wrong) => library.kubevirtDomain(wrong),
  'kubevirtDomain, features': (wrong) => library.kubevirtDomain({ ...VM, features: wrong }),
  'kubevirtDomain, a feature': (wrong) => library.kubevirtDomain({ ...VM, features: [wrong] }),
  'kubevirtDomain, topology': (wrong) => library.kubevirtDomain({ ...VM, topology: wrong }),
  'kubevirtDomain, cores': (wrong) =>
    library.kubevirtDomain({ ...VM, topology: { ...VM.topology, cores: wrong } }),
  'kubevirtDomain, name': (wrong) => library.kubevirtDomain({ ...VM, name: wrong }),
  'kubevirtAdvice, guest': (wrong) => library.kubevirtAdvice(wrong, [A, B]),
  'kubevirtAdvice, nodes': (wrong) => library.kubevirtAdvice(VM, wrong),
  'kubevirtAdvice, options': (wrong) => library.kubevirtAdvice(VM, [A, B], wrong),
  'rehearse, before': (wrong) => library.rehearse(wrong, [B]),
  'rehearse, after': (wrong) => library.rehearse([A], wrong),
  'rehearse, guests': (wrong) => library.rehearse([A], [B], { guests: wrong }),
  'rehearse, a guest': (wrong) => library.rehearse([A], [B], { guests: [wrong] }),
  'rehearse, xml': (wrong) => library.rehearse([A], [B], { guests: [{ xml: wrong }] }),
  'rehearse, kernel': (wrong) => library.rehearse([A], [B], { kernel: wrong }),
  'rehearse, kernel before': (wrong) => library.rehearse([A], [B], { kernel: { before: wrong } }),
  'applyEdits, text': (wrong) => applyEdits(wrong, [{ start: 0, end: 0, text: '' }]),
  'applyEdits, edits': (wrong) => applyEdits('', wrong),
  'applyEdits, an edit': (wrong) => applyEdits('', [wrong]),
  'formatIssue, issue': (wrong) => formatIssue(wrong),
  'hasErrors, issues': (wrong) => hasErrors(wrong),
};

/** The same for parts of what is copied: a copy has no functions, and a name may be found in anything. */
const PARTS: typeof CALLS = {
  'hostFromFeatures, machines': (wrong) => hostFromFeatures({ name: 'a', features: [], machines: [wrong] }),
};

const endless: unknown[] = [];
endless.push(endless);
/** Values that no function takes anywhere. */
const WRONG: readonly unknown[] = [
  ...[null, Symbol('x'), 10n, Number.NaN, -1, () => 'avx', BUFFER, new Uint8Array(3), new Map([[1, 2]])],
  ...[new Date(0), Promise.resolve(), [null], endless, { nonsense: 1 }, /x/, new Error('x')],
];

/** Words of V8, and not of ours. */
const FROM_INSIDE =
  /Cannot |is not (?:a function|iterable|a constructor)|call stack|circular|serialize|\(intermediate/;

/** What a call says of a wrong value, if it is in our words. */
function sentenceFor(call: (wrong: never) => unknown, wrong: unknown): string | undefined {
  try {
    call(wrong as never);
  } catch (error) {
    if (error instanceof Error && !FROM_INSIDE.test(error.message)) return error.message;
  }
  return undefined;
}

test.each(Object.entries(CALLS))('%s: what is wrong there is named in a sentence', (_, call) => {
  for (const wrong of WRONG) expect(sentenceFor(call, wrong)).toBeDefined();
});

test.each(Object.entries(PARTS))('%s: what is wrong there is named too', (_, call) => {
  const wrongs = WRONG.filter((wrong) => typeof wrong !== 'function' && !(wrong instanceof Error));
  for (const wrong of wrongs) expect(sentenceFor(call, wrong)).toBeDefined();
});

test.each<[string, () => unknown, string]>([
  ['diffHosts', () => diffHosts([A, B], { refuse: ['weak-sorce'] as never }), 'weak-sorce'],
  ['planDomain', () => planDomain(READ, POOL.baseline, { guard: true } as object), '"guard"'],
  ['parseHost', () => parseHost(CPU, { libvirtversion: '9.0.0' } as object), '"libvirtversion"'],
  ['baselineCpu', () => baselineCpu([A, B], { migratable: 'qmeu' as never }), '"qmeu"'],
  ['gateVerdict', () => gateVerdict(DOMAIN, POOL.gate('a'), 'migrate', { resque: true } as object), 'resque'],
  ['rewrite, read', () => POOL.rewrite(DOMAIN, { read: { maxdepth: 9 } as object }), '"maxdepth"'],
  ['rewrite, a hole in a list', () => POOL.rewrite(DOMAIN, { accept: new Array<never>(1) }), 'accept'],
  ['writeDomain', () => writeDomain(READ, PLAN, { host: 'a' } as object), '"host"'],
])('%s: an option or a value that there is not is refused', (_, call, word) => {
  expect(call).toThrow(TypeError);
  expect(call).toThrow(word);
});

test('options are what they are at the call, whatever their getters say later', () => {
  class Asked {
    #times = 0;
    get refuse(): readonly 'unnamed'[] {
      return this.#times++ === 0 ? ['unnamed'] : (['nonsense'] as never);
    }
  }
  const weak = ['a', 'b'].map((name) => host(name, [], { fallback: 'allow' }));
  class Strict {
    get refuse(): readonly 'weak-source'[] {
      return ['weak-source'];
    }
  }
  expect(createPool(weak).rewrite(DOMAIN, new Asked()).ok).toBe(true);
  expect(createPool(weak).rewrite(DOMAIN, new Strict()).ok).toBe(false);
});

test('a model that descends from itself is no model', () => {
  const map = cpuMap([], [{ name: 'm', parent: 'm', features: [] }]);
  expect(() => parseHost(CPU, { cpuMap: map })).toThrow('the cpuMap is not whole');
  expect(errorOf(() => compareCpu({ ...A, cpuMaps: [map] }, CPU))?.code).toBe('bad-host');
});

test('what holds itself is no list of machines', () => {
  const list: Record<string, unknown> = { kind: 'List' };
  list['items'] = [list];
  expect(() => library.kubevirtGuests(list)).toThrow('holds itself');
  expect(() => library.kubevirtGuests(endless)).toThrow('holds itself');
});

test('a plan speaks of the domain as it was, and leaves the caller’s own to the caller', () => {
  const domain = parseDomain(
    DOMAIN.replace('/></domain>', "><feature policy='optional' name='avx'/></cpu></domain>"),
  );
  const asked = POOL.plan(domain);
  const before = JSON.stringify(POOL.plan(domain));
  (domain.cpu?.features as unknown[]).pop();
  expect(JSON.stringify(asked)).toBe(before);
});

test('a baseline that is frozen on the outside alone is the caller’s to change all the same', () => {
  const issues = [...POOL.baseline.issues];
  const losses = structuredClone(POOL.baseline.losses) as unknown as (Loss & { missingOn: string[] })[];
  const own = Object.freeze({ ...POOL.baseline, issues, losses, hosts: POOL.baseline.hosts });
  const asked = planDomain(READ, own);
  const before = JSON.stringify(planDomain(READ, own));
  losses[0]?.missingOn.splice(0);
  losses.pop();
  expect(JSON.stringify(asked)).toBe(before);
});

test('features that can be gone through only once are a host’s all the same', () => {
  const names = new Map([['avx', 1]]);
  expect(hostFromFeatures({ name: 'a', features: names.keys(), uncertain: ['aes'].values() })).toMatchObject({
    features: ['avx'],
    uncertain: ['aes'],
  });
});

test('a list of issues is formatted by the function itself, which is given their places too', () => {
  const { issues } = disableFeatures('<domain/>', ['avx']);
  expect(issues.map((found, place) => formatIssue(found, place as never))).toEqual(
    issues.map((found) => formatIssue(found)),
  );
});

test('the index that map hands over is no option', () => {
  const texts = [DOMAIN, DOMAIN];
  expect(texts.map(parseDomain as (text: string) => unknown)).toEqual([READ, READ]);
  expect(texts.map(POOL.check as (text: string) => { safe: boolean }).map(({ safe }) => safe)).toEqual([
    POOL.check(DOMAIN).safe,
    POOL.check(DOMAIN).safe,
  ]);
});
