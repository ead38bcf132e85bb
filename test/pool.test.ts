// Tries lib/guest.ts as well.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { candidateMaps } from '../lib/cpu/bundled.ts';
import { parseDomain } from '../lib/parser/domain/domain.ts';
import { parseHost } from '../lib/parser/host/host.ts';
import { createPool } from '../lib/pool.ts';
import type { CpuMap } from '../types/cpu-map.ts';
import type { Host } from '../types/host.ts';
import type { RewriteOptions } from '../types/options.ts';
import type { DomainPlan, RewriteResult, Rewritten } from '../types/plan.ts';
import type { Pool } from '../types/pool.ts';
import { told } from './support/findings.ts';
import { capabilities, domcapabilities, host } from './support/host.ts';
import { hostOf } from './support/pool.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const guest = (inner = '', attributes = "mode='host-passthrough'"): string =>
  `<domain type='kvm'><name>g</name><cpu ${attributes}>${inner}</cpu></domain>`;
const off = (...names: string[]): string =>
  names.map((name) => `<feature policy='disable' name='${name}'/>`).join('');

function done(result: RewriteResult): Rewritten {
  if (!result.ok) throw new RangeError(told(result.issues).join());
  return result;
}

describe('a pool', () => {
  test('is the same of cloned hosts, and JSON has all of its answers, as docs/library.md says', () => {
    const hosts = [host('a', ['avx']), host('b')];
    const pool = createPool(hosts);
    expect(done(createPool(structuredClone(hosts)).rewrite(guest())).xml).toBe(guest(off('avx')));
    const result = pool.rewrite(guest("<feature policy='require' name='avx'/>"));
    const { issues } = JSON.parse(JSON.stringify(result)) as RewriteResult;
    expect([issues.length, issues]).toEqual([1, result.issues]);
    const { disable } = JSON.parse(JSON.stringify(pool.plan(parseDomain(guest())))) as DomainPlan;
    expect(disable).toMatchObject([{ feature: 'avx', missingOn: ['b'] }]);
  });

  test('keeps the hosts it was made for, whatever becomes of the caller’s list', () => {
    const hosts = [host('a', ['avx']), host('b')];
    const pool = createPool(hosts);
    const before = done(pool.rewrite(guest()));
    hosts.push(host('c', ['aes']));
    expect(done(pool.rewrite(guest())).xml).toBe(before.xml);
    expect(done(createPool(hosts).rewrite(guest())).xml).toBe(guest(off('aes', 'avx')));
    hosts.shift();
    expect(done(createPool(hosts).rewrite(guest())).xml).toBe(guest(off('aes')));
    hosts.pop();
    expect(told(createPool(hosts).rewrite(guest()).issues)).toEqual(['error too-few-hosts']);
  });

  test.each([
    ['9.0.0', []],
    ['12.8.0', ['arch-capabilities']],
    ['unknown', ['arch-capabilities']],
    ['of our own', ['arch-capabilities']],
  ])('takes hosts that were read with a CPU map of version %s', (version, unsure) => {
    const [map] = candidateMaps({ from: '9.0.0', to: '9.0.0' });
    const text = domcapabilities([], { vendor: 'AMD' });
    const hosts = ['a', 'b'].map((name) =>
      parseHost(text, { name, cpuMap: { ...(map as CpuMap), version } }),
    );
    const { disable } = createPool(hosts).check(guest());
    expect(disable.map(({ feature }) => feature)).toEqual(unsure);
  });

  test('copies hosts that can be changed', () => {
    const given: Host = { ...host('a'), features: ['fpu', 'pse', 'vme', 'xsave'] };
    const pool = createPool([given, host('b')]);
    (given.features as string[]).push('avx');
    expect(done(pool.rewrite(guest())).xml).toBe(guest(off('xsave')));
  });

  test('reads hosts given as text, and names them by their place', () => {
    const texts = [domcapabilities(['avx']), domcapabilities([])];
    const pool = createPool(texts, { read: { libvirtVersion: '9.0.0' } });
    expect(pool.baseline.surplus).toEqual({ 'host-1': ['avx'], 'host-2': [] });
  });

  test('answers for one host, and only for a host it has', () => {
    const { forHost } = done(createPool([host('a', ['avx']), host('b', ['aes'])]).rewrite(guest()));
    expect(['a', 'b'].map((name) => forHost(name).xml)).toEqual([guest(off('avx')), guest(off('aes'))]);
    expect(() => forHost('z')).toThrow('the pool has no host "z"');
  });

  test('takes refusals for the whole pool, and for one domain more', () => {
    const hosts = ['a', 'b'].map((name) => host(name, [], { fallback: 'allow' }));
    expect(createPool(hosts).rewrite(guest()).ok).toBe(true);
    expect(createPool(hosts).rewrite(guest(), { refuse: ['weak-source'] }).ok).toBe(false);
    expect(createPool(hosts, { refuse: ['weak-source'] }).rewrite(guest()).ok).toBe(false);
  });

  test('gives what hosts have in common as a model, as a gate and as a lock', () => {
    const pool = createPool([host('a', ['avx']), host('b')]);
    expect(pool.model().model).toBe('486');
    expect(pool.gate('a').hosts.map(({ surplus }) => surplus)).toEqual([['avx'], []]);
    expect(pool.lock().hosts.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(() => pool.gate('z')).toThrow(RangeError);
  });

  test('says whether a domain is safe as it is, and what is in the way', () => {
    const { check } = createPool([host('a', ['avx']), host('b')]);
    expect(check(guest())).toMatchObject({ safe: false, disable: [{ feature: 'avx' }], running: undefined });
    expect(check(guest(off('avx')))).toMatchObject({ safe: true, disable: [], issues: [] });
  });
});

describe('a refused rewrite', () => {
  const refused = createPool([host('a', ['avx']), host('b')]).rewrite(
    guest("<feature policy='require' name='avx'/>"),
  );

  test('has no XML under any name', () => {
    expect(refused.ok).toBe(false);
    const names = ['xml', 'shared', 'perHost', 'edits', 'changed', 'forHost'];
    expect(names.filter((name) => name in refused)).toEqual([]);
    expect(JSON.parse(JSON.stringify(refused))).toMatchObject({
      ok: false,
      issues: [{ code: 'policy-conflict' }],
    });
  });
});

describe('options', () => {
  const pool = createPool([host('a', ['avx']), host('b')]);

  test.each<[string, object]>([
    ['guard', { guard: true }],
    ['strict', { strict: true }],
    ['overide', { accept: ['overide'] }],
    ['gaurd', { cpu: 'gaurd' }],
    ['pinn', { cpu: { pinn: true } }],
    ['machine', { also: { machine: 'newest' } }],
    ['guard', { cpu: { guard: 'yes' } }],
    ['weak', { refuse: ['weak'] }],
  ])('with %s, which there is not, are refused', (name, options) => {
    expect(() => pool.rewrite(guest(), options as RewriteOptions)).toThrow(TypeError);
    expect(() => pool.rewrite(guest(), options as RewriteOptions)).toThrow(name);
  });

  test('of a pool are checked too', () => {
    expect(() => createPool([host('a')], { libvirtVersion: '9.0.0' } as object)).toThrow(TypeError);
  });
});

/** Tries to change everything that a value holds, as a careless caller would. */
function deface(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) deface(Reflect.get(value, key), seen);
  if (Array.isArray(value)) Reflect.set(value, 'length', 0);
  for (const key of Reflect.ownKeys(value)) {
    if (key === 'length') continue;
    Reflect.set(value, key, 'defaced');
    Reflect.deleteProperty(value, key);
  }
  if (value instanceof Map || value instanceof Set) value.clear();
}

describe('a caller that changes all it gets', () => {
  const OPTIONS: readonly RewriteOptions[] = [
    {},
    { cpu: 'guard' },
    { cpu: 'pin' },
    { cpu: { exhaustive: true } },
    { also: { nested: 'off', pmu: 'off', machine: 'common', maxphysaddr: 'common' } },
    { record: true },
  ];
  const hosts = (): readonly Host[] => [
    hostOf('a', { features: ['avx', 'vmx'], machines: '<machine>pc-q35-7.2</machine>' }),
    hostOf('b', { features: ['vmx'], machines: '<machine>pc-q35-7.2</machine>' }),
  ];
  const texts = [
    guest(),
    guest(off('avx')),
    guest('<model>486</model>', "mode='custom'"),
    "<domain type='kvm' id='3'><cpu mode='maximum'/></domain>",
    guest("<feature policy='require' name='avx'/>"),
  ];
  const answers = (pool: Pool): string =>
    JSON.stringify(
      texts.flatMap((text) =>
        OPTIONS.map((options) => {
          const result = pool.rewrite(text, options);
          const { perHost } = result.ok ? result : { perHost: {} };
          const { safe, issues, running } = pool.check(text);
          return [
            result,
            perHost,
            result.issues,
            safe,
            issues,
            running,
            pool.plan(parseDomain(text), {}).shared,
          ];
        }),
      ),
    );

  test('changes nothing of what the next one is told', () => {
    const pool = createPool(hosts());
    const first = answers(pool);
    for (const text of texts) {
      for (const options of OPTIONS) {
        deface(pool.rewrite(text, options));
        deface(pool.check(text));
        deface(pool.plan(parseDomain(text)));
      }
    }
    deface(pool.baseline);
    deface(pool.model());
    deface(pool.gate('a'));
    deface(pool.lock());
    deface(pool);
    expect(answers(pool)).toBe(first);
    expect(answers(createPool(hosts()))).toBe(first);
  });
});

test('a rewrite of 8 kB for two hosts is data of less than 20 kB', () => {
  const names = 'aes avx avx2 adx bmi1 bmi2 clwb erms f16c fma fsgsbase invpcid movbe pcid pku'.split(' ');
  const padding = Array.from(
    { length: 60 },
    (_, i) => `<disk type='file'><target dev='vd${i}' bus='virtio'/></disk>`,
  );
  const text = guest().replace('</domain>', `<devices>${padding.join('\n').padEnd(7900)}</devices></domain>`);
  const result = createPool([hostOf('a', { features: names }), hostOf('b')]).rewrite(text);
  expect(text.length).toBeGreaterThan(7900);
  expect(result.ok).toBe(true);
  expect(JSON.stringify(result).length).toBeLessThan(20_000);
});

describe('what a pool remembers', () => {
  /** More of them prove more, and take longer: `.ci/run` asks for 100,000. */
  const GUESTS = Number(process.env['GUESTS'] ?? 5000);
  const MOST_GROWTH = 24_000_000;
  const NAMES = 'aes avx avx2 adx bmi1 bmi2 clwb erms f16c fma fsgsbase invpcid movbe pcid pku'.split(' ');

  /** Bytes that are used more after many guests than after a few. */
  function growth(rewrite: (i: number) => unknown): number {
    const used = (): number => {
      collectGarbage();
      return getHeapStatistics().used_heap_size;
    };
    for (let i = 0; i < 1000; i++) rewrite(i);
    const before = used();
    for (let i = 1000; i < GUESTS; i++) rewrite(i);
    return used() - before;
  }

  const some = (i: number): string[] => NAMES.filter((_, bit) => ((i * 2654435761) >>> (bit + 3)) & 1);

  test.each<[string, (i: number) => string]>([
    ['lines that are off already', (i) => guest(off(...some(i)))],
    ['lines of other names', (i) => guest(off(`nope-${i % 50}`, ...some(i)))],
    [
      'features that are asked for',
      (i) =>
        guest(
          some(i)
            .map((name) => `<feature name='${name}'/>`)
            .join(''),
          "mode='custom' check='none'",
        ).replace('<feature', '<model>486</model><feature'),
    ],
    ['models', (i) => guest(`<model>Model-${i}</model>`, "mode='custom'")],
    ['machine types', (i) => guest().replace('<cpu', `<os><type machine='pc-q35-${i}'>hvm</type></os><cpu`)],
    [
      'buses',
      (i) =>
        guest().replace('</domain>', `<devices><disk><target bus='bus-${i}'/></disk></devices></domain>`),
    ],
    [
      'growing indentation',
      (i) => guest(`\n${' '.repeat(i % 4096)}<topology sockets='1' cores='1' threads='1'/>\n`),
    ],
  ])(
    'is bounded: %s',
    (_, textOf) => {
      const hosts = [
        hostOf('a', {
          features: NAMES,
          devices: "<disk supported='yes'><enum name='bus'><value>virtio</value></enum></disk>",
        }),
        hostOf('b'),
      ];
      const pool = createPool(hosts, { accept: ['other-machine'] });
      expect(growth((i) => pool.rewrite(textOf(i)).ok)).toBeLessThan(MOST_GROWTH);
    },
    120_000,
  );

  test('has nothing of options that there are not', () => {
    const pool = createPool([host('a', ['avx']), host('b')]);
    const misuse = (i: number): void => {
      expect(() => pool.rewrite(guest(), { [`option-${i}`]: true })).toThrow(TypeError);
    };
    for (let i = 0; i < 100; i++) misuse(i);
  });

  test('is a question, not a host: many hosts cost a domain nothing', () => {
    const hosts = Array.from({ length: 500 }, (_, i) => host(`h${i}`, some(i)));
    const pool = createPool(hosts);
    const rewrite = (i: number): number =>
      Object.keys(done(pool.rewrite(guest(off(`nope-${i}`)), { accept: [] })).perHost).length;
    expect(() => rewrite(0)).toThrow('unknown-feature');
    const ask = (i: number): boolean =>
      pool.rewrite(guest(`<model>486</model>${off(...some(i))}`, "mode='custom'")).ok;
    collectGarbage();
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < 400; i++) ask(i);
    collectGarbage();
    expect(getHeapStatistics().used_heap_size - before).toBeLessThan(MOST_GROWTH);
  });
});

test('texts of weak sources make a pool that says so', () => {
  const pool = createPool(
    ['u-1', 'u-2'].map((uuid) => capabilities(uuid)),
    { read: { libvirtVersion: '9.0.0' } },
  );
  expect(told(pool.issues)).toEqual(['warning weak-source [host-1,host-2]']);
});
