// Tries lib/parser/host/reading.ts, lib/parser/host/sets.ts and lib/parser/host/versions.ts as well.
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { hostFromFeatures } from '../../../lib/parser/host/from-features.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { StatedHost } from '../../../types/stated-host.ts';
import { errorOf, told } from '../../support/findings.ts';
import { cpuMap, feature } from '../../support/map.ts';

const V9 = { libvirtVersion: '9.0.0' };

test.each<[string, Iterable<string>, readonly string[]]>([
  ['libvirt’s names, sorted', ['sse2', 'avx'], ['avx', 'sse2']],
  ['QEMU’s and Linux’s spelling', ['sse4_1', 'pclmulqdq', 'md_clear'], ['md-clear', 'pclmuldq', 'sse4.1']],
  ['a name twice', ['avx', 'avx', 'sse4_1', 'sse4.1'], ['avx', 'sse4.1']],
  ['a set', new Set(['avx']), ['avx']],
  ['nothing at all', [], []],
])('features may be %s', (_, features, expected) => {
  expect(hostFromFeatures({ name: 'a', features, ...V9 }).features).toEqual(expected);
});

test('the host is like one that was read, frozen to its last list', () => {
  const cpu = "<cpu mode='custom'><model fallback='forbid'>486</model></cpu>";
  const made = hostFromFeatures({ name: 'a', features: ['fpu', 'pse', 'vme'], model: '486', ...V9 });
  expect(made).toEqual({ ...parseHost(cpu, { name: 'a', ...V9 }), source: 'stated' });
  const parts: readonly unknown[] = [made, ...(Object.values(made) as readonly unknown[])];
  expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  expect(() => (made.features as string[]).push('x')).toThrow(TypeError);
});

test('what the caller keeps stays the caller’s', () => {
  const features = ['avx'];
  const offers = { 'disk.bus': ['virtio'] };
  const made = hostFromFeatures({ name: 'a', features, offers, ...V9 });
  features.push('sse2');
  offers['disk.bus'].push('scsi');
  expect([made.features, made.offers]).toEqual([['avx'], { 'disk.bus': ['virtio'] }]);
});

test('all other facts are taken as they are', () => {
  const facts = {
    ...{
      uuid: 'u',
      vendor: 'Intel',
      model: 'Nehalem',
      virtType: 'kvm',
      emulator: '/q',
      machine: 'pc-q35-7.2',
    },
    ...{ physicalAddressLimit: 46, vcpuMaximum: 8, unnamed: ['kvm-pv-ipi'], offers: { tpm: ['yes'] } },
    ...{ usableModels: { '486': 'yes' } as const, modelBlockers: { EPYC: ['svm'] } },
  };
  const made = hostFromFeatures({ name: 'a', features: [], ...facts, processor: { family: 6 }, ...V9 });
  expect(made).toMatchObject({ ...facts, libvirtVersion: '9.0.0', processor: { family: 6, tsc: undefined } });
});

test('without a version, every libvirt that knows all the names may be the host’s', () => {
  const old = hostFromFeatures({ name: 'a', features: ['avx'] });
  const later = hostFromFeatures({ name: 'b', features: ['vmx-ept'] });
  expect(old.cpuMaps.map(({ version }) => version)).toEqual(['9.0.0', '11.3.0', '12.8.0']);
  expect(later.cpuMaps.map(({ version }) => version)).toEqual(['11.3.0', '12.8.0']);
  expect(told(old.issues)).toEqual(['note inferred-libvirt-version [a]']);
});

test('a host may have a map of its own, and be unsure', () => {
  const map = cpuMap([feature('one', 0), feature('two', 1, { aliases: ['zwei'] })]);
  const made = hostFromFeatures({ name: 'a', features: ['one'], uncertain: ['zwei', 'one'], cpuMap: map });
  expect(made).toMatchObject({ features: ['one'], uncertain: ['two'], issues: [] });
  expect(made.cpuMaps).toEqual([map]);
});

test.each<[string, Omit<StatedHost, 'name'>, readonly string[]]>([
  ['aarch64', { arch: 'aarch64', features: ['sve512', 'sve'] }, ['sve', 'sve512']],
  ['s390x', { arch: 's390x', features: ['vx', 'te'] }, ['te', 'vx']],
  ['ppc64', { arch: 'ppc64', features: [], model: 'POWER9' }, []],
])('hosts of %s have their own names', (_, facts, expected) => {
  const made = hostFromFeatures({ name: 'a', ...facts });
  expect([made.features, made.arch, made.cpuMaps]).toEqual([expected, facts.arch, []]);
});

const HOST = { name: 'a', features: ['avx'], ...V9 };

test.each<[string, unknown, string, string]>([
  ['nothing', undefined, 'bad-host', 'the host is undefined, not an object'],
  ['no name', { features: [] }, 'bad-host', 'the host’s name is undefined'],
  ['an empty name', { ...HOST, name: '' }, 'bad-host', 'the host’s name is empty'],
  ['no features', { name: 'a' }, 'bad-host', 'host "a": its features are undefined, not a list of names'],
  ['a text', { ...HOST, features: 'avx' }, 'bad-host', 'its features are a text, not a list of names'],
  ['a number among them', { ...HOST, features: ['avx', 2] }, 'bad-host', 'its features hold a number'],
  ['a slip', { ...HOST, features: ['avx3'] }, 'unknown-feature', 'feature "avx3"; did you mean "avx"?'],
  [
    'a name of later versions',
    { ...HOST, features: ['vmx-ept'] },
    'unknown-feature',
    'libvirt 9.0.0 knows no',
  ],
  ['a model that is none', { ...HOST, model: 'Nehalm' }, 'unknown-model', 'did you mean "Nehalem"?'],
  ['a vendor that is none', { ...HOST, vendor: 'Inetl' }, 'unknown-vendor', 'did you mean "Intel"?'],
  ['an architecture that is none', { ...HOST, arch: 'amd64' }, 'unknown-arch', 'no architecture "amd64"'],
  ['features of POWER', { ...HOST, arch: 'ppc64' }, 'unknown-feature', 'feature "avx" of ppc64'],
  ['a Linux name on Arm', { ...HOST, arch: 'aarch64', features: ['asimd'] }, 'unknown-feature', '"asimd"'],
  ['a bad name', { ...HOST, arch: 's390x', features: ['a b'] }, 'unknown-feature', '"a b" of s390x'],
])('%s is refused with a sentence', (_, facts, code, words) => {
  const error = errorOf(() => hostFromFeatures(facts as StatedHost));
  expect(error?.code).toBe(code);
  expect(error?.message.replace("'", '’')).toContain(words);
});

test('a version that is none is a mistake of the caller', () => {
  expect(() => hostFromFeatures({ ...HOST, libvirtVersion: 'new' })).toThrow(RangeError);
});

test('hosts that were made compare with hosts that were read', () => {
  const read = parseHost('<cpu><arch>x86_64</arch><model>486</model></cpu>', { name: 'a', ...V9 });
  const made = hostFromFeatures({ name: 'b', features: ['fpu', 'avx'], ...V9 });
  expect(diffHosts([read, made])).toMatchObject({
    common: ['fpu'],
    surplus: { a: ['pse', 'vme'], b: ['avx'] },
  });
});
