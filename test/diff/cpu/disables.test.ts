import { createPool } from '../../../lib/pool.ts';
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../../lib/diff/plan.ts';
import { parseDomain } from '../../../lib/parser/domain/domain.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import type { Pool } from '../../../types/pool.ts';
import { factOf } from '../../support/findings.ts';
import { hostOf } from '../../support/pool.ts';

const PASSTHROUGH = "<cpu mode='host-passthrough'/>";

function host(name: string, features: string, version = '9.0.0'): Host {
  const lines = features
    .split(' ')
    .filter(Boolean)
    .map((feature) => `<feature policy='require' name='${feature}'/>`);
  const xml = `<cpu mode='custom'><model fallback='forbid'>486</model>${lines.join('')}</cpu>`;
  return parseHost(xml, { name, libvirtVersion: version });
}

/** `feature<cause` for each planned disable, and the codes of what is said. */
function plan(cpu: string, hosts: readonly Host[], options: PlanOptions = {}): readonly [string, string] {
  const { disable, issues } = planDomain(parseDomain(`<domain>${cpu}</domain>`), diffHosts(hosts), options);
  const told = disable.map(({ feature, cause }) => (cause === undefined ? feature : `${feature}<${cause}`));
  return [told.join(' '), issues.map(({ code, severity }) => `${severity} ${code}`).join(', ')];
}

const NOTE = 'note feature-dependency';

test.each([
  ['a child goes with its parent', 'xsave avx', 'avx', 'avx<xsave xsave', NOTE],
  [
    'and its own children with it',
    'xsave avx avx2',
    'avx avx2',
    'avx<xsave avx2<avx xsave',
    `${NOTE}, ${NOTE}`,
  ],
  [
    'bits of a register go with what opens it',
    'arch-capabilities rdctl-no',
    'rdctl-no',
    'arch-capabilities rdctl-no<arch-capabilities',
    NOTE,
  ],
  ['so do those of a leaf', 'svm npt', 'npt', 'npt<svm svm', NOTE],
  ['a lost child leaves its parent', 'xsave avx', 'xsave', 'avx', ''],
])('%s', (_, a, b, disable, issues) => {
  expect(plan(PASSTHROUGH, [host('A', a), host('B', b)])).toEqual([disable, issues]);
});

test('a child that the domain insists on is a conflict, unless it may be overridden', () => {
  const cpu = "<cpu mode='maximum'><feature policy='require' name='avx'/></cpu>";
  const hosts = [host('A', 'xsave avx'), host('B', 'avx')];
  expect(plan(cpu, hosts)).toEqual(['', `${NOTE}, error policy-conflict`]);
  const overridden = plan(cpu, hosts, { accept: ['conflicts'] });
  expect(overridden).toEqual(['avx<xsave xsave', `${NOTE}, warning policy-overridden`]);
});

test('a fixed model loses only the children it has', () => {
  const cpu = "<cpu mode='custom'><model>SandyBridge</model></cpu>";
  const all = [
    ...(parseHost("<cpu mode='custom'><model>SandyBridge</model></cpu>", { libvirtVersion: '9.0.0' })
      .features ?? []),
    'avx2',
  ];
  const without = all.filter((name) => name !== 'xsave');
  const [disable] = plan(cpu, [host('A', all.join(' ')), host('B', without.join(' '))]);
  expect(disable).toBe('avx<xsave xsave');
});

test.each([
  ['has by its line', "<feature policy='optional' name='vmx'/>", 'vmx'],
  ['has off already', "<feature policy='disable' name='svm'/>", 'svm'],
  ['does not have', '', ''],
])('a fixed model gives up those nested guests that it %s', (_, line, wanted) => {
  const hosts = ['A', 'B'].map((name) => host(name, 'svm vmx'));
  const cpu = `<cpu mode='custom'><model>486</model>${line}</cpu>`;
  const [disable] = plan(cpu, hosts, { also: { nested: 'off' } });
  expect(disable).toBe(wanted);
});

test('what QEMU gives a model by its machine type is asked anew for another type', () => {
  const hosts = [host('A', 'abm popcnt sse4a'), host('B', '')];
  const disabledOn = (pool: Pool, machine: string): readonly string[] => {
    const type = `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>`;
    const cpu = "<cpu mode='custom' check='none'><model>qemu64</model></cpu>";
    return pool.check(`<domain type='kvm'>${type}${cpu}</domain>`).plan.disable.map(({ feature }) => feature);
  };
  const pool = createPool(hosts);
  expect(disabledOn(pool, 'pc-i440fx-2.1')).toContain('sse4a');
  for (const machine of ['pc-q35-7.2', 'pc-i440fx-2.1'])
    expect(disabledOn(pool, machine)).toEqual(disabledOn(createPool(hosts), machine));
});

test('the lines are those of the machine type that is written in place of another', () => {
  const machines = '<machine>pc-i440fx-7.2</machine>';
  const hosts = [['abm', 'popcnt', 'sse4a'], []].map((features, i) =>
    hostOf(`h${i}`, { features, machines }),
  );
  const pool = createPool(hosts, { accept: ['core-features', 'other-machine'] });
  const guestOn = (machine: string): string =>
    `<domain type='kvm'><os><type arch='x86_64' machine='${machine}'>hvm</type></os>` +
    "<cpu mode='custom' check='none'><model>qemu64</model></cpu></domain>";
  const result = pool.rewrite(guestOn('pc-i440fx-2.1'), { also: { machine: 'common' } });
  expect(result.ok && result.xml).toBe(guestOn('pc-i440fx-7.2'));
});

describe('a name that only a newer libvirt knows', () => {
  const hosts = [host('new', 'vmx vmx-apicv-xapic', '11.3.0'), host('old', 'vmx', '9.0.0')];

  test('is refused', () => {
    expect(plan(PASSTHROUGH, hosts)).toEqual([
      '',
      'error feature-not-expressible, warning names-not-comparable',
    ]);
  });

  test.each<[string, string, PlanOptions, string, RegExp]>([
    [
      'can go in the place of an ancestor',
      'vmx-apicv-xapic',
      {},
      'disableParent',
      /: use cpu: \{ disableParent: true \} to disable vmx instead, leave old out, or update its libvirt$/,
    ],
    ['has no ancestor', 'fsrs', {}, 'none', /must be disabled: leave old out, or update its libvirt$/],
    [
      'has none either where climbing is allowed',
      'fsrs',
      { cpu: { disableParent: true } },
      'none',
      /must be disabled: leave old out, or update its libvirt$/,
    ],
  ])('that %s', (_, name, options, option, words) => {
    const pair = [host('new', `vmx ${name}`, '11.3.0'), host('old', 'vmx', '9.0.0')];
    const domain = parseDomain(`<domain>${PASSTHROUGH}</domain>`);
    const { issues } = planDomain(domain, diffHosts(pair), options);
    const found = issues.find(({ code }) => code === 'feature-not-expressible');
    expect(factOf(found, 'option') ?? 'none').toBe(option);
    expect(found?.message).toMatch(words);
  });

  test('is replaced by its nearest known ancestor where the caller allows it', () => {
    expect(plan(PASSTHROUGH, hosts, { cpu: { disableParent: true } })).toEqual([
      'vmx<vmx-apicv-xapic',
      'warning feature-climbed, warning names-not-comparable',
    ]);
  });
});
