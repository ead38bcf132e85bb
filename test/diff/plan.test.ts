// Tries lib/diff/cpu/findings.ts, lib/diff/given.ts and lib/diff/rules/hosts.ts as well.
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';
import type { PlanOptions } from '../../types/options.ts';
import { factOf, told } from '../support/findings.ts';
import { capabilities, documentedHosts, domcapabilities, host } from '../support/host.ts';
import { cpuMap, feature } from '../support/map.ts';
import type { DomainPlan } from '../../types/plan.ts';
import { changed, planOf } from '../support/plan.ts';

const [A, B] = documentedHosts();
const all = ['+pcid', '+stibp', '+taa-no'];
/** What losing stibp means. */
const LOSS = 'warning security-loss [B]';
const besides = (plan: DomainPlan): readonly string[] => told(plan.issues).filter((one) => one !== LOSS);
const passthrough = (inner = '', attributes = ''): string =>
  `<cpu mode='host-passthrough'${attributes}>${inner}</cpu>`;
const custom = (inner = '', match = 'exact', model = 'pentium'): string =>
  `<cpu mode='custom' match='${match}'><model>${model}</model>${inner}</cpu>`;
const line = (policy: string, name: string): string => `<feature policy='${policy}' name='${name}'/>`;
/** Hosts that give a pentium, one of them without mmx. */
const pentiums = ['with', 'without'].map((name) =>
  host(name, name === 'with' ? ['avx'] : ['-mmx'], { model: 'pentium' }),
);

describe('the example of QEMU’s documentation', () => {
  const plan = planOf(passthrough(), [A, B]);

  test('turns off on both hosts what only one has', () => {
    expect(changed(plan.shared)).toEqual(all);
  });

  test('or on each host what only it has', () => {
    expect([changed(plan.perHost['A']), changed(plan.perHost['B'])]).toEqual([
      ['+pcid', '+stibp'],
      ['+taa-no'],
    ]);
  });

  test('says why, without any doubt', () => {
    expect(plan.disable[0]).toMatchObject({
      ...{ feature: 'pcid', reason: 'hosts-differ', presentOn: ['A'], missingOn: ['B'], unknownOn: [] },
    });
    expect(told(plan.issues)).toEqual([LOSS]);
  });
});

test.each([
  ['host-passthrough', passthrough(), all],
  ['maximum', "<cpu mode='maximum'/>", all],
  ['host-model', "<cpu mode='host-model'/>", all],
  ['host-model with a model of old', "<cpu mode='host-model'><model fallback='allow'/></cpu>", all],
  ['custom, at least', custom('', 'minimum', '486'), all],
  ['custom, exactly: what the model lacks is off anyway', custom('', 'exact', '486'), []],
  ['custom without a mode', '<cpu><model>486</model></cpu>', []],
])('%s', (_, cpu, expected) => {
  const plan = planOf(cpu, [A, B]);
  expect([changed(plan.shared), besides(plan)]).toEqual([expected, []]);
});

test.each([
  ['no <cpu>', ''],
  ['an empty <cpu>', '<cpu/>'],
  ['a topology only', "<cpu><topology sockets='1' cores='2' threads='1'/></cpu>"],
  ['a numa only', "<cpu><numa><cell id='0' cpus='0' memory='1'/></numa></cpu>"],
  ['custom mode without a model', "<cpu mode='custom' match='exact'/>"],
])('%s stays as it is, with a warning', (_, cpu) => {
  const plan = planOf(cpu, [A, B]);
  expect([plan.shared, plan.disable, told(plan.issues)]).toEqual([[], [], ['warning no-cpu-model']]);
});

describe('a custom CPU', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['loses what its model has and a host lacks', custom(), ['+mmx'], []],
    ['keeps what every host has', custom('', 'exact', '486'), [], []],
    ['needs nothing for what is off already', custom(line('disable', 'mmx')), [], []],
    ['with match minimum also loses what hosts add', custom('', 'minimum'), ['+avx', '+mmx'], []],
    ['with match strict is left to libvirt', custom('', 'strict'), ['+mmx'], ['warning match-strict']],
    [
      'may not require what a host lacks',
      custom(line('require', 'avx'), 'exact', '486'),
      [],
      ['error policy-conflict avx [without]'],
    ],
  ])('%s', (_, cpu, expected, issues) => {
    const plan = planOf(cpu, pentiums);
    expect([changed(plan.shared), besides(plan)]).toEqual([expected, issues]);
  });

  test('says which hosts its model exceeds', () => {
    expect(planOf(custom(), pentiums).disable).toMatchObject([
      {
        ...{ feature: 'mmx', reason: 'model-exceeds-hosts' },
        ...{ presentOn: ['with'], missingOn: ['without'], unknownOn: [], unnamedOn: [] },
      },
    ]);
  });

  test('loses what no host has', () => {
    const hosts = ['a', 'b'].map((name) => host(name, ['-mmx'], { model: 'pentium' }));
    expect(planOf(custom(), hosts).disable).toMatchObject([{ feature: 'mmx', presentOn: [] }]);
  });

  test('has the same lines in every host’s form', () => {
    const { perHost } = planOf(custom(), pentiums);
    expect(Object.values(perHost).map(changed)).toEqual([['+mmx'], ['+mmx']]);
  });

  test('keeps what its model has only where libvirt can name it', () => {
    const names = [['fpu'], ['fpu', 'turbo']];
    const hosts = names.map((features, i) => {
      const map = cpuMap(
        features.map((name, bit) => feature(name, bit)),
        [{ name: '486', features }],
      );
      return parseHost(domcapabilities([]), { name: `h${i}`, cpuMap: map });
    });
    const plan = planOf(custom('', 'exact', '486'), hosts);
    expect([plan.shared, plan.issues]).toEqual([[], []]);
  });

  test.each([
    [
      'is unknown to one of them',
      'EPYC-v3',
      [host('old'), host('new', [], { libvirtVersion: '11.3.0' })],
      '[old]',
    ],
    ['is unknown to all', 'Warp-1', [A, B], '[A,B]'],
  ])('whose model %s is refused', (_, model, hosts, on) => {
    const plan = planOf(custom('', 'exact', model), hosts);
    expect([plan.shared, told(plan.issues)]).toEqual([[], [`error unknown-model ${model} ${on}`]]);
  });
});

describe('a line of the domain', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['that is off already is not repeated', line('disable', 'pcid'), ['+stibp', '+taa-no'], []],
    [
      'that forbids is kept; the guest may not start there',
      line('forbid', 'pcid'),
      ['+stibp', '+taa-no'],
      ['warning policy-forbid pcid [A]'],
    ],
    [
      'that is optional is turned off',
      line('optional', 'pcid'),
      ['pcid: optional → disable', '+stibp', '+taa-no'],
      [],
    ],
    ['that is optional everywhere is kept', line('optional', 'fpu'), all, []],
    ['that requires what all have is kept', line('require', 'fpu'), all, []],
    [
      'that requires what one lacks is a conflict',
      line('require', 'pcid'),
      [],
      ['error policy-conflict pcid [B]'],
    ],
    ['that forces it too', line('force', 'taa-no'), [], ['error policy-conflict taa-no [A]']],
    ['without a policy requires', "<feature name='pcid'/>", [], ['error policy-conflict pcid [B]']],
    [
      'that requires what none has is a conflict',
      line('require', 'avx'),
      [],
      ['error policy-conflict avx [A,B]'],
    ],
    [
      'every conflict is told',
      line('require', 'pcid') + line('force', 'taa-no'),
      [],
      ['error policy-conflict pcid [B]', 'error policy-conflict taa-no [A]'],
    ],
    ['that requires what libvirt filters is no conflict', line('require', 'osxsave'), all, []],
    ['nor is what QEMU derives from the topology', line('require', 'ht'), all, []],
    ['that turns off what all have is kept', line('disable', 'fpu'), all, []],
    ['that forbids what no host has is kept', line('forbid', 'avx'), all, []],
  ])('%s', (_, inner, expected, issues) => {
    const plan = planOf(passthrough(inner), [A, B]);
    expect([changed(plan.shared), besides(plan)]).toEqual([expected, issues]);
  });

  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      'required',
      line('require', 'pcid'),
      ['pcid: require → disable', '+stibp', '+taa-no'],
      ['warning policy-overridden pcid [B]'],
    ],
    [
      'forced',
      line('force', 'taa-no'),
      ['+pcid', '+stibp', 'taa-no: force → disable'],
      ['warning policy-overridden taa-no [A]'],
    ],
    [
      'required where no host has it',
      line('require', 'avx'),
      ['avx: require → disable', ...all],
      ['warning policy-overridden avx [A,B]'],
    ],
  ])('that is %s may be overridden', (_, inner, expected, issues) => {
    const plan = planOf(passthrough(inner), [A, B], { accept: ['conflicts'] });
    expect([changed(plan.shared), besides(plan)]).toEqual([expected, issues]);
  });

  test('of a custom CPU may be overridden as well', () => {
    const cpu = custom(line('require', 'avx'));
    const plan = planOf(cpu, pentiums, { accept: ['conflicts'] });
    expect(changed(plan.shared)).toEqual(['avx: require → disable', '+mmx']);
  });

  test.each([
    ['QEMU’s spelling', 'pclmulqdq', 'pclmuldq'],
    ['Linux’ spelling', 'md_clear', 'md-clear'],
    ['a slip of the pen', 'pcidd', 'pcid'],
    ['a name from nowhere', 'warp-drive', undefined],
  ])('with %s is refused, with what may be meant', (_, name, expected) => {
    const plan = planOf(passthrough(line('disable', name)), [A, B]);
    expect(plan.shared).toEqual([]);
    expect(plan.issues).toMatchObject([{ code: 'unknown-feature', severity: 'error', feature: name }]);
    expect(factOf(plan.issues[0], 'suggestion')).toBe(expected);
  });

  test('with a name only a newer libvirt has is refused where it is unknown', () => {
    const hosts = [host('old'), host('new', [], { libvirtVersion: '11.3.0' })];
    const plan = planOf(passthrough(line('disable', 'vmx-ept')), hosts);
    expect(told(plan.issues)).toEqual(['error unknown-feature vmx-ept [old]']);
  });

  test('is named with its place', () => {
    const text = `<domain type='kvm'>\n<cpu mode='maximum'>\n  ${line('require', 'pcid')}</cpu></domain>`;
    const [found] = planDomain(parseDomain(text), diffHosts([A, B])).issues;
    expect(found).toMatchObject({ line: 3, column: 3, policy: 'require' });
    expect(text.slice(found?.span?.start, found?.span?.end)).toBe(line('require', 'pcid'));
  });
});

test('a guest QEMU refuses to migrate is refused', () => {
  const plan = planOf(passthrough('', " migratable='off'"), [A, B]);
  expect([plan.shared, told(plan.issues)]).toEqual([[], ['error not-migratable']]);
});

test('a guest that may migrate is planned', () => {
  expect(changed(planOf(passthrough('', " migratable='on'"), [A, B]).shared)).toEqual(all);
});

describe('libvirt versions', () => {
  const old = host('old');

  test.each<[string, string, readonly string[]]>([
    ['a name the older one does not have', 'vmx-ept', ['error feature-not-expressible vmx-ept [old]']],
    ['another', 'srso-no', ['error feature-not-expressible srso-no [old]']],
    ['a name both have', 'vmx', []],
  ])('%s', (_, name, expected) => {
    const plan = planOf(passthrough(), [host('new', [name], { libvirtVersion: '11.3.0' }), old]);
    expect(told(plan.issues)).toEqual(expected);
    expect(changed(plan.shared)).toEqual(expected.length > 0 ? [] : [`+${name}`]);
  });

  test('tell every such name at once', () => {
    const plan = planOf(passthrough(), [
      host('new', ['vmx-ept', 'vmx-vpid'], { libvirtVersion: '11.3.0' }),
      old,
    ]);
    expect(told(plan.issues)).toEqual(['error feature-not-expressible vmx-ept,vmx-vpid [old]']);
  });

  test('that may lie on either side count as the one that does not know the name', () => {
    const vague = host('vague', [], { libvirtVersion: '10.0.0' });
    const plan = planOf(passthrough(), [host('new', ['vmx-ept'], { libvirtVersion: '11.3.0' }), vague]);
    expect(told(plan.issues)).toEqual(['error feature-not-expressible vmx-ept [vague]']);
  });

  test('make no difference of a model that lost a feature', () => {
    const hosts = [
      host('a', [], { model: 'Skylake-Client', libvirtVersion: '9.0.0' }),
      host('b', ['mpx'], { model: 'Skylake-Client', libvirtVersion: '11.3.0' }),
    ];
    const plan = planOf(passthrough(), hosts);
    expect([plan.shared, told(plan.issues)]).toEqual([[], []]);
  });

  test('nobody stated turn off what depends on them', () => {
    const hosts = ['a', 'b'].map((name) =>
      parseHost(domcapabilities([], { model: 'Skylake-Client' }), { name }),
    );
    const plan = planOf(passthrough(), hosts);
    expect(changed(plan.shared)).toEqual(['+mpx']);
    expect(Object.values(plan.perHost).map(changed)).toEqual([['+mpx'], ['+mpx']]);
    expect(told(plan.issues)).toEqual(['warning inferred-libvirt-version mpx [a,b]']);
  });
});

describe('what no guest boots without', () => {
  const hosts = [host('a', ['sse2', 'avx']), host('b', ['lm'])];

  test('is not turned off', () => {
    const plan = planOf(passthrough(), hosts);
    expect([plan.shared, told(plan.issues)]).toEqual([
      [],
      ['error core-feature lm [a]', 'error core-feature sse2 [b]'],
    ]);
  });

  test('is turned off when the caller insists', () => {
    const plan = planOf(passthrough(), hosts, { accept: ['core-features'] });
    expect([changed(plan.shared), told(plan.issues)]).toEqual([['+avx', '+lm', '+sse2'], []]);
  });

  test('may be off already', () => {
    const plan = planOf(passthrough(line('disable', 'lm') + line('disable', 'sse2')), hosts);
    expect([changed(plan.shared), told(plan.issues)]).toEqual([['+avx'], []]);
  });
});

test.each([
  ['osxsave', 'note feature-filtered osxsave [a]'],
  ['cmt', 'note feature-filtered cmt [a]'],
  ['ht', 'note feature-topology ht [a]'],
  ['topoext', 'note feature-topology topoext [a]'],
  ['invtsc', 'note feature-not-migratable invtsc [a]'],
])('%s on one host only needs nothing but a note', (name, expected) => {
  const plan = planOf(passthrough(), [host('a', [name]), host('b')]);
  expect([plan.shared, plan.disable, told(plan.issues)]).toEqual([[], [], [expected]]);
});

test('xsaves is ordinary: QEMU migrates it', () => {
  expect(changed(planOf(passthrough(), [host('a', ['xsaves']), host('b')]).shared)).toEqual(['+xsaves']);
});

describe('hosts that are none for this domain', () => {
  const guest = (attributes: string, arch = 'x86_64'): string =>
    `<domain ${attributes}><os><type arch='${arch}' machine='pc-q35-7.2'/></os>${passthrough(line('require', 'pcid'))}</domain>`;
  const emulated = ['a', 'b'].map((name) => host(name, ['avx'], { virtType: 'qemu' }));
  const kindless = emulated.map((one): Host => ({ ...one, virtType: undefined }));
  const alpha = ['a', 'b'].map((name) => ({ ...host(name), arch: 'alpha' }));

  test.each<[string, string, readonly Host[], readonly string[]]>([
    ['asked about emulation', guest("type='kvm'"), emulated, ['error context-mismatch [a,b]']],
    ['asked about KVM', guest("type='qemu'"), [A, B], ['error context-mismatch [A,B]']],
    [
      'one of them',
      guest("type='kvm'"),
      [A, host('b', [], { virtType: 'qemu' })],
      ['error context-mismatch [b]'],
    ],
    ['of no kind, for a container', guest("type='lxc'"), kindless, ['error context-mismatch [a,b]']],
    ['of no kind, for no type', guest("type=''"), kindless, ['error context-mismatch [a,b]']],
    ['of another architecture', guest("type='kvm'", 'aarch64'), [A, B], ['error arch-mismatch [A,B]']],
    [
      'of another width',
      guest("type='kvm'", 'x86_64'),
      ['a', 'b'].map((name) => host(name, [], { arch: 'i686' })),
      ['error arch-mismatch [a,b]'],
    ],
    ['of an unsupported architecture', guest("type='kvm'", 'alpha'), alpha, ['error arch-unsupported [a,b]']],
    ['too few', guest("type='kvm'"), [A], ['error too-few-hosts']],
    [
      'unequal among themselves',
      guest("type='kvm'"),
      [host('a', [], { vendor: 'AMD' }), host('b', [], { vendor: 'Intel' })],
      ['error vendor-mismatch [a,b]'],
    ],
  ])('%s: refused, without a word on its features', (_, text, hosts, expected) => {
    const plan = planDomain(parseDomain(text), diffHosts(hosts));
    expect([plan.shared, plan.disable, told(plan.issues)]).toEqual([[], [], expected]);
    expect(Object.values(plan.perHost)).toEqual(hosts.map(() => []));
  });
});

test.each([
  ['an i686 guest runs on x86_64 hosts', "<os><type arch='i686' machine='pc-q35-7.2'/></os>", "type='kvm'"],
  ['a guest that states no architecture takes the hosts’', '', "type='kvm'"],
  ['a guest that states no type takes any', '', ''],
])('%s', (_, os, attributes) => {
  const domain = parseDomain(`<domain ${attributes}>${os}${passthrough()}</domain>`);
  expect(changed(planDomain(domain, diffHosts([A, B])).shared)).toEqual(all);
});

test.each<[string, PlanOptions & { strict?: boolean }, readonly string[], string]>([
  ['warned of', {}, ['+pcid'], 'warning weak-source [a,b]'],
  [
    'refused, when asked to be strict',
    { refuse: ['weak-source', 'identity'] },
    [],
    'error weak-source [a,b]',
  ],
])('a weak source is %s', (_, options, expected, issue) => {
  const hosts = [['pcid'], []].map((features, i) =>
    parseHost(capabilities(`u-${i}`, features), { name: i === 0 ? 'a' : 'b', libvirtVersion: '9.0.0' }),
  );
  const plan = planDomain(
    parseDomain(`<domain type='kvm'>${passthrough()}</domain>`),
    diffHosts(hosts, options),
  );
  expect([changed(plan.shared), told(plan.issues)]).toEqual([expected, [issue]]);
});
