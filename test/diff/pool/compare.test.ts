// Tries lib/diff/pool/named-model.ts as well.
import { compareCpu } from '../../../lib/compare.ts';
import { baselineCpu } from '../../../lib/diff/pool/baseline-cpu.ts';
import { isLibvirtXmlError } from '../../../lib/issues/issues.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { Host } from '../../../types/host.ts';

const host = (model: string, features = '', vendor = 'Intel'): Host =>
  parseHost(`<cpu><arch>x86_64</arch><model>${model}</model><vendor>${vendor}</vendor>${features}</cpu>`, {
    name: model,
    libvirtVersion: '9.0.0',
  });

describe('compareCpu', () => {
  test.each([
    ['the same model', "<cpu match='exact'><model>Nehalem</model></cpu>", 'identical', [], undefined],
    ['an older model', "<cpu match='exact'><model>Penryn</model></cpu>", 'superset', [], undefined],
    [
      'an older model, strictly',
      "<cpu match='strict'><model>Penryn</model></cpu>",
      'incompatible',
      [],
      'extra-features',
    ],
    ['a newer model', "<cpu match='exact'><model>Westmere</model></cpu>", 'incompatible', ['aes'], undefined],
    [
      'another vendor',
      "<cpu match='exact'><model>Nehalem</model><vendor>AMD</vendor></cpu>",
      'incompatible',
      [],
      'vendor',
    ],
    ['a 32-bit guest', '<cpu><arch>i686</arch><model>Penryn</model></cpu>', 'superset', [], undefined],
    [
      'another architecture',
      '<cpu><arch>aarch64</arch><model>Nehalem</model></cpu>',
      'incompatible',
      [],
      'arch',
    ],
    ['a CPU that follows its host', "<cpu mode='host-model'/>", 'superset', [], undefined],
    [
      'a domain',
      "<domain><cpu><model>Nehalem</model><feature policy='require' name='pcid'/></cpu></domain>",
      'incompatible',
      ['pcid'],
      undefined,
    ],
    [
      'QEMU’s spelling',
      "<cpu match='exact'><model>Penryn</model><feature policy='require' name='pclmulqdq'/></cpu>",
      'incompatible',
      ['pclmuldq'],
      undefined,
    ],
  ])('%s', (_, xml, result, missing, reason) => {
    expect(compareCpu(host('Nehalem'), xml)).toEqual({ result, missing, forbidden: [], reason });
  });

  test('a forbidden feature of the host is named', () => {
    const xml = "<cpu match='exact'><model>486</model><feature policy='forbid' name='sse4.2'/></cpu>";
    expect(compareCpu(host('Nehalem'), xml)).toMatchObject({ result: 'incompatible', forbidden: ['sse4.2'] });
  });

  test('a model is read by the libvirt that is named', () => {
    const genoa = "<cpu match='exact'><model>EPYC-Genoa</model></cpu>";
    expect(() => compareCpu(host('Nehalem'), genoa)).toThrow('libvirt 9.0.0 knows no CPU model "EPYC-Genoa"');
    const { result, missing } = compareCpu(host('Nehalem'), genoa, { libvirtVersion: '12.8.0' });
    expect([result, missing.includes('avx512f')]).toEqual(['incompatible', true]);
    expect(() => compareCpu(host('Nehalem'), genoa, { libvirtVersion: 'new' })).toThrow(
      '"new" is not a libvirt version',
    );
  });

  test('a domain that asks for no CPU is refused', () => {
    let refused: unknown;
    try {
      compareCpu(host('Nehalem'), '<domain/>');
    } catch (error) {
      refused = error;
    }
    expect([isLibvirtXmlError(refused), (refused as { code?: string }).code]).toEqual([true, 'no-cpu-model']);
  });
});

describe('baselineCpu', () => {
  const lines = (cpu: ReturnType<typeof baselineCpu>): string =>
    [cpu.model, ...cpu.features.map(({ name, policy }) => `${policy === 'require' ? '+' : '-'}${name}`)].join(
      ' ',
    );

  test.each([
    ['one host keeps its model', [host('Nehalem')], {}, 'Nehalem'],
    ['two models meet in the older one', [host('Nehalem'), host('Westmere')], {}, 'Nehalem'],
    [
      'what is beside the model is listed in the order of the map',
      [host('Nehalem', "<feature name='invtsc'/><feature name='vme'/>")],
      {},
      'Nehalem +vme +invtsc',
    ],
    [
      'what cannot migrate is left out',
      [host('Nehalem', "<feature name='invtsc'/><feature name='xsaves'/>")],
      { migratable: 'libvirt' },
      'Nehalem',
    ],
    [
      'QEMU migrates xsaves',
      [host('Nehalem', "<feature name='invtsc'/><feature name='xsaves'/>")],
      { migratable: 'qemu' },
      'Nehalem +xsaves',
    ],
  ] as const)('%s', (_, hosts, options, expected) => {
    expect(lines(baselineCpu(hosts, options))).toBe(expected);
  });

  test('a model that lost features says so', () => {
    const epyc = parseHost('<cpu><arch>x86_64</arch><model>EPYC</model></cpu>', { libvirtVersion: '9.0.0' });
    expect(lines(baselineCpu([epyc]))).toBe('EPYC -monitor');
  });

  test('the vendor is told only when every host states it', () => {
    const unstated = parseHost('<cpu><arch>x86_64</arch><model>Nehalem</model></cpu>', {
      libvirtVersion: '9.0.0',
    });
    expect([baselineCpu([host('Nehalem')]).vendor, baselineCpu([host('Nehalem'), unstated]).vendor]).toEqual([
      'Intel',
      undefined,
    ]);
  });

  test('no host, and a host of which nothing is known, are refused', () => {
    const arm = parseHost('<cpu><arch>aarch64</arch><model>cortex-a57</model></cpu>');
    expect(() => baselineCpu([])).toThrow(RangeError);
    expect(() => baselineCpu([arm])).toThrow(RangeError);
  });
});
