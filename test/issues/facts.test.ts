// Tries lib/issues/given.ts and lib/issues/options.ts as well.
import { expectTypeOf } from 'expect-type';
import fc from 'fast-check';
import { issue, issuesIn } from '../../lib/issues/issues.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import { createPool } from '../../lib/pool.ts';
import { compareLock } from '../../lib/diff/pool/lock.ts';
import { gateVerdict } from '../../lib/gate.ts';
import type { Host } from '../../types/host.ts';
import type { Issue, IssueCode, IssueFactsByCode } from '../../types/issue.ts';
import type { CheckOptions } from '../../types/options.ts';
import { hostsIn } from '../support/findings.ts';
import { hostOf, type HostParts } from '../support/pool.ts';

test('facts of another code do not compile', () => {
  const issueAt = issuesIn('<domain/>');
  // @ts-expect-error -- a count is a number
  expect(issue('too-few-hosts', { count: '1' })).toBeDefined();
  // @ts-expect-error -- no such fact
  expect(issue('too-few-hosts', { count: 1, received: '1' })).toBeDefined();
  // @ts-expect-error -- this code has no facts
  expect(issue('pmu', { feature: 'avx' })).toBeDefined();
  // @ts-expect-error -- a cause brings its own facts
  expect(issue('policy-conflict', { feature: 'avx', policy: 'require', cause: 'parent' })).toBeDefined();
  // @ts-expect-error -- nor at a place
  expect(issueAt('unknown-model', undefined, { feature: 'avx', hosts: [] })).toBeDefined();
});

// What follows is checked by the compiler; nothing of it runs.
expectTypeOf(issue('too-few-hosts', { count: 1 })).toExtend<Issue<'too-few-hosts'>>();
expectTypeOf<Issue<'too-few-hosts'>>().toExtend<Issue>();
expectTypeOf<Issue<'too-few-hosts'>['count']>().toEqualTypeOf<number>();
expectTypeOf<Issue['code']>().toEqualTypeOf<IssueCode>();
expectTypeOf<keyof IssueFactsByCode>().toEqualTypeOf<IssueCode>();
expectTypeOf(({ code, ...facts }: Issue<'machine-changed'>) => [code, facts.from, facts.to]).returns.toExtend<
  string[]
>();
expectTypeOf((found: Issue) =>
  found.code === 'vcpu-maximum' ? found.vcpus : 0,
).returns.toEqualTypeOf<number>();

const FEATURES = [
  'avx',
  'avx2',
  'pcid',
  'vmx',
  'svm',
  'xsave',
  'sse2',
  'vmx-ept',
  'hypervisor',
  'invtsc',
  'md-clear',
];
const MACHINES = ['', 'q35=pc-q35-7.2 pc-q35-7.2', 'q35=pc-q35-8.2 pc-q35-8.2 pc-q35-7.2', 'virt'];

function machineList(words: string): string {
  const elements = words.split(' ').filter(Boolean);
  return elements
    .map((word) => {
      const [name = '', canonical] = word.split('=');
      return `<machine${canonical === undefined ? '' : ` canonical='${canonical}'`} maxCpus='255'>${name}</machine>`;
    })
    .join('');
}

const parts: fc.Arbitrary<HostParts> = fc
  .record(
    {
      machine: fc.constantFrom('pc-q35-7.2', 'pc-q35-8.2', 'pc-i440fx-7.2'),
      virtType: fc.constantFrom('kvm', 'kvm', 'kvm', 'qemu'),
      emulator: fc.constantFrom('/usr/bin/qemu', '/usr/bin/kvm'),
      vcpus: fc.constantFrom(8, 255),
      features: fc.subarray(FEATURES),
      devices: fc.constantFrom(
        '',
        "<disk supported='yes'><enum name='bus'><value>virtio</value></enum></disk>",
        "<disk supported='yes'><enum name='bus'><value>ide</value></enum></disk>",
      ),
      limit: fc.constantFrom(39, 46),
      libvirtVersion: fc.constantFrom('9.0.0', '12.8.0'),
      processor: fc.constantFrom(
        "<signature family='6' model='85' stepping='7'/><microcode version='1'/><counter name='tsc' frequency='2100000000' scaling='no'/>",
        "<signature family='6' model='106' stepping='6'/><microcode version='2'/><counter name='tsc' frequency='2600000000' scaling='no'/>",
      ),
      machines: fc.constantFrom(...MACHINES).map(machineList),
    },
    { requiredKeys: [] },
  )
  .map(({ features = [], ...rest }) => {
    // libvirt 9.0.0, which hosts have where nothing is said, does not know this name.
    const isNew = rest.libvirtVersion === '12.8.0';
    return { ...rest, features: features.filter((name) => isNew || name !== 'vmx-ept') };
  });

const ODD = [
  '<cpu><arch>x86_64</arch><model>486</model><vendor>AMD</vendor></cpu>',
  '<cpu><arch>x86_64</arch><model>Skylake-Client</model><vendor>Intel</vendor></cpu>',
  '<cpu><arch>aarch64</arch><model>Neoverse-N1</model></cpu>',
  '{"return": {"model": {"name": "max", "props": {"aarch64": true, "sve128": true, "sve": true}}}}',
  '{"return": {"model": {"name": "host", "props": {"avx": true, "kvmclock": true}}}}',
  '{"return": {"model": {"name": "z13.2-base", "props": {"aen": true}}}}',
  '{"return": {"model": {"name": "z14-base", "props": {"te": true, "aen": false}}}}',
];

/** Hosts as what they are read from, so that a failure can be read too. */
const recipes = fc.array(
  fc.oneof({ weight: 5, arbitrary: parts }, { weight: 1, arbitrary: fc.constantFrom(...ODD) }),
  { minLength: 1, maxLength: 4 },
);

function hostsOf(all: readonly (string | HostParts)[]): readonly Host[] {
  return all.map((one, i) => {
    const name = `kvm-${i}`;
    return typeof one === 'string' ? parseHost(one, { name }) : hostOf(name, one);
  });
}

const cpus = fc
  .tuple(
    fc.constantFrom(
      "<cpu mode='host-passthrough'>",
      "<cpu mode='host-passthrough' check='full' migratable='off'>",
      "<cpu mode='host-model'>",
      "<cpu mode='maximum'>",
      "<cpu mode='custom' match='exact'><model>Skylake-Client</model><vendor>Intel</vendor>",
      "<cpu mode='custom' match='strict' check='full'><model fallback='forbid'>SapphireRapids</model>",
      "<cpu mode='custom' match='minimum'><model>no-such-model</model>",
    ),
    fc.constantFrom('', "<cache mode='passthrough'/>", "<maxphysaddr mode='emulate' bits='48'/>"),
    fc.array(
      fc.tuple(
        fc.constantFrom(...FEATURES, 'sve256', 'warp-drive'),
        fc.constantFrom('force', 'require', 'optional', 'disable', 'forbid'),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([start, inner, features]) => {
    const lines = [...new Map(features)].map(
      ([name, policy]) => `<feature policy='${policy}' name='${name}'/>`,
    );
    return `${start}${inner}${lines.join('')}</cpu>`;
  });

const domains = fc
  .record({
    type: fc.constantFrom("type='kvm'", "type='qemu'", "type='kvm' id='7'", ''),
    os: fc.constantFrom('', ...['q35', 'pc-q35-7.2', 'pc-q35-8.2'].map((name) => `machine='${name}'`)),
    arch: fc.constantFrom('x86_64', 'x86_64', 'i686', 'aarch64'),
    vcpu: fc.constantFrom('', '<vcpu>64</vcpu>'),
    clock: fc.constantFrom('', "<clock><timer name='tsc' frequency='2100000000'/></clock>"),
    features: fc.constantFrom('', "<features><hyperv mode='passthrough'/></features>"),
    security: fc.constantFrom('', "<launchSecurity type='sev'/>"),
    cpu: fc.oneof({ weight: 5, arbitrary: cpus }, { weight: 1, arbitrary: fc.constantFrom('', '<cpu/>') }),
    devices: fc.subarray([
      '<emulator>/usr/bin/qemu</emulator>',
      "<disk type='file'><target bus='virtio'/></disk>",
      "<interface type='network'><model type='virtio'/><driver><host csum='on'/></driver></interface>",
    ]),
  })
  .map(({ type, os, arch, devices, ...rest }) => {
    const { vcpu, features, cpu, clock, security } = rest;
    const boot = `<os><type arch='${arch}' ${os}>hvm</type></os>`;
    const inner = [vcpu, boot, features, cpu, clock, `<devices>${devices.join('')}</devices>`, security];
    return `<domain ${type}><name>guest</name>${inner.join('')}</domain>`;
  });

const options = fc.record({
  cpu: fc.constantFrom<NonNullable<CheckOptions['cpu']>>('level', 'guard', 'pin', { disableParent: true }),
  also: fc.constantFrom<NonNullable<CheckOptions['also']>>(
    {},
    { machine: 'common', maxphysaddr: 'common', nested: 'off', virtio: 'common' },
    { migratable: 'on', virtio: 'properties' },
  ),
  accept: fc.subarray(['conflicts', 'core-features', 'other-machine'] as const),
  refuse: fc.subarray(['weak-source', 'identity'] as const),
});

/** Facts that are texts as they stand somewhere, whatever is in them. */
const VERBATIM: ReadonlySet<string> = new Set(['message', 'command', 'then', 'now']);

function textsIn(facts: object): readonly string[] {
  return Object.entries(facts).flatMap(([key, value]: [string, unknown]): readonly string[] => {
    if (VERBATIM.has(key)) return [];
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? textsIn(value) : [];
  });
}

test('a host in a fact is a host of the pool, and no fact is a list in words', () => {
  const seen = new Set<IssueCode>();
  fc.assert(
    fc.property(recipes, domains, options, (recipe, domain, asked) => {
      const hosts = hostsOf(recipe);
      const pool = createPool(hosts);
      const names = new Set(pool.baseline.hosts.map(({ name }) => name));
      const isPool = !pool.issues.some(({ severity }) => severity === 'error');
      const self = isPool ? hosts[0]?.name : undefined;
      const verdict = self === undefined ? [] : gateVerdict(domain, pool.gate(self), 'migrate').issues;
      const isKnown = hosts.every(({ features }) => features !== undefined);
      const lock = isPool && isKnown ? compareLock(pool.lock(), createPool(hosts.slice(0, 1)).baseline) : [];
      for (const found of [...pool.check(domain, asked).issues, ...verdict, ...lock]) {
        seen.add(found.code);
        expect(hostsIn(found).filter((name) => !names.has(name))).toEqual([]);
        expect(textsIn(found).filter((text) => /[,;]| on |undefined/.test(text))).toEqual([]);
        expect(found.message).not.toMatch(/undefined|\[object|\bNaN\b/);
      }
    }),
    { numRuns: 250 },
  );
  expect(seen.size).toBeGreaterThan(30);
});
