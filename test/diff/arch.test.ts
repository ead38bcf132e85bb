// Tries lib/diff/other-arches.ts and lib/diff/pool/other-arches.ts as well.
import { baselineCpu } from '../../lib/diff/pool/baseline-cpu.ts';
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';
import { told } from '../support/findings.ts';
import { host } from '../support/host.ts';
import { changed } from '../support/plan.ts';

const NINE = { libvirtVersion: '9.0.0' };

/** What becomes of a guest of this architecture: its changes and findings. */
function planned(arch: string, cpu: string, hosts: readonly Host[]): readonly unknown[] {
  const domain = parseDomain(`<domain type='kvm'><os><type arch='${arch}'>hvm</type></os>${cpu}</domain>`);
  const { shared, issues } = planDomain(domain, diffHosts(hosts));
  return [changed(shared), told(issues)];
}

const line = (policy: string, name: string): string => `<feature policy='${policy}' name='${name}'/>`;
const passthrough = (...lines: readonly string[]): string =>
  `<cpu mode='host-passthrough'>${lines.join('')}</cpu>`;

describe('s390x: names of QEMU, a base model beside them', () => {
  const s390x = (name: string, features: readonly string[], model = 'gen15a-base'): Host =>
    host(name, features, { arch: 's390x', model });
  const [a, b, old] = [s390x('a', ['te', 'vx']), s390x('b', ['te']), s390x('old', ['te'], 'z14-base')];
  const custom = (model: string, ...lines: readonly string[]): string =>
    `<cpu mode='custom'><model>${model}</model>${lines.join('')}</cpu>`;
  const listing = (name: string, models: string): Host =>
    host(name, ['te'], { arch: 's390x', model: 'gen15a-base', custom: models });
  const usable = (model: string): string => `<model usable='yes'>${model}</model>`;
  const blocked = "<model usable='no'>z14</model><blockers model='z14'><feature name='cmm'/></blockers>";

  test.each<[string, string, readonly Host[], readonly string[], readonly string[]]>([
    ['what one host lacks is disabled', passthrough(), [a, b], ['+vx'], []],
    ['once', passthrough(line('disable', 'vx')), [a, b], [], []],
    ['nobody validates names', passthrough(line('disable', 'sausage')), [a, b], ['+vx'], []],
    [
      'optional is an error',
      passthrough(line('optional', 'vx')),
      [a, b],
      [],
      ['error policy-unsupported vx'],
    ],
    ['so is force', passthrough(line('force', 'te')), [a, b], [], ['error policy-unsupported te']],
    [
      'required and missing',
      passthrough(line('require', 'vx')),
      [a, b],
      [],
      ['error policy-conflict vx [b]'],
    ],
    [
      'a follower of unlike models',
      passthrough(),
      [a, old],
      [],
      ['warning base-models-differ [a,old]', 'error model-exceeds-hosts [old]'],
    ],
    ['a model all can give', custom('z14-base'), [a, old], [], ['warning base-models-differ [a,old]']],
    [
      'a model one cannot give',
      custom('gen15a-base', line('require', 'te')),
      [a, old],
      [],
      ['warning base-models-differ [a,old]', 'error model-exceeds-hosts gen15a-base [old]'],
    ],
    [
      'a model that the QEMU of one has not',
      custom('z13'),
      [listing('c', usable('z13')), listing('d', usable('z14'))],
      [],
      ['error model-missing z13 [d]'],
    ],
    [
      'a model without a rank that every QEMU can run',
      custom('qemu'),
      [listing('c', usable('qemu')), listing('d', usable('qemu'))],
      [],
      [],
    ],
    [
      'a model that is whatever its host has',
      custom('max'),
      [listing('c', usable('max')), listing('d', usable('max'))],
      [],
      ['error model-exceeds-hosts max [c,d]'],
    ],
    [
      'what blocks a model that nobody checks: QEMU starts none of it',
      "<cpu mode='custom' check='none'><model>z14</model></cpu>",
      [listing('c', blocked), listing('d', blocked)],
      ['+cmm'],
      [],
    ],
  ])('%s', (_, cpu, hosts, changes, issues) => {
    expect(planned('s390x', cpu, hosts)).toEqual([changes, issues]);
  });

  test('the baseline is the oldest base model with what all have', () => {
    expect(diffHosts([a, b]).common).toEqual(['te']);
    expect(baselineCpu([a, old])).toEqual({
      model: 'z14-base',
      vendor: undefined,
      fallback: 'forbid',
      features: [{ name: 'te', policy: 'require' }],
    });
    const strange = s390x('c', ['te'], 'qemu');
    expect(diffHosts([a, strange]).issues[0]).not.toHaveProperty('lowest');
    expect(() => baselineCpu([a, strange])).toThrow(
      'which of the models of these hosts is the oldest is unknown',
    );
  });

  test('what hypervisor-cpu-baseline prints tells its architecture by its model', () => {
    const cpu =
      "<cpu mode='custom'><model fallback='forbid'>z14.2-base</model><feature policy='require' name='vx'/></cpu>";
    expect(parseHost(cpu)).toMatchObject({
      arch: 's390x',
      model: 'z14.2-base',
      features: ['vx'],
      issues: [],
    });
  });

  test('a QMP answer has the same names', () => {
    const props = { vx: true, te: true, msa5: false };
    const answer = parseHost(JSON.stringify({ model: { name: 'gen15a-base', props } }), { name: 'q' });
    expect(planned('s390x', passthrough(), [a, answer])).toEqual([[], []]);
  });
});

describe('aarch64: SVE lengths where somebody states them, else equal hosts or none', () => {
  const arm = (name: string, ...on: readonly string[]): Host => {
    const props = Object.fromEntries(
      ['sve128', 'sve256', 'sve384', 'sve512', 'sve', 'pauth'].map((p) => [p, on.includes(p)]),
    );
    return parseHost(JSON.stringify({ model: { name: 'host', props } }), { name });
  };
  const wide = arm('wide', 'pauth', 'sve', 'sve128', 'sve256', 'sve512');
  const narrow = arm('narrow', 'pauth', 'sve', 'sve128', 'sve256');
  const gap = arm('gap', 'pauth', 'sve', 'sve128', 'sve512');
  const bare = arm('bare', 'pauth');
  const KNOWN = (...names: readonly string[]): string => `warning arm-not-comparable [${names.join()}]`;

  test.each<[string, string, readonly Host[], readonly string[], readonly string[]]>([
    ['equal hosts', passthrough(), [wide, { ...wide, name: 'x' }], [], [KNOWN('wide', 'x')]],
    [
      'longer vectors go',
      passthrough(),
      [narrow, wide],
      ['+sve512'],
      [KNOWN('narrow', 'wide'), 'warning sve-required'],
    ],
    [
      'a length that is missing takes the longer ones with it',
      passthrough(line('require', 'sve')),
      [gap, wide],
      ['+sve256', '+sve512'],
      [KNOWN('gap', 'wide'), 'note feature-dependency sve512 [gap,wide]'],
    ],
    ['without SVE somewhere, sve goes alone', passthrough(), [bare, wide], ['+sve'], [KNOWN('bare', 'wide')]],
    [
      'which libvirt refuses beside a length',
      passthrough(line('disable', 'sve512')),
      [bare, wide],
      [],
      [KNOWN('bare', 'wide'), 'error sve-lengths sve512'],
    ],
    [
      'as it does when the domain says both',
      passthrough(line('disable', 'sve'), line('disable', 'sve512')),
      [wide, { ...wide, name: 'x' }],
      [],
      [KNOWN('wide', 'x'), 'error sve-lengths sve512'],
    ],
    [
      'a length that is off makes libvirt ask for sve',
      passthrough(line('disable', 'sve512')),
      [narrow, wide],
      [],
      [KNOWN('narrow', 'wide'), 'warning sve-required'],
    ],
    [
      'a length that is asked for and cannot stay',
      passthrough(line('require', 'sve512'), line('require', 'sve')),
      [gap, { ...wide, name: 'x' }],
      [],
      [KNOWN('gap', 'x'), 'error policy-conflict sve512'],
    ],
    [
      'other names mean nothing',
      passthrough(line('disable', 'asimd')),
      [wide, { ...wide, name: 'x' }],
      [],
      [KNOWN('wide', 'x'), 'error unknown-feature asimd [wide,x]'],
    ],
    [
      'a named model has no lengths to lose',
      '<cpu><model>cortex-a57</model></cpu>',
      [narrow, wide],
      [],
      [KNOWN('narrow', 'wide')],
    ],
    [
      'pauth is a feature like others',
      passthrough(),
      [bare, arm('none')],
      ['+pauth'],
      [KNOWN('bare', 'none')],
    ],
  ])('%s', (_, cpu, hosts, changes, issues) => {
    expect(planned('aarch64', cpu, hosts)).toEqual([changes, issues]);
  });

  const silicon = (name: string, model: string, ...flags: readonly string[]): Host =>
    parseHost(
      `<capabilities><host><cpu><arch>aarch64</arch><model>${model}</model>${flags.map((flag) => `<feature name='${flag}'/>`).join('')}</cpu></host></capabilities>`,
      { name },
    );
  const [twin, other, less] = [silicon('b', 'n1', 'asimd'), silicon('c', 'n2', 'asimd'), silicon('d', 'n1')];

  test.each<[string, readonly Host[], readonly string[]]>([
    ['equal CPUs', [silicon('a', 'n1', 'asimd'), twin], [KNOWN('a', 'b')]],
    ['other models', [twin, other], ['error arm-hosts-differ [b,c]']],
    ['other flags', [twin, less], ['error arm-hosts-differ [b,d]']],
    ['one known by QEMU', [twin, wide], ['error arm-hosts-differ [b,wide]']],
  ])('capabilities: %s', (_, hosts, issues) => {
    expect(planned('aarch64', passthrough(), hosts)).toEqual([[], issues]);
  });
});

describe('ppc64: a level, and no features', () => {
  const power = (level: number): Host => host(`p${level}`, [], { arch: 'ppc64le', model: `POWER${level}` });
  const mode = (model: string): string => `<cpu mode='host-model'><model>${model}</model></cpu>`;

  test.each<[string, string, readonly Host[], readonly string[]]>([
    ['equal hosts', passthrough(), [power(9), { ...power(9), name: 'x' }], []],
    ['a level that all have', mode('power8'), [power(9), power(10)], []],
    [
      'a level above one host',
      mode('power10'),
      [power(9), power(10)],
      ['error model-exceeds-hosts power10 [p9]'],
    ],
    ['a follower of unlike hosts', passthrough(), [power(9), power(10)], ['error model-exceeds-hosts [p9]']],
    [
      'a level nobody knows',
      mode('sausage'),
      [power(9), power(10)],
      ['error model-exceeds-hosts sausage [p9,p10]'],
    ],
    [
      'a feature',
      passthrough(line('disable', 'htm')),
      [power(9), { ...power(9), name: 'x' }],
      ['error unknown-feature htm [p9,x]'],
    ],
  ])('%s', (_, cpu, hosts, issues) => {
    expect(planned('ppc64', cpu, hosts)).toEqual([[], issues]);
  });

  test('what to write instead is said', () => {
    const [found] = planDomain(
      parseDomain(`<domain type='kvm'>${passthrough()}</domain>`),
      diffHosts([power(9), power(10)]),
    ).issues;
    expect(found?.message).toMatch(/: use the model power9$/);
  });
});

test.each(['riscv64', 'loongarch64'])('%s is refused, with a reason', (arch) => {
  const xml = `<domainCapabilities><arch>${arch}</arch><cpu><mode name='host-model' supported='no'/></cpu></domainCapabilities>`;
  const hosts = ['a', 'b'].map((name) => parseHost(xml, { name, ...NINE }));
  expect(planned(arch, passthrough(), hosts)).toEqual([
    [],
    expect.arrayContaining(['error arch-unsupported [a,b]']),
  ]);
});
