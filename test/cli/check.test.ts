import { bytesOf, domain, folder, HOSTS, off, REASONS, run, SHARED } from './run.ts';

const MODEL = '<arch>x86_64</arch>\n      <model>486</model>';
/** What virsh capabilities prints: a weak source. */
const capabilities = (uuid: string, ...features: readonly string[]): string => `<capabilities>
  <host>
    <uuid>${uuid}</uuid>
    <cpu>
      ${MODEL}
${features.map((name) => `      <feature name='${name}'/>\n`).join('')}    </cpu>
  </host>
</capabilities>
`;
const [FIRST, SECOND] = [
  '5a7d0cd2-6f3f-4ed6-9d6c-000000000001',
  '5a7d0cd2-6f3f-4ed6-9d6c-000000000002',
] as const;

const cwd = folder({
  'guest.xml': domain(),
  'level.xml': SHARED,
  'nameless.xml': "<domain type='kvm'><cpu mode='host-passthrough'/></domain>",
  'demanding.xml': domain("<feature policy='require' name='avx'/>"),
  'caps-a.xml': capabilities(FIRST, 'pcid'),
  'caps-b.xml': capabilities(SECOND, 'pcid', 'stibp'),
  'caps-other.xml': capabilities('5a7d0cd2-6f3f-4ed6-9d6c-000000000003', 'pcid', 'stibp'),
  'caps-of-kvm-a.xml': capabilities(FIRST, 'avx'),
});
const WEAK = ['--host', 'a=caps-a.xml', '--host', 'b=caps-b.xml', '--libvirt-version', '9.0.0'];
const REASON_LINES = REASONS.map((reason) => `  ${reason}\n`).join('');

describe('a domain as it is', () => {
  test('is safe where every host gives it the same CPU', () => {
    expect(run(cwd, ['check', 'level.xml', ...HOSTS])).toEqual({
      code: 0,
      out: 'guest: safe to move among a, b (x86-64-v1)\n',
      err: '',
    });
  });

  test('is not safe where hosts differ: each reason names the feature and the hosts', () => {
    expect(run(cwd, ['check', 'guest.xml', ...HOSTS])).toEqual({
      code: 1,
      out: `guest: not safe to move among a, b (x86-64-v1):\n${REASON_LINES}`,
      err: '',
    });
  });

  test('goes by its file where it has no name', () => {
    expect(run(cwd, ['check', 'nameless.xml', ...HOSTS]).out).toBe(
      `nameless.xml: not safe to move among a, b (x86-64-v1):\n${REASON_LINES}`,
    );
    const { out } = run(cwd, ['check', '-', ...HOSTS], { input: bytesOf(cwd, 'nameless.xml') });
    expect(out).toBe(`<stdin>: not safe to move among a, b (x86-64-v1):\n${REASON_LINES}`);
  });

  test('counts only what is not off already', () => {
    const { code, out } = run(cwd, ['check', '-', ...HOSTS], { input: domain(off('clwb'), off('lahf_lm')) });
    expect({ code, out }).toEqual({
      code: 1,
      out: `guest: not safe to move among a, b (x86-64-v1):\n  ${REASONS[0]}\n`,
    });
  });

  test('is not safe where it insists on what no host has', () => {
    const { code, out, err } = run(cwd, ['check', 'demanding.xml', ...HOSTS]);
    expect({ code, out }).toEqual({ code: 1, out: 'guest: not safe to move among a, b:\n' });
    expect(err).toMatch(/^demanding\.xml:7:5: error: .* avx .* a, b .*\n[^\n]*\n {4}\^\n$/);
  });

  test('is not touched', () => {
    expect(bytesOf(cwd, 'guest.xml')).toBe(domain());
  });

  test('names what a model has and hosts lack', () => {
    const input = domain().replace(/<cpu.*\/>/, "<cpu mode='custom'><model>Westmere</model></cpu>");
    const { code, out } = run(cwd, ['check', '-', ...HOSTS], { input });
    expect(code).toBe(1);
    expect(out).toContain("  lahf_lm: the domain's model has it, b lacks it. No");
    expect(out).toMatch(/the domain's model has them, a, b\n? *lack them\. No/);
  });
});

describe('exit 2', () => {
  test.each([
    ['a domain that is not well-formed', ['-'], '<domain>'],
    ['another type of guest', ['-'], domain().replace("'kvm'", "'qemu'")],
    ['a feature nobody knows', ['-'], domain(off('nope'))],
    ['a missing file', ['missing.xml'], ''],
  ])('for %s', (_, words, input) => {
    const { code, err } = run(cwd, ['check', ...words, ...HOSTS], { input });
    expect(code).toBe(2);
    expect(err).toMatch(/\berror: /);
  });
});

describe('hosts known by virsh capabilities only', () => {
  test('are compared, with a warning', () => {
    const { code, out, err } = run(cwd, ['check', 'guest.xml', ...WEAK]);
    expect({ code, out }).toEqual({
      code: 1,
      out: 'guest: not safe to move among a, b:\n  stibp: b has it, unknown on a. Security: the guest cannot shield the branch\n    predictions of one hyperthread from the other (Spectre v2, CVE-2017-5715).\n',
    });
    expect(err).toMatch(/^warning: a, b .*\bvirsh capabilities\b.*\n$/);
  });

  test('make what is safe so as far as known', () => {
    const same = ['--host', 'a=caps-b.xml', '--host', 'b=caps-other.xml', '--libvirt-version', '9.0.0', '-q'];
    expect(run(cwd, ['check', 'guest.xml', ...same]).out).toBe(
      'guest: safe, as far as known, to move among a, b\n',
    );
    expect(run(cwd, ['check', 'guest.xml', 'guest.xml', ...same]).out).toMatch(
      /^(?:guest\.xml: safe, as far as known; 1 warning\n){2}\n2 guests among 2 hosts\n {2}safe, as far as known {2}2\n$/,
    );
  });

  test('are refused with --strict', () => {
    const { code, err } = run(cwd, ['check', 'guest.xml', ...WEAK, '--strict']);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: a, b .*\bvirsh capabilities\b.*\n$/);
    expect(run(cwd, ['rewrite', 'guest.xml', ...WEAK, '--strict'])).toMatchObject({ code: 1, out: '' });
    expect(run(cwd, ['diff', ...WEAK, '--strict'])).toMatchObject({ code: 1, out: '' });
  });

  test.each([
    ['warning', []],
    ['error', ['--strict']],
  ])('are a finding with severity %s', (severity, words) => {
    const { out } = run(cwd, ['check', 'guest.xml', ...WEAK, ...words, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      compatible: false,
      issues: [
        { code: 'weak-source', severity, hosts: ['a', 'b'], source: 'capabilities' },
        ...(severity === 'error' ? [] : [{ code: 'security-loss' }]),
      ],
    });
  });

  test('are not taken for the identity of another machine', () => {
    const words = ['check', 'guest.xml', ...HOSTS, '--host', 'a=caps-of-kvm-a.xml'];
    const { code, err } = run(cwd, words);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: the documents of a \(.*\) are not of one machine: .* \[host-contradiction\]\n$/,
    );
  });
});

describe('--json', () => {
  test('holds the verdict, the reasons, the findings and the baseline', () => {
    const { code, out, err } = run(cwd, ['check', 'guest.xml', ...HOSTS, '--json']);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toBe(`${JSON.stringify(result, null, 2)}\n`);
    expect(Object.keys(result)).toEqual([
      ...['schemaVersion', 'command', 'domain', 'compatible', 'levels', 'reasons', 'issues', 'baseline'],
    ]);
    const reason = 'hosts-differ';
    expect(result).toMatchObject({
      schemaVersion: 1,
      command: 'check',
      domain: 'guest',
      compatible: false,
      reasons: [
        { feature: 'clflushopt', presentOn: ['b'], missingOn: ['a'], unknownOn: [], reason },
        { feature: 'clwb', presentOn: ['a'], missingOn: ['b'], unknownOn: [], reason },
        { feature: 'lahf_lm', presentOn: ['a'], missingOn: ['b'], unknownOn: [], reason },
      ],
      issues: [],
      baseline: { arch: 'x86_64', vendor: 'AMD', surplus: { a: ['clwb', 'lahf_lm'], b: ['clflushopt'] } },
    });
  });

  test('says so where the domain is safe', () => {
    const { code, out } = run(cwd, ['check', 'level.xml', ...HOSTS, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ compatible: true, reasons: [], issues: [] });
  });
});

test('of many findings of a kind the first are shown, and the rest is counted', () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `<feature policy='require' name='none-${i}'/>`).join(
    '',
  );
  const many = folder({
    'many.xml': domain().replace(/<cpu[^>]*\/>/, `<cpu mode='host-passthrough'>${lines}</cpu>`),
  });
  const { code, err } = run(many, ['check', 'many.xml', ...HOSTS]);
  const told = err.split('\n').filter((line) => line.includes('[unknown-feature]'));
  expect([code, told.length, told.at(-1)]).toEqual([2, 21, 'error: 980 more of these [unknown-feature]']);
  const { issues } = JSON.parse(run(many, ['check', 'many.xml', ...HOSTS, '--json']).out) as {
    readonly issues: readonly unknown[];
  };
  expect(issues).toHaveLength(1000);
});
