import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { candidateMaps } from '../../../lib/cpu/bundled.ts';
import { newHostReader, parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { capabilities, domcapabilities } from '../../support/host.ts';
import { cpuMap, feature } from '../../support/map.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const V9 = { libvirtVersion: '9.0.0' };
const CUSTOM = "<model usable='no'>EPYC</model><blockers model='EPYC'><feature name='svm'/></blockers>";
const DOMAIN = domcapabilities(['avx'], { custom: CUSTOM });
const QMP = '{"return": {"model": {"name": "max", "props": {"avx": true, "sse2": true, "svm": false}}}}';
const CPUDATA = "<cpudata arch='x86'><cpuid eax_in='0x1' ecx_in='0' eax='0x1' edx='0x1'/></cpudata>";
const S390X = `<domainCapabilities><arch>s390x</arch><cpu><mode name='host-model' supported='yes'>
  <model fallback='forbid'>z14</model><feature policy='require' name='vx'/></mode></cpu></domainCapabilities>`;
const ARM = '<cpu><arch>aarch64</arch><model>cortex-a53</model></cpu>';

const DOCUMENTS: readonly (readonly [string, string])[] = [
  ['domcapabilities', DOMAIN],
  ['capabilities', capabilities('u', ['avx'])],
  ['a pair', capabilities('u', ['avx']) + DOMAIN],
  ['several hosts as one', DOMAIN + domcapabilities(['sse2'], { custom: CUSTOM })],
  ['a QMP answer', QMP],
  ['raw CPUID', CPUDATA],
  ['s390x', S390X],
  ['Arm', ARM],
];

/** Every object of a host but its CPU maps, which are large, and looked at on their own. */
function partsOf(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, part]) => (key === 'cpuMaps' ? [] : partsOf(part)));
  return [value, ...inner];
}

test.each<readonly [string, string]>(DOCUMENTS)('a host read from %s never changes', (_, text) => {
  const host = parseHost(text, V9);
  expect(partsOf(host).filter((part) => !Object.isFrozen(part))).toEqual([]);
  expect([host.cpuMaps, host.uncertain, host.machines].every((part) => Object.isFrozen(part))).toBe(true);
  expect(() => (host.uncertain as string[]).push('x')).toThrow(TypeError);
  expect(parseHost(text, V9)).toEqual(host);
});

test('the maps that come with the library never change', () => {
  const maps = candidateMaps({ from: '0.0.0', to: '9999.0.0' });
  const parts = maps.flatMap((map): readonly unknown[] => [
    ...[map, map.vendors, map.features, map.models, map.arm, map.ppc64],
    ...map.features,
    ...map.models,
  ]);
  const lists = maps.flatMap((map) => [
    ...map.features.map(({ bit }) => bit),
    ...map.models.map(({ features }) => features),
  ]);
  expect([...parts, ...lists].filter((part) => !Object.isFrozen(part))).toEqual([]);
});

describe('one reader', () => {
  const read = (texts: readonly string[], options = {}): readonly Host[] => {
    const reader = newHostReader();
    return texts.flatMap((text) => reader.read(text, { ...V9, ...options }));
  };

  test('gives what is equal once', () => {
    const [a, b, c] = read([DOMAIN, DOMAIN.replace('/usr/bin/qemu', '/q'), domcapabilities(['avx'])]);
    expect([a?.features === b?.features, a?.features === c?.features]).toEqual([true, true]);
    expect([a?.cpuMaps === b?.cpuMaps, a?.usableModels === b?.usableModels]).toEqual([true, true]);
    expect(a?.emulator).not.toBe(b?.emulator);
  });

  test('gives the hosts of a text as others do', () => {
    const texts = DOCUMENTS.map(([, text]) => text);
    for (const options of [V9, { libvirtVersion: '11.3.0' }, {}]) {
      const reader = newHostReader();
      const hosts = texts.map((text) => reader.read(text, options));
      expect(hosts).toEqual(texts.map((text) => parseHosts(text, options)));
    }
  });

  test('does not take one version for another', () => {
    const reader = newHostReader();
    const text = domcapabilities([], { model: 'Skylake-Client' });
    const has = ['9.0.0', '11.3.0', '9.0.0'].map((libvirtVersion) =>
      reader.read(text, { libvirtVersion })[0]?.features?.includes('mpx'),
    );
    expect(has).toEqual([true, false, true]);
  });

  test('does not take one map for another', () => {
    const reader = newHostReader();
    const models = [{ name: '486', features: ['one'] }];
    const maps = [
      cpuMap([feature('one', 0)], models),
      cpuMap([feature('one', 0), feature('avx', 1)], models),
    ];
    const text = domcapabilities([]);
    const versions = maps.map((map) => reader.read(text, { cpuMap: map })[0]?.cpuMaps[0]?.features.length);
    expect(versions).toEqual([1, 2]);
  });
});

test('what a source lists is never among what it cannot show', () => {
  const host = parseHost(capabilities('u', ['umip', 'avx']), { libvirtVersion: '12.8.0' });
  expect(host.silent).toEqual(expect.arrayContaining(['rdctl-no', 'ibpb']));
  expect(host.silent.filter((name) => host.features?.includes(name) === true)).toEqual([]);
  expect(host.silent).toEqual([...host.silent].sort());
});

describe('nothing is left of a call', () => {
  test('hosts that were read one by one share nothing', () => {
    const [a, b] = [parseHost(DOMAIN, V9), parseHost(DOMAIN, V9)];
    expect([a.features === b.features, a.offers === b.offers]).toEqual([false, false]);
  });

  test('a map that the caller changes holds as it was when it was given', () => {
    const models = [{ name: '486', features: ['one'] }];
    const map = { ...cpuMap([feature('one', 0)], models), features: [feature('one', 0), feature('two', 1)] };
    const text = domcapabilities(['two']);
    const before = parseHost(text, { cpuMap: map });
    map.features.pop();
    expect(before.cpuMaps[0]?.features).toHaveLength(2);
    expect(() => parseHost(text, { cpuMap: map })).toThrow('knows no CPU feature "two"');
  });

  test('a map of its own for each of many hosts leaves nothing behind', () => {
    const [bundled] = candidateMaps({ from: '12.8.0', to: '12.8.0' });
    const own = (): CpuMap => JSON.parse(JSON.stringify(bundled)) as CpuMap;
    const growthOf = (hosts: number): number => {
      collectGarbage();
      const before = getHeapStatistics().used_heap_size;
      for (let i = 0; i < hosts; i++) parseHost(DOMAIN, { name: `h${i}`, cpuMap: own() });
      collectGarbage();
      return getHeapStatistics().used_heap_size - before;
    };
    growthOf(5);
    expect(growthOf(100)).toBeLessThan(2_000_000);
  });
});
