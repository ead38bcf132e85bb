import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { Host } from '../../../types/host.ts';
import { refusalOf, told } from '../../support/findings.ts';

const answer = (model: object, more: object = {}): string => JSON.stringify({ return: { model, ...more } });

describe('s390x', () => {
  // Some of its names (ibs, skey …) are those of features of x86.
  const props = { zarch: true, esan3: true, vx: true, ibs: true, te: false, msa: false };

  test.each([
    ['the full answer for the host', { name: 'gen16a-base', props }],
    ['its properties alone', { props }],
  ])('%s is read', (_, model) => {
    expect(parseHost(answer(model))).toMatchObject({
      ...{ arch: 's390x', grade: 'A', features: ['esan3', 'ibs', 'vx', 'zarch'], deprecatedFeatures: [] },
    });
  });

  test('what QEMU calls deprecated is kept', () => {
    const text = answer({ name: 'gen16a-base', props }, { 'deprecated-props': ['te', 'bpb'] });
    expect(parseHost(text).deprecatedFeatures).toEqual(['bpb', 'te']);
  });
});

describe('aarch64', () => {
  const arm = (name: string, more: object): Host =>
    parseHost(answer({ name: 'host', props: { aarch64: true, sve: true, sve512: false, ...more } }), {
      name,
    });

  test('features are what libvirt can name, everything else is a property', () => {
    expect(arm('a', { pmu: false, SYSREG_MIDR_EL1_PartNum: 3392 })).toMatchObject({
      ...{ arch: 'aarch64', features: ['sve'] },
      properties: { aarch64: true, pmu: false, SYSREG_MIDR_EL1_PartNum: 3392 },
    });
  });

  test.each<[string, object, object, readonly string[]]>([
    [
      'equal',
      { SYSREG_MIDR_EL1_PartNum: 3392 },
      { SYSREG_MIDR_EL1_PartNum: 3392 },
      ['warning arm-not-comparable [a,b]'],
    ],
    [
      'another field',
      { SYSREG_MIDR_EL1_PartNum: 3392 },
      { SYSREG_MIDR_EL1_PartNum: 3407 },
      ['error arm-properties-differ [a,b]'],
    ],
    ['a property that one QEMU does not have', { pmu: true }, {}, ['error arm-properties-differ [a,b]']],
  ])('%s', (_, a, b, expected) => {
    expect(told(diffHosts([arm('a', a), arm('b', b)]).issues)).toEqual(expected);
  });

  test('the fields are told by register', () => {
    const [found] = diffHosts([arm('a', { SYSREG_MIDR_EL1_PartNum: 1 }), arm('b', {})]).issues;
    const values = [
      { value: '1', hosts: ['a'] },
      { value: 'none', hosts: ['b'] },
    ];
    expect(found).toMatchObject({ properties: [{ property: 'MIDR_EL1.PartNum', values }] });
  });
});

test('answers that differ in a property are no one host', () => {
  const [a, b] = [1, 2].map((value) => answer({ props: { aarch64: true, SYSREG_A_B: value } }));
  expect(refusalOf(() => parseHost(`${a ?? ''}${b ?? ''}`))).toBe('vendor-mismatch 1:1');
});

test.each([
  ['a session', '{"QMP": {"version": {"qemu": {"major": 8, "minor": 2, "micro": 1}}}}', '8.2.1'],
  ['a greeting without a version', '{"QMP": {"version": {}}}', undefined],
  ['no greeting', '', undefined],
])('the QEMU version of %s', (_, greeting, expected) => {
  const text = `${greeting}\n${answer({ name: 'base', props: { fpu: true, avx: false } })}`;
  expect(parseHost(text).qemuVersion).toBe(expected);
  expect(parseHost(text, { qemuVersion: '9.1' }).qemuVersion).toBe('9.1.0');
});
