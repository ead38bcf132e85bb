// Tries lib/diff/cpu/changes.ts, lib/diff/memory.ts, lib/diff/planned.ts, lib/diff/rules/skew.ts and
// lib/diff/settings.ts as well.
import { createPool } from '../../lib/pool.ts';
import type { Host } from '../../types/host.ts';
import type { Issue } from '../../types/issue.ts';
import type { CpuOptions, PoolOptions, RewriteOptions } from '../../types/options.ts';
import type { Pool } from '../../types/pool.ts';
import { host, type HostFacts } from '../support/host.ts';

/** A host with the libvirt and QEMU of a release. */
function released(libvirtVersion: string, qemuVersion: string) {
  return (name: string, features: readonly string[], facts: HostFacts = {}): Host => ({
    ...host(name, features, { libvirtVersion, ...facts }),
    qemuVersion,
  });
}

const bookworm = released('9.0.0', '7.2.22');
const trixie = released('11.3.0', '10.0.13');
const backports = released('11.3.0', '11.1.3');
const SEVERAL = "<topology sockets='1' cores='2' threads='1'/>";
const vcpu = (mode: string, inner = ''): string =>
  `<domain type='kvm'><os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os><cpu mode='${mode}'>${inner}</cpu></domain>`;

const RELEASES = [bookworm('A', ['aes']), trixie('B', ['aes', 'erms', 'amd-psfd', 'succor'])];
const CHILD = [
  host('new', ['vmx', 'vmx-ept', 'avx2'], { libvirtVersion: '12.8.0' }),
  host('old', ['vmx', 'avx2']),
];
const NEWER = [trixie('A', ['aes']), backports('B', ['aes'])];
const STRANGERS = [host('a', [], { vendor: 'Intel' }), host('b', [], { vendor: 'AMD' })];
const UNNAMED: PoolOptions = { refuse: ['unnamed'] };
const PASSTHROUGH = vcpu('host-passthrough');

function takenBy(issues: readonly Issue[]): readonly (readonly string[])[] {
  return issues.flatMap((one) => (one.code === 'way-taken' ? [one.options, one.refused] : []));
}

const auto = (cpu: CpuOptions = {}, more: RewriteOptions = {}): RewriteOptions => ({
  ...more,
  cpu: { ...cpu, auto: true },
});

const textOf = (pool: Pool, text: string, options?: RewriteOptions): string | undefined => {
  const result = pool.rewrite(text, options);
  return result.ok ? result.xml : undefined;
};

/** A guest that is refused as asked, the way that is taken, why, and the same asked for by hand. */
type Row = [
  name: string,
  text: string,
  hosts: readonly Host[],
  taken: readonly (readonly string[])[],
  byHand: RewriteOptions,
  options?: PoolOptions,
];

describe.each<Row>([
  [
    'a name that some libvirt does not know, and a parent that all know',
    PASSTHROUGH,
    CHILD,
    [['disableParent'], ['feature-not-expressible']],
    { cpu: { disableParent: true } },
  ],
  [
    'two releases, and one core in a socket',
    PASSTHROUGH,
    RELEASES,
    [['pin'], ['feature-not-expressible', 'qemu-feature-differs', 'qemu-newer-than-libvirt']],
    { cpu: 'pin' },
  ],
  [
    'two releases, and several cores in a socket',
    vcpu('host-passthrough', SEVERAL),
    RELEASES,
    [['onArrival'], ['feature-not-expressible', 'qemu-feature-differs', 'qemu-newer-than-libvirt']],
    { cpu: { onArrival: true } },
  ],
  [
    'what no document shows, where that is refused',
    PASSTHROUGH,
    NEWER,
    [['pin'], ['qemu-newer-than-libvirt']],
    { cpu: 'pin' },
    UNNAMED,
  ],
  [
    'the same, where it is only said',
    PASSTHROUGH,
    NEWER,
    [['pin'], ['qemu-newer-than-libvirt']],
    { cpu: 'pin' },
  ],
  [
    'the same with several cores in a socket',
    vcpu('host-passthrough', SEVERAL),
    NEWER,
    [['onArrival'], ['qemu-newer-than-libvirt']],
    { cpu: { onArrival: true } },
    UNNAMED,
  ],
  [
    'a host-model guest that libvirt would not take in a migration',
    vcpu('host-model', SEVERAL),
    NEWER,
    [['onArrival'], ['derived-features-refused']],
    { cpu: { onArrival: true } },
  ],
])('%s', (_, text, hosts, taken, byHand, options = {}) => {
  const pool = createPool(hosts, options);

  test('is rewritten as if the way had been asked for, and says so', () => {
    const result = pool.rewrite(text, auto());
    expect([result.ok, takenBy(result.issues)]).toEqual([true, taken]);
    expect(result.ok && [result.xml, result.perHost]).toEqual([
      textOf(pool, text, byHand),
      perHost(pool, text, byHand),
    ]);
    expect(takenBy(pool.plan(result.domain, auto()).issues)).toEqual(taken);
    expect(takenBy(pool.check(text, auto()).issues)).toEqual(taken);
  });

  test.each([{}, { record: true }])('stays as it is in a second run, with %j', (more) => {
    const once = textOf(pool, text, auto({}, more)) ?? '';
    expect(once).not.toBe(text);
    expect(textOf(pool, once, auto({}, more))).toBe(once);
    expect(textOf(pool, once, { ...byHand, ...more })).toBe(once);
  });
});

function perHost(pool: Pool, text: string, options: RewriteOptions): Readonly<Record<string, string>> {
  const result = pool.rewrite(text, options);
  return result.ok ? result.perHost : {};
}

test('a guest that needs no way is rewritten as without', () => {
  const pool = createPool([host('a', ['avx2']), host('b')]);
  expect(takenBy(pool.rewrite(PASSTHROUGH, auto()).issues)).toEqual([]);
  expect(textOf(pool, PASSTHROUGH, auto())).toBe(textOf(pool, PASSTHROUGH));
});

test.each<[string, string, readonly Host[], RewriteOptions, readonly string[]]>([
  ['hosts that cannot be a pool', PASSTHROUGH, STRANGERS, auto(), []],
  ['a model that was named', PASSTHROUGH, RELEASES, auto({ pin: 'EPYC-Rome' }), []],
  [
    'what only each host’s own form can say, which is no XML for all',
    vcpu('host-passthrough', SEVERAL),
    [trixie('old', ['aes']), released('12.8.0', '10.0.13')('new', ['aes', 'tsa-l1-no'])],
    auto({}, { also: { virtio: 'properties' } }),
    ['per-host'],
  ],
])('no way is taken for %s', (_, text, hosts, options, out) => {
  const result = createPool(hosts).rewrite(text, options);
  expect([result.ok, takenBy(result.issues)]).toEqual([false, []]);
  expect(result.issues.flatMap((one) => (one.code === 'way-out' ? one.options : []))).toEqual(out);
});

test('a way out is named for a recorded rewrite, too', () => {
  const { issues } = createPool(CHILD).rewrite(PASSTHROUGH, { record: true });
  expect(issues.at(-1)).toMatchObject({ code: 'way-out', options: ['disableParent'] });
});
