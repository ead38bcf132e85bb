import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import { rewriteDomain } from '../../../lib/rewrite.ts';
import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { refusalOf, told } from '../../support/findings.ts';
import { capabilities, host } from '../../support/host.ts';

type Props = Readonly<Record<string, unknown>>;

/** What QEMU answers for a 486 with these properties more. */
const answer = (props: Props, name = 'base'): string =>
  JSON.stringify({ return: { model: { name, props: { fpu: true, pse: true, vme: true, ...props } } } });

const read = (props: Props, options: ParseHostOptions = {}): Host =>
  parseHost(answer({ avx512f: false, ...props }), { name: 'a', libvirtVersion: '9.0.0', ...options });

const IN_486 = ['fpu', 'pse', 'vme'];

describe('what is on in an answer is what a guest sees, in libvirt’s names', () => {
  test.each<[Props, readonly string[]]>([
    [{ pcid: true, avx: false }, ['pcid']],
    [{ sse4_1: true }, ['sse4.1']],
    [{ 'sse4.1': true, sse4_1: true, 'sse4-1': true }, ['sse4.1']],
    [{ pclmulqdq: true, 'lahf-lm': true, 'ds-cpl': true }, ['ds_cpl', 'lahf_lm', 'pclmuldq']],
    [{ xd: true, i64: true }, ['lm', 'nx']],
    [{ 'sse4.1': true, sse4_1: false }, []],
    [{ invtsc: true }, ['invtsc']],
  ])('%j', (props, expected) => {
    expect(read(props)).toMatchObject({ features: [...expected, ...IN_486].sort(), unnamed: [], issues: [] });
  });
});

test('what libvirt cannot name is kept apart and told, and what is a setting of QEMU is neither', () => {
  const { features, unnamed, issues } = read({
    ...{ kvmclock: true, kvm_pv_eoi: true, 'kvm-pv-eoi': true, 'vmx-pml': true, 'kvm-mmu': false },
    ...{ 'l3-cache': true, kvm: true, 'x-vendor-cpuid-only': true, migratable: true, 'hv-time': true },
  });
  expect({ features, unnamed }).toEqual({
    features: IN_486,
    unnamed: ['kvm-pv-eoi', 'kvmclock', 'vmx-pml'],
  });
  expect(told(issues)).toEqual(['note feature-unnamed kvm-pv-eoi,kvmclock,vmx-pml [a]']);
});

test('hosts whose unnamed features differ are warned about', () => {
  const [a, b] = [read({ kvmclock: true }), read({ kvmclock: true, 'kvm-pv-ipi': true }, { name: 'b' })];
  const { issues, losses } = diffHosts([a, b, host('c')]);
  expect(losses).toEqual([]);
  expect(told(issues)).toContain('warning feature-unnamed kvm-pv-ipi [b,a]');
});

test('a name that only some of the possible libvirt versions have is uncertain', () => {
  const { features, uncertain, issues } = parseHost(answer({ 'vmx-pml': true, avx: false }), { name: 'a' });
  expect([features, uncertain]).toEqual([IN_486, ['vmx-pml']]);
  expect(told(issues)).toEqual(['warning inferred-libvirt-version vmx-pml [a]']);
});

test('an answer that lists nothing that is off may leave things out, which strict refuses', () => {
  const partial = parseHost(answer({}), { name: 'a', libvirtVersion: '9.0.0' });
  expect(told(partial.issues)).toEqual(['warning partial-answer [a]']);
  expect(told(diffHosts([partial, host('b')], { refuse: ['weak-source'] }).issues)).toEqual([
    'error partial-answer [a]',
  ]);
});

describe('the context', () => {
  test.each<[Props, string | undefined]>([
    [{ kvmclock: true }, 'kvm'],
    [{ kvmclock: false, 'model-id': 'QEMU TCG CPU version 2.5+' }, 'qemu'],
    [{ kvm: true, 'kvm-mmu': false }, undefined],
  ])('of %j is %p', (props, virtType) => {
    expect(read(props).virtType).toBe(virtType);
  });

  test('and the processor are read from numbers and names', () => {
    const { vendor, processor, arch, source, model } = read({
      ...{
        vendor: 'GenuineIntel',
        family: 6,
        model: 207,
        stepping: 0,
        'phys-bits': 46,
        'lbr-fmt': 18446744073709552000,
      },
    });
    expect({ vendor, arch, source, model }).toEqual({
      vendor: 'Intel',
      arch: 'x86_64',
      source: 'qmp',
      model: undefined,
    });
    expect(processor).toMatchObject({ family: 6, model: 207, stepping: 0, physicalAddressBits: 46 });
    expect(read({ vendor: 'Nobody', 'phys-bits': 0 })).toMatchObject({ vendor: 'Nobody' });
    expect(read({ 'phys-bits': 0 }).processor?.physicalAddressBits).toBeUndefined();
  });

  test('an answer of emulation does not serve a KVM guest', () => {
    const [a, b] = ['a', 'b'].map((name) => read({ 'model-id': 'QEMU TCG CPU version 2.5+' }, { name }));
    const { issues } = rewriteDomain("<domain type='kvm'><cpu mode='maximum'/></domain>", [
      a as Host,
      b as Host,
    ]);
    expect(told(issues)).toEqual(['error context-mismatch [a,b]']);
  });
});

test('capabilities of the same name tell which machine it is', () => {
  const [joined, ...others] = diffHosts([
    parseHost(capabilities('u-1'), { name: 'a', libvirtVersion: '9.0.0' }),
    read({ pcid: true }),
  ]).hosts;
  expect(others).toEqual([]);
  expect(joined).toMatchObject({
    name: 'a',
    uuid: 'u-1',
    source: 'qmp',
    features: [...IN_486, 'pcid'].sort(),
  });
});

describe('the forms of an answer', () => {
  const model = { name: 'max', props: { fpu: true, avx: false } };
  const greeting = { QMP: { version: {}, capabilities: [] } };
  const asked = { execute: 'query-cpu-model-expansion', arguments: { model: { name: 'host', props: {} } } };
  const wide = { return: { model: { ...model, props: { ...model.props, avx: true } } } };
  const text = (...documents: readonly unknown[]): string =>
    documents.map((one) => JSON.stringify(one, null, 2)).join('\n\n');

  test.each<[string, string, readonly string[]]>([
    ['the whole answer', text({ return: { model }, id: 'x' }), ['a fpu']],
    ['what it returns', text({ model }), ['a fpu']],
    ['the bare model', text(model), ['a fpu']],
    ['its properties alone', text({ props: model.props }), ['a fpu']],
    ['answers in a row', text({ model }, wide), ['a#1 fpu', 'a#2 avx,fpu']],
    ['answers in a list', text([{ model }, wide]), ['a#1 fpu', 'a#2 avx,fpu']],
    ['a session', text(greeting, { return: {} }, { return: { model } }, wide, { event: 'STOP' }), ['a fpu']],
    ['commands and replies', text(asked, { return: { model } }, asked, wide), ['a fpu']],
  ])('%s', (_, json, expected) => {
    const hosts = parseHosts(`\ufeff\n${json}`, { name: 'a', libvirtVersion: '9.0.0' });
    expect(hosts.map(({ name, features }) => `${name} ${features?.join() ?? ''}`)).toEqual(expected);
  });

  test('several answers as one host have what all of them have', () => {
    const { features, uncertain } = parseHost(text({ model }, wide), { libvirtVersion: '9.0.0' });
    expect([features, uncertain]).toEqual([['fpu'], ['avx']]);
  });

  test.each([
    ['{"return":{}}', 'no-cpu-model 1:1'],
    ['[]', 'no-cpu-model 1:1'],
    ['{"return":{}}\n{"error":{"class":"GenericError","desc":"no"}}', 'no-cpu-model 2:1'],
    ['{"props":{"sausage":true}}', 'unknown-arch 1:1'],
    ['{"name":"EPYC","props":{"fpu":true}}', 'wrong-root 1:1'],
    ['{"props":{"fpu":true}', 'bad-json 1:22'],
  ])('%s is refused', (json, refusal) => {
    expect(refusalOf(() => parseHost(json, { file: 'a.json' }))).toBe(refusal);
  });
});
