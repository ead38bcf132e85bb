// Tries lib/diff/cpu/forms.ts and lib/diff/cpu/guaranteed.ts as well.
import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import { told } from '../../support/findings.ts';
import { documentedHosts, host } from '../../support/host.ts';
import { changed, planOf } from '../../support/plan.ts';

const [A, B] = documentedHosts();
const IN_486 = ['+fpu: require', '+pse: require', '+vme: require'];
const DIFFERENT = ['+pcid', '+stibp', '+taa-no'];
const guard: PlanOptions = { cpu: 'guard' };
const lines = (...list: readonly (readonly [string, string])[]): string =>
  list.map(([policy, name]) => `<feature policy='${policy}' name='${name}'/>`).join('');
const passthrough = (inner = '', attributes = ''): string =>
  `<cpu mode='host-passthrough'${attributes}>${inner}</cpu>`;
const custom = (inner = '', model = '486', attributes = ''): string =>
  `<cpu mode='custom' match='exact'${attributes}><model>${model}</model>${inner}</cpu>`;
const pool = (a: readonly string[], b: readonly string[] = a): readonly Host[] => [
  host('a', a),
  host('b', b),
];

describe('guard', () => {
  test.each<[string, string, readonly Host[], readonly string[]]>([
    ['requires what all hosts have', passthrough(), [A, B], ['@check=full', ...IN_486, ...DIFFERENT]],
    ['in mode maximum', "<cpu mode='maximum'/>", [A, B], ['@check=full', ...IN_486, ...DIFFERENT]],
    ['in mode host-model', "<cpu mode='host-model'/>", [A, B], ['@check=full', ...IN_486, ...DIFFERENT]],
    ['keeps check full', passthrough('', " check='full'"), [A, B], [...IN_486, ...DIFFERENT]],
    [
      'changes another check',
      passthrough('', " check='none'"),
      [A, B],
      ['@check=full', ...IN_486, ...DIFFERENT],
    ],
    [
      'leaves the domain its own lines',
      passthrough(lines(['require', 'fpu'], ['disable', 'pse'], ['forbid', 'taa-no'])),
      [A, B],
      ['@check=full', '+vme: require', '+pcid', '+stibp'],
    ],
    [
      'makes an optional feature of all hosts required',
      passthrough(lines(['optional', 'fpu'])),
      [A, B],
      ['@check=full', 'fpu: optional → require', '+pse: require', '+vme: require', ...DIFFERENT],
    ],
    [
      'requires nothing that libvirt or QEMU do not leave to the host',
      passthrough(),
      pool(['osxsave', 'ht', 'topoext', 'invtsc', 'cmt']),
      ['@check=full', ...IN_486],
    ],
    [
      'requires nothing whose parent goes',
      passthrough(),
      pool(['arch-capabilities', 'rdctl-no'], ['rdctl-no']),
      ['@check=full', ...IN_486, '+arch-capabilities', '+rdctl-no'],
    ],
    [
      'requires nothing whose parent the domain has off',
      passthrough(lines(['disable', 'arch-capabilities'])),
      pool(['arch-capabilities', 'rdctl-no']),
      ['@check=full', ...IN_486],
    ],
  ])('%s', (_, cpu, hosts, expected) => {
    expect(changed(planOf(cpu, hosts, guard).shared)).toEqual(expected);
  });

  test('requires the same in every host’s form', () => {
    const { perHost } = planOf(passthrough(), [A, B], guard);
    expect([changed(perHost['A']), changed(perHost['B'])]).toEqual([
      ['@check=full', ...IN_486, '+pcid', '+stibp'],
      ['@check=full', ...IN_486, '+taa-no'],
    ]);
  });

  test('requires no name that one libvirt does not know', () => {
    const hosts = [host('old'), host('new', ['vmx-ept', 'vmx'], { libvirtVersion: '11.3.0' })];
    expect(told(planOf(passthrough(), hosts, guard).issues)).toEqual([
      'error feature-not-expressible vmx-ept [old]',
    ]);
    const climbed = planOf(passthrough(), hosts, { cpu: { guard: true, disableParent: true } });
    expect(changed(climbed.shared)).toEqual(['@check=full', ...IN_486, '+vmx']);
  });

  test('of a fixed CPU requires its model and what QEMU adds to it, and turns off the rest', () => {
    const hosts = pool(['avx', 'hypervisor', 'x2apic', 'pcid'], ['avx', 'hypervisor', 'x2apic']);
    const cpu = custom(lines(['require', 'avx']));
    const expected = ['+fpu', '+hypervisor', '+pse', '+vme', '+x2apic'].map((name) => `${name}: require`);
    expect(changed(planOf(cpu, hosts, guard).shared)).toEqual(['@check=full', ...expected, '+pcid']);
  });

  test('of a fixed CPU requires what QEMU takes the domain’s own lines away without', () => {
    const hosts = pool(['svm', 'npt', 'nrip-save', 'x2apic']);
    const found = changed(planOf(custom(lines(['require', 'nrip-save'])), hosts, guard).shared);
    expect(found).toEqual([
      '@check=full',
      ...['fpu', 'pse', 'svm', 'vme', 'x2apic'].map((name) => `+${name}: require`),
      '+npt',
    ]);
  });

  test('of a fixed CPU turns off what QEMU’s model has and no host', () => {
    const hosts = ['a', 'b'].map((name) => host(name, [], { model: 'athlon' }));
    const names = changed(planOf(custom('', 'athlon'), hosts, guard).shared) ?? [];
    expect(names.filter((name) => /mca|mce/.test(name))).toEqual(['+mce: require', '+mca']);
  });

  test.each([
    ['kvm', '+topoext: require'],
    ['qemu', '+topoext'],
  ])('of an EPYC says what becomes of topoext in a %s guest', (virtType, expected) => {
    const hosts = ['a', 'b'].map((name) => host(name, [], { model: 'EPYC', virtType }));
    const found = changed(planOf(custom('', 'EPYC'), hosts, guard, virtType).shared) ?? [];
    expect(found.filter((name) => name.includes('topoext'))).toEqual([expected]);
  });
});

test('guard and exhaustive require nothing whose parent is off then', () => {
  const options = { cpu: { guard: true, exhaustive: true } };
  const found =
    changed(planOf(passthrough(), pool(['arch-capabilities', 'rdctl-no', 'avx']), options).shared) ?? [];
  expect(found.filter((name) => /rdctl|xsave$|avx:/.test(name))).toEqual(['+rdctl-no: require', '+xsave']);
});

describe('exhaustive', () => {
  const everything = changed(planOf(passthrough(), [A, B], { cpu: { exhaustive: true } }).shared) ?? [];

  test('turns off every other name that all hosts know', () => {
    expect(everything.length).toBeGreaterThan(190);
    expect(everything).toEqual(expect.arrayContaining([...DIFFERENT, '+avx', '+invtsc', '+lm']));
    expect(everything).not.toContain('+fpu');
    expect(everything.filter((name) => /osxsave|cmt|^\+ht$|topoext|cmp_legacy/.test(name))).toEqual([]);
    expect([...everything]).toEqual([...everything].sort());
  });

  test('is the same in every host’s form', () => {
    const { shared, perHost } = planOf(passthrough(), [A, B], { cpu: { exhaustive: true } });
    expect(Object.values(perHost).map(changed)).toEqual([changed(shared), changed(shared)]);
  });

  test('leaves the domain its own lines', () => {
    const cpu = passthrough(lines(['disable', 'avx'], ['require', 'fpu']));
    expect(changed(planOf(cpu, [A, B], { cpu: { exhaustive: true } }).shared)).toEqual(
      everything.filter((name) => name !== '+avx'),
    );
  });

  test('names nothing that one libvirt does not know', () => {
    const hosts = [host('old'), host('new', [], { libvirtVersion: '12.8.0' })];
    const names = changed(planOf(passthrough(), hosts, { cpu: { exhaustive: true } }).shared) ?? [];
    expect(names.filter((name) => name.includes('vmx'))).toEqual(['+vmx']);
  });
});

describe('migratable', () => {
  test('is set on when the caller asks for it', () => {
    const plan = planOf(passthrough('', " migratable='off'"), [A, B], { also: { migratable: 'on' } });
    expect([changed(plan.shared), told(plan.issues)]).toEqual([
      ['@migratable=on', ...DIFFERENT],
      ['note migratable-set', 'warning security-loss [B]'],
    ]);
  });

  test.each(['', " migratable='on'"])('stays as it is otherwise (%s)', (attribute) => {
    const plan = planOf(passthrough('', attribute), [A, B], { also: { migratable: 'on' } });
    expect([changed(plan.shared), told(plan.issues)]).toEqual([DIFFERENT, ['warning security-loss [B]']]);
  });
});

describe('check', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'enforces nothing where nothing is listed',
      passthrough('', " check='full'"),
      ['note check-not-enforced'],
    ],
    ['enforces what is listed', passthrough(lines(['require', 'fpu']), " check='full'"), []],
    ['of a host-model is kept', "<cpu mode='host-model' check='full'/>", []],
    [
      'of a bare model does not start where QEMU adds something',
      custom('', '486', " check='full'"),
      ['warning check-full-model hypervisor,x2apic'],
    ],
    [
      'of a model with all that QEMU adds is kept',
      custom(lines(['require', 'hypervisor'], ['disable', 'x2apic']), '486', " check='full'"),
      [],
    ],
    ['partial needs no word', custom('', '486', " check='partial'"), []],
  ])('full %s', (_, cpu, expected) => {
    expect(told(planOf(cpu, pool(['hypervisor', 'x2apic'])).issues).map((line) => line.trim())).toEqual(
      expected,
    );
  });
});

test('a host-model CPU is another CPU on each host that tells it through another model', () => {
  const hosts = [host('a', ['cx8', 'msr', 'tsc']), host('b', [], { model: 'pentium' })];
  const words = told(planOf("<cpu mode='host-model'/>", hosts).issues);
  expect(words).toEqual(['warning host-model-differs [a,b]']);
  expect(planOf(passthrough(), hosts).issues).toEqual([]);
  expect(planOf("<cpu mode='host-model'/>", hosts, { cpu: 'pin' }).issues).toEqual([]);
});

test('a fixed CPU loses what QEMU’s model has beyond libvirt’s, where hosts differ in it', () => {
  const hosts = [host('a', ['lahf_lm'], { model: 'qemu64' }), host('b', [], { model: 'qemu64' })];
  expect(planOf(custom('', 'qemu64'), hosts).disable).toMatchObject([
    { feature: 'lahf_lm', reason: 'model-exceeds-hosts', presentOn: ['a'], missingOn: ['b'] },
  ]);
});

test.each<[string, string, PlanOptions, readonly string[], string?]>([
  ['where libvirt starts the guest without it', " check='none'", {}, []],
  ['where libvirt holds its host to it', '', {}, ['svm']],
  ['where libvirt is to hold its host to it', " check='none'", guard, ['svm']],
  ['emulated, which libvirt compares with no host', '', {}, [], 'qemu'],
  ['emulated, where libvirt is asked to compare', " check='partial'", {}, ['svm'], 'qemu'],
])('what no host has of a fixed CPU, %s', (_, attributes, options, off, virtType = 'kvm') => {
  const hosts = ['a', 'b'].map((name): Host => ({
    ...host(name, [], { model: 'kvm64' }),
    ...{ usableModels: { qemu64: 'no' }, virtType },
  }));
  const { disable, issues } = planOf(custom('', 'qemu64', attributes), hosts, options, virtType);
  expect(disable.map(({ feature }) => feature)).toEqual(off);
  expect(issues).toEqual([]);
});

test('what one host has of a fixed CPU is off, whatever libvirt does at its start', () => {
  const hosts = [host('a', [], { model: 'kvm64' }), host('b', [], { model: 'qemu64' })];
  expect(planOf(custom('', 'qemu64', " check='none'"), hosts).disable).toMatchObject([
    { feature: 'svm', presentOn: ['b'], missingOn: ['a'] },
  ]);
});
