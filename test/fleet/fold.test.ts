import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planPools } from '../../lib/pools/pools.ts';
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { foldLines, newFold } from '../../lib/fleet/fold.ts';
import { profileLine } from '../../lib/fleet/line.ts';
import { parseHost, parseHosts } from '../../lib/parser/host/host.ts';
import { parseCpuMap } from '../../lib/parser/cpu-map.ts';
import type { Host } from '../../types/host.ts';
import { isLibvirtXmlError } from '../../lib/issues/issues.ts';
import { featureSets, hostWith } from '../pools/support.ts';

const names = fc.integer({ min: 1, max: 30 }).map((number) => `kvm-${String(number).padStart(2, '0')}`);
const lines = fc
  .uniqueArray(fc.tuple(names, featureSets), { selector: ([name]) => name, maxLength: 8 })
  .map((hosts) => hosts.map(([name, set]) => profileLine(hostWith(name, set))));

/** All that a pool is told of hosts. */
function told(hosts: readonly Host[]): unknown {
  const { common, losses, arch, vendor, issues } = diffHosts(hosts);
  return [common, losses, arch, vendor, issues];
}

describe('a fold', () => {
  test('is the same whatever is folded first, and a fold of folds is a fold', () => {
    fc.assert(
      fc.property(lines, lines, lines, (a, b, c) => {
        const all = foldLines([...a, ...b, ...c]);
        expect(foldLines([...c, ...a, ...b])).toEqual(all);
        expect(foldLines([...foldLines([...a, ...b]), ...c])).toEqual(all);
        expect(foldLines([...a, ...foldLines([...b, ...c])])).toEqual(all);
        expect(foldLines([...foldLines(b), ...foldLines(a), ...foldLines(c)])).toEqual(all);
        expect(foldLines([...all, ...all, ...a])).toEqual(all);
      }),
    );
  });

  test('tells a pool what the hosts tell it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(names, featureSets), { selector: ([name]) => name, minLength: 1 }),
        (all) => {
          const hosts = all.map(([name, set]) => hostWith(name, set));
          const folded = parseHosts(foldLines(hosts.map(profileLine)).join('\n'));
          expect(told(folded)).toEqual(told(hosts));
          expect(parseHosts(hosts.map(profileLine).join('\n')).map(({ name }) => name)).toEqual(
            hosts.map(({ name }) => name),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('counts lines, profiles and hosts', () => {
    const fold = newFold();
    const [a, b] = [hostWith('kvm-01', ['avx']), hostWith('kvm-02', ['avx'])];
    for (const line of [
      profileLine(a),
      profileLine(b),
      '',
      profileLine(a),
      profileLine(hostWith('x', ['aes'])),
    ])
      fold.add(line);
    expect(fold.counts()).toEqual({ lines: 4, profiles: 2, hosts: 3 });
  });

  test('takes a line that another program wrote for what it says', () => {
    const line = profileLine(hostWith('kvm-01', ['aes', 'avx']));
    const { hosts, features, ...rest } = JSON.parse(line) as { hosts: string[]; features: string[] };
    const other = JSON.stringify(
      { ...rest, features: [...features].reverse(), hosts: ['kvm-02', ...hosts] },
      null,
      1,
    );
    expect(foldLines([line, other.replaceAll('\n', ' ')])).toEqual([line.replace('kvm-01', 'kvm-[01-02]')]);
  });
});

test('a fold of hosts that are all unlike is the same twice, and of its own lines', () => {
  const all = Array.from({ length: 10_000 }, (_, i) => {
    const features = JSON.stringify([`a${i % 100}`, `b${i}`]);
    return `{"foldVersion":1,"hosts":["${(i * 7919).toString(36)}x"],"source":"stated","grade":"A","arch":"x86_64","features":${features}}`;
  });
  const fold = newFold();
  for (const line of [...all, ...all]) fold.add(line);
  expect(fold.counts()).toEqual({ lines: 20_000, profiles: 10_000, hosts: 10_000 });
  expect([...fold.lines()].sort()).toEqual([...all].sort());
  expect(foldLines(fold.lines())).toEqual([...fold.lines()]);
});

test('a fold that is too large says so, at the line', () => {
  const fold = newFold();
  const line = (name: string): string =>
    `{"foldVersion":1,"hosts":["${name}"],"source":"stated","grade":"A"}`;
  fold.add(line('a'));
  // What the engine says where a typed array finds no memory.
  const full = jest.spyOn(TextEncoder.prototype, 'encodeInto').mockImplementation(() => {
    throw new RangeError('Array buffer allocation failed');
  });
  let error: unknown;
  try {
    fold.add(line('b'), () => ({ text: line('b'), offset: 0, file: 'fleet.ndjson' }));
  } catch (thrown) {
    error = thrown;
  } finally {
    full.mockRestore();
  }
  expect(error).toMatchObject({ code: 'too-large', file: 'fleet.ndjson', line: 1 });
  expect([...fold.lines()]).toEqual([line('a')]);
});

describe('a profile', () => {
  const examples = ['kvm-a', 'kvm-b'].map((name) =>
    parseHost(readFileSync(join(__dirname, `../../examples/hosts/${name}.xml`), 'utf8'), { name }),
  );
  const weak = parseHost(
    '<cpu><arch>x86_64</arch><model>Nehalem</model><vendor>Intel</vendor><feature name="aes"/></cpu>',
    { name: 'weak' },
  );
  const arm = parseHost(
    '{"return": {"model": {"name": "max", "props": {"sve": true, "sve128": true, "pauth": true, "kvm-no-adjvtime": false}}}}',
    { name: 'arm' },
  );
  const power = parseHost('<cpu><arch>ppc64</arch><model>POWER9</model><vendor>IBM</vendor></cpu>', {
    name: 'p',
  });
  const silent = parseHost('<domainCapabilities><arch>x86_64</arch><cpu/></domainCapabilities>', {
    name: 's',
  });
  const newer = parseHost('<cpu><arch>x86_64</arch><model>486</model></cpu>', {
    name: 'n',
    libvirtVersion: '99.0.0',
  });

  test.each([...examples, weak, arm, power, silent, newer].map((host) => [host.name, host] as const))(
    'of %s is the host again, in all that a pool asks',
    (_, host) => {
      const [again, ...others] = parseHosts(profileLine(host));
      expect(others).toEqual([]);
      const kept = [
        'name',
        'source',
        'grade',
        'arch',
        'virtType',
        'vendor',
        'model',
        'features',
        'uncertain',
      ] as const;
      const more = ['silent', 'unnamed', 'properties', 'deprecatedFeatures', 'cpuMaps', 'issues'] as const;
      for (const key of [...kept, ...more]) expect([key, again?.[key]]).toEqual([key, host[key]]);
      expect(profileLine(again ?? host)).toBe(profileLine(host));
    },
  );

  test('plans as the host does', () => {
    const hosts = [...examples, hostWith('x', ['aes'], { vendor: 'AMD' }), weak];
    const { partitions, leaveOut } = planPools(hosts);
    const again = planPools(parseHosts(foldLines(hosts.map(profileLine)).join('\n')));
    expect([again.partitions, again.leaveOut]).toEqual([partitions, leaveOut]);
  });

  test('says in a word what a weak source cannot show', () => {
    expect(JSON.parse(profileLine(weak))).toMatchObject({ grade: 'C', silent: 'added-by-kvm' });
  });

  test('has no room for a CPU map of its own', () => {
    const map = parseCpuMap(
      {
        'index.xml': "<cpus><arch name='x86'><include filename='x86.xml'/></arch></cpus>",
        'x86.xml':
          "<cpus><feature name='fpu'><cpuid eax_in='0x01' edx='0x1'/></feature><model name='t'><feature name='fpu'/></model></cpus>",
      },
      '9.0.0',
    );
    const host = parseHost('<cpu><arch>x86_64</arch><model>t</model></cpu>', { name: 'own', cpuMap: map });
    expect(() => profileLine(host)).toThrow(RangeError);
  });
});

describe('what is no line', () => {
  const good = JSON.parse(profileLine(hostWith('a', ['avx']))) as object;
  const bad = (change: object): string => JSON.stringify({ ...good, ...change });
  test.each([
    ['another version', bad({ foldVersion: 2 }), 'bad-fold'],
    ['no names', bad({ hosts: [] }), 'bad-fold'],
    ['a pattern that is none', bad({ hosts: ['a[1-'] }), 'bad-fold'],
    ['an unknown fact', bad({ toString: 1 }), 'bad-fold'],
    ['features that are no names', bad({ features: [1] }), 'bad-fold'],
    ['a source that is none', bad({ source: 'hearsay' }), 'bad-fold'],
    ['a grade better than its source', bad({ source: 'cpuinfo', grade: 'A' }), 'bad-fold'],
    ['a map that is not here', bad({ maps: ['1.0.0'] }), 'bad-fold'],
    ['a doubt that is none', bad({ doubts: [{ code: 'nonsense', severity: 'note' }] }), 'bad-fold'],
    ['a doubt without its facts', bad({ doubts: [{ code: 'partial-answer' }] }), 'bad-fold'],
    [
      'a doubt that cannot be worded',
      bad({ doubts: [{ code: 'feature-unnamed', severity: 'note' }] }),
      'bad-fold',
    ],
    ['silence that is none', bad({ silent: 'silence' }), 'bad-fold'],
    ['a processor that is none', bad({ cpu: [6] }), 'bad-fold'],
    ['properties that are none', bad({ properties: { a: [] } }), 'bad-fold'],
    ['a cut line', bad({}).slice(0, -5), 'bad-fold'],
    ['more hosts than can be compared', bad({ hosts: ['a[1000000-3000000]'] }), 'too-large'],
  ])('%s', (_, line, code) => {
    const codeOf = (read: () => unknown): unknown => {
      try {
        return read();
      } catch (error) {
        return isLibvirtXmlError(error) ? `${error.code} ${error.line}` : error;
      }
    };
    expect(codeOf(() => parseHosts(`${profileLine(hostWith('b', ['avx']))}\n${line}`))).toBe(`${code} 2`);
    // To fold, no number of hosts is too large.
    expect(codeOf(() => foldLines([line]))).toEqual(code === 'bad-fold' ? 'bad-fold 1' : [line]);
  });

  test('a limit for the text holds', () => {
    const line = profileLine(hostWith('a', ['avx']));
    expect(() => parseHosts(line, { maxLength: 10 })).toThrow('longer than 10');
  });
});
