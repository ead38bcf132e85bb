// Tries lib/cli/report/rules.ts as well.
import { explanations, explanationText } from '../../lib/cli/report/explain.ts';
import type { Explanation } from '../../lib/cli/report/results.ts';
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import type { Host } from '../../types/host.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainChange } from '../../types/plan.ts';
import { host } from '../support/host.ts';
import { hostOf } from '../support/pool.ts';
import { domain, folder, HOSTS, off, run } from './run.ts';

const cwd = folder({
  'guest.xml': domain(off('clwb'), "<feature policy='optional' name='lahf_lm'/>"),
  'demanding.xml': domain("<feature policy='require' name='avx'/>"),
});

describe('explain', () => {
  test('tells each change, and what stays, with host and rule', () => {
    const { code, out, err } = run(cwd, ['explain', 'guest.xml', ...HOSTS]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [head, ...blocks] = out.split('\n\n');
    expect(head).toBe('guest among a, b (x86-64-v1): 2 changes, 1 left as it is, 43 features in common');
    expect(blocks[0]).toMatch(
      /^disable clflushopt\n {2}why {3}b has it, a lacks it\n {2}rule {2}hosts-differ: .*\n {8}.*\n {8}https:.*\n {2}form {2}shared, and that of b alone$/,
    );
    expect(blocks[1]).toMatch(/^disable lahf_lm \(was optional\)\n {2}why {3}a has it, b lacks it\n/);
    expect(blocks[2]).toMatch(
      /^leave disable clwb\n {2}why {3}needed, and there already: a has it, b lacks it\n/,
    );
    expect(blocks.length).toBe(3);
  });

  test('as JSON', () => {
    const { out } = run(cwd, ['explain', 'guest.xml', ...HOSTS, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      command: 'explain',
      domain: 'guest',
      explanations: [
        { action: 'change', what: 'disable clflushopt', ownFormOf: ['b'], rule: { name: 'hosts-differ' } },
        { action: 'change', what: 'disable lahf_lm (was optional)', ownFormOf: ['a'] },
        { action: 'stay', what: 'disable clwb', rule: { name: 'own-line' } },
      ],
      issues: [],
    });
  });

  test('says what stops it', () => {
    const { code, out, err } = run(cwd, ['explain', 'demanding.xml', ...HOSTS]);
    expect({ code, out }).toEqual({ code: 1, out: 'guest among a, b: an error stops the rewrite\n' });
    expect(err).toContain('error: the domain requires avx');
    expect(run(cwd, ['explain', 'guest.xml', HOSTS[0] ?? '', HOSTS[1] ?? '']).code).toBe(2);
  });
});

/** Each explanation as one line: `disable avx2: parent-disabled [a,b]`. */
function told(cpu: string, hosts: readonly Host[], options: PlanOptions = {}): readonly string[] {
  const parsed = parseDomain(`<domain type='kvm'>${cpu}</domain>`);
  const baseline = diffHosts(hosts);
  return lines(explanations(parsed, baseline, planDomain(parsed, baseline, options), options));
}

function lines(all: readonly Explanation[]): readonly string[] {
  return all.map(({ action, what, rule, ownFormOf }) => {
    const form = ownFormOf.length === 0 ? '' : ` [${ownFormOf.join()}]`;
    return `${action === 'stay' ? 'leave ' : ''}${what}: ${rule.name}${form}`;
  });
}

const follower = "<cpu mode='host-passthrough'/>";

test.each<[string, string, readonly Host[], PlanOptions, readonly string[]]>([
  [
    'a feature that goes with another',
    follower,
    [host('a', ['avx', 'avx2']), host('b', ['avx2'])],
    {},
    ['disable avx: hosts-differ [a]', 'disable avx2: parent-disabled [a,b]'],
  ],
  [
    'a model that has too much',
    "<cpu mode='custom'><model>pentium</model></cpu>",
    [
      host('a', ['tsc', 'msr', 'mce', 'cx8', 'de', 'mmx', 'clwb']),
      host('b', ['tsc', 'msr', 'mce', 'cx8', 'de']),
    ],
    {},
    ['disable mmx: model-exceeds-hosts [a,b]', 'leave clwb: outside-the-model'],
  ],
  [
    'what no guest sees',
    follower,
    [host('a', ['osxsave', 'ht', 'invtsc']), host('b')],
    {},
    ['leave ht: unseen', 'leave invtsc: unseen', 'leave osxsave: unseen'],
  ],
  [
    'a name that not every libvirt knows',
    follower,
    [host('a', ['vmx', 'vmx-ept'], { libvirtVersion: '11.3.0' }), host('b', ['vmx'])],
    { cpu: { disableParent: true } },
    ['disable vmx: name-unknown [a,b]'],
  ],
])('%s', (_, cpu, hosts, options, expected) => {
  expect(told(cpu, hosts, options)).toEqual(expected);
});

/** The rules of the changes, each with how many rest on it, and the first reason given for it. */
function rulesOf(inner: string, hosts: readonly Host[], options: PlanOptions): readonly string[] {
  const parsed = parseDomain(`<domain type='kvm'>${inner}</domain>`);
  const baseline = diffHosts(hosts);
  const all = explanations(parsed, baseline, planDomain(parsed, baseline, options), options);
  const changes = all.filter(({ action }) => action === 'change');
  const rules = new Set(changes.map(({ rule }) => rule));
  return [...rules].map((rule) => {
    const own = changes.filter((one) => one.rule === rule);
    return `${own.length} ${rule.name}: ${own[0]?.what}, ${own[0]?.why}`;
  });
}

describe('what an option asks for has a rule of its own', () => {
  const AVX = [host('a', ['avx']), host('b')];
  const pentium = { model: 'pentium' };
  const PENTIUM = [host('a', [], pentium), host('b', ['avx', '-mmx'], pentium)];
  const custom = "<cpu mode='custom'><model>pentium</model></cpu>";
  const maximum = "<cpu mode='maximum' migratable='off'/>";
  const q35 = "<machine canonical='pc-q35-7.2'>q35</machine><machine>pc-q35-7.2</machine>";
  const lost = '1 hosts-differ: disable avx, a has it, b lacks it';
  const refused = '1 guard: SET, a host that lacks what a, b have in common is refused';

  test.each<[string, string, readonly Host[], PlanOptions, readonly string[]]>([
    [
      'guard',
      follower,
      AVX,
      { cpu: 'guard' },
      [refused.replace('1', '4').replace('SET', "set <cpu check='full'>"), lost],
    ],
    [
      'guard of a model, with what QEMU has in it',
      custom,
      [host('a', [], pentium), host('b', [], pentium)],
      { cpu: 'guard' },
      [refused.replace('1', '11').replace('SET', "set <cpu check='full'>")],
    ],
    [
      'exhaustive',
      follower,
      AVX,
      { cpu: { exhaustive: true } },
      [
        '200 exhaustive: disable 3dnow, it is no part of what all hosts have, and every libvirt here knows the name',
        lost,
      ],
    ],
    [
      'pin',
      maximum,
      PENTIUM,
      { cpu: 'pin' },
      [
        "6 pin: set <cpu mode='custom'>, the model pentium is the same on a, b",
        '1 hosts-differ: disable mmx, a has it, b lacks it',
      ],
    ],
    [
      'pin, for what hosts have beyond the model',
      "<cpu mode='maximum'><feature policy='optional' name='avx'/></cpu>",
      [host('a', ['avx']), host('b', ['avx'])],
      { cpu: 'pin' },
      ["5 pin: set <cpu mode='custom'>, the model 486 is the same on a, b"],
    ],
    [
      'pin and guard',
      maximum,
      AVX,
      { cpu: { pin: true, guard: true } },
      [
        "4 pin: set <cpu mode='custom'>, the model 486 is the same on a, b",
        refused.replace('1', '4').replace('SET', "set <cpu check='full'>"),
        lost,
      ],
    ],
    [
      'pin and exhaustive',
      maximum,
      PENTIUM,
      { cpu: { pin: 'pentium', exhaustive: true } },
      [
        "6 pin: set <cpu mode='custom'>, the model pentium is the same on a, b",
        '193 exhaustive: disable 3dnow, it is no part of what all hosts have, and every libvirt here knows the name',
        '2 hosts-differ: disable avx, b has it, a lacks it',
      ],
    ],
    [
      'setMigratable',
      maximum,
      [host('a'), host('b')],
      { also: { migratable: 'on' } },
      [
        `1 set-migratable: set <cpu migratable='on'>, migratable="off" becomes "on": QEMU refuses to migrate a guest with "off"`,
      ],
    ],
    [
      'machine common',
      `<os><type machine='q35'>hvm</type></os>${follower}`,
      [hostOf('a', { machines: q35 }), hostOf('b', { machines: q35 })],
      { also: { machine: 'common' } },
      [
        "1 machine-common: set <type machine='pc-q35-7.2'>, machine type q35 becomes pc-q35-7.2, which every host has",
      ],
    ],
    [
      'maxphysaddr common',
      follower,
      [hostOf('a', { limit: 46 }), hostOf('b', { limit: 39 })],
      { also: { maxphysaddr: 'common' } },
      [
        "1 maxphysaddr-common: add <maxphysaddr mode='passthrough' limit='39'/> to <cpu>, physical address bits: 46 on a; 39 on b",
      ],
    ],
    ...(
      [
        ['', "add <features><pmu state='off'/></features> to <domain>"],
        ['<features><acpi/></features>', "add <pmu state='off'/> to <features>"],
        ["<features><pmu state='on'/></features>", "set <pmu state='off'>"],
      ] as const
    ).map(([features, what]): [string, string, readonly Host[], PlanOptions, readonly string[]] => [
      `pmu off beside "${features}"`,
      features + follower,
      [host('a'), host('b')],
      { also: { pmu: 'off' } },
      [`1 pmu-off: ${what}, the guest would see the counters of whichever host it is on`],
    ]),
    [
      'dropNested',
      follower,
      [host('a', ['svm', 'npt']), host('b', ['svm', 'npt'])],
      { also: { nested: 'off' } },
      [
        '1 parent-disabled: disable npt, it depends on svm',
        '1 nested-dropped: disable svm, no guest is to run inside this one',
      ],
    ],
  ])('%s', (_, inner, hosts, options, expected) => {
    expect(rulesOf(inner, hosts, options)).toEqual(expected);
  });

  test('the command passes its options on', () => {
    const { code, out } = run(cwd, ['explain', 'guest.xml', ...HOSTS, '--pin']);
    expect(code).toBe(0);
    expect(out).toMatch(/rule {2}pin: /);
    expect(out).not.toMatch(/rule {2}option: /);
  });
});

describe('changes of devices and elements', () => {
  const text = `<domain type='kvm'><cpu mode='maximum' check='none'><topology/></cpu><devices><interface type='user'><model type='virtio'/></interface></devices></domain>`;
  const parsed = parseDomain(text);
  const baseline = diffHosts([host('a'), host('b')]);
  const plan = planDomain(parsed, baseline);
  const tag = (start: string): { start: number; end: number } => {
    const at = text.indexOf(start);
    return { start: at, end: text.indexOf('>', at) + 1 };
  };
  const cpu = tag('<cpu');

  test('are told by host', () => {
    const offering = (name: string, i: number): Host => ({
      ...(baseline.hosts[i] ?? host('a')),
      virtio: { offered: { 'virtio-net': [name] }, properties: {} },
    });
    const pool = diffHosts(['csum', 'gso'].map(offering));
    const [found] = explanations(parsed, pool, planDomain(parsed, pool, { also: { virtio: 'common' } }));
    expect(found).toMatchObject({
      what: "add <driver><host csum='off' gso='off'/></driver> to <interface>",
      why: expect.stringMatching(
        /^csum of virtio-net is disabled: a offers it, b does not; gso .*/,
      ) as unknown,
      rule: { name: 'virtio-feature' },
    });
  });

  test.each<[string, DomainChange, string?]>([
    [
      "set <cpu check='full'>",
      { kind: 'set-attribute', startTag: cpu, name: 'check', value: 'full' },
      'guard',
    ],
    ['remove check from <cpu>', { kind: 'remove-attribute', startTag: cpu, name: 'check' }, 'guard'],
    ['remove <topology>', { kind: 'remove-element', span: tag('<topology') }],
    [
      'put <cache>x</cache> in place of <topology>',
      { kind: 'replace-element', span: tag('<topology'), element: { name: 'cache', text: 'x' } },
    ],
    ['set a text to "x"', { kind: 'set-text', span: { start: cpu.end, end: cpu.end }, text: 'x' }],
    ['require avx', { kind: 'add', name: 'avx', policy: 'require' }, 'guard'],
  ])('%s', (what, change, rule = 'option') => {
    const { disable, levels, issues } = plan;
    const changes = { shared: [change], perHost: { a: [{ ...change }], b: [] } };
    const changed = { disable, levels, issues, ...changes };
    expect(lines(explanations(parsed, baseline, changed))).toEqual([`${what}: ${rule} [a]`]);
  });

  test('nothing to say is nothing', () => {
    expect(explanationText([])).toEqual({ text: '' });
  });
});
