// Tries lib/cli/hosts/floor.ts as well.
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { baselineLevels } from '../../lib/diff/pool/levels.ts';
import { disableLines } from '../../lib/report/costs.ts';
import { hostLevelWords, levelWords } from '../../lib/cli/report/levels.ts';
import { featuresOfLevel } from '../../lib/cpu/facts/levels.ts';
import { domcapabilities, host } from '../support/host.ts';
import { planOf } from '../support/plan.ts';
import { bytesOf, domain, folder, run, text } from './run.ts';

const NEWER = { libvirtVersion: '11.3.0' };
const PASSTHROUGH = "<cpu mode='host-passthrough'/>";
const V2 = featuresOfLevel('x86-64-v2');
const V3 = featuresOfLevel('x86-64-v3');
const KVM_01 = host('kvm-01', [...V3, 'ssbd', 'erms', 'vmx', 'sha-ni'], NEWER);
const KVM_03 = host('kvm-03', V2, NEWER);
const BOTH = 'kvm-01 has them, kvm-03 lacks them';

describe('the lines on what is disabled', () => {
  test('begin with defences; what costs nothing known is counted behind the rest', () => {
    expect(disableLines(planOf(PASSTHROUGH, [KVM_01, KVM_03]).disable)).toEqual([
      'ssbd: kvm-01 has it, kvm-03 lacks it. Security: the guest cannot switch off speculative store bypass (CVE-2018-3639). Update the microcode of kvm-03, or leave it out.',
      `abm, avx2, bmi1, bmi2, f16c, fma, movbe: ${BOTH}. Boot: the guest falls below x86-64-v3: RHEL 10 and systems like it do not boot. Leave kvm-03 out if the guest needs them.`,
      expect.stringMatching(/^avx, xsave: kvm-01 has them, kvm-03 lacks them\. Boot: /),
      expect.stringMatching(/^erms: kvm-01 has it, kvm-03 lacks it\. Speed: /),
      expect.stringMatching(/^sha-ni: kvm-01 has it, kvm-03 lacks it\. Speed: /),
      'vmx: kvm-01 has it, kvm-03 lacks it. No consequence is known.',
    ]);
  });

  test('name all that mean something together once, each with its hosts', () => {
    const [a, b] = [host('a', ['rdctl-no'], NEWER), host('b', ['pcid'], NEWER)];
    expect(disableLines(planOf(PASSTHROUGH, [a, b]).disable)).toEqual([
      expect.stringMatching(/^pcid: b has it, a lacks it; rdctl-no: a has it, b lacks it\. Speed: /),
    ]);
  });

  test('fold many that cost nothing known', () => {
    const names = ['3dnow', '3dnowext', 'acpi', 'cid', 'clwb', 'de', 'ds', 'ds_cpl', 'dtes64', 'est'];
    const plan = planOf(PASSTHROUGH, [host('a', names), host('b')]);
    expect(disableLines(plan.disable)).toEqual([
      '3dnow, 3dnowext, acpi, cid, clwb, de, ds and 3 more: a has them, b lacks them. No consequence is known.',
    ]);
  });
});

test.each([
  [
    'two levels',
    [KVM_01, KVM_03],
    'x86-64-v3 → v2, because of kvm-03',
    'v3 on kvm-01; v2 on kvm-03; in common v2',
  ],
  ['one level', [KVM_01], 'x86-64-v3', 'v3 on kvm-01; in common v3'],
  [
    'a level and none',
    [KVM_03, host('old')],
    'x86-64-v2 → below v1, because of old',
    'v2 on kvm-03; below v1 on old; in common below v1',
  ],
])('levels in words: %s', (_, hosts, ofGuest, ofHosts) => {
  const levels = baselineLevels(diffHosts(hosts));
  expect([levelWords(levels), levels && hostLevelWords(levels)]).toEqual([
    ofGuest,
    `x86-64 level: ${ofHosts}`,
  ]);
});

test('no level in words where no host reaches one', () => {
  const levels = baselineLevels(diffHosts([host('a'), host('b')]));
  expect([levelWords(levels), levels && hostLevelWords(levels)]).toEqual([undefined, undefined]);
});

const OS = '<l:os id="http://redhat.com/rhel/10.0"/>';
const RHEL10 = domain().replace(
  '<os>',
  `<metadata><l:libosinfo xmlns:l="http://libosinfo.org/xmlns/libvirt/domain/1.0">${OS}</l:libosinfo></metadata><os>`,
);
const MACHINE = { machine: 'pc-i440fx-7.2' };
const cwd = folder({
  'guest.xml': domain(),
  'rhel10.xml': RHEL10,
  'new.xml': domcapabilities([...V3, 'ssbd'], MACHINE),
  'old.xml': domcapabilities(V2, MACHINE),
});
const HOSTS = ['--host', 'new=new.xml', '--host', 'old=old.xml', '--libvirt-version', '11.3.0'];
const BELOW =
  /^level of the guest: x86-64-v3 → v2, because of old\nrhel10\.xml:3:\d+: error: .*RHEL 10\.0.*--allow-below-floor \[below-floor\]\n/;

describe('the command', () => {
  test('stops at the floor of the guest’s system, and goes on where that is allowed', () => {
    expect(run(cwd, ['rewrite', 'rhel10.xml', ...HOSTS])).toMatchObject({
      code: 1,
      out: '',
      err: text(BELOW),
    });
    expect(run(cwd, ['check', 'rhel10.xml', ...HOSTS])).toMatchObject({
      code: 1,
      out: 'guest: not safe to move among new, old (x86-64-v3 → v2, because of old):\n',
    });
    const allowed = run(cwd, ['rewrite', 'rhel10.xml', ...HOSTS, '--allow-below-floor']);
    expect(allowed).toMatchObject({
      code: 0,
      err: text(/: warning: .* \[below-floor\]\ndisable ssbd: .*\ndisable abm, avx2, /),
    });
  });

  test('stops at a floor that is stated, and passes one that is kept', () => {
    const floored = (floor: string): number | null =>
      run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--floor', floor]).code;
    expect(['x86-64-v2', 'v3', 'sse4_2,popcnt', 'avx2', 'rhel9', 'rhel10'].map(floored)).toEqual([
      0, 1, 0, 1, 0, 1,
    ]);
    const { code, err } = run(cwd, ['check', 'guest.xml', ...HOSTS, '--floor', 'x86-64-v9']);
    expect({ code, err }).toEqual({
      code: 2,
      err: text(/^error: --floor: "x86-64-v9" is no level, .* did you mean "x86-64-v\d"\?\n$/),
    });
  });

  test('stops at a lost defence where that is refused', () => {
    const words = ['rewrite', 'guest.xml', ...HOSTS];
    expect(run(cwd, [...words, '--refuse', 'security-loss'])).toMatchObject({
      code: 1,
      out: '',
      err: text(/error: old lacks ssbd \(CVE-2018-3639\).*\[security-loss\]\n$/),
    });
    expect(run(cwd, words).err).not.toContain('[security-loss]');
  });

  test('begins what it says of hosts with their levels', () => {
    const levels = 'x86-64 level: v3 on new; v2 on old; in common v2\n';
    expect(run(cwd, ['diff', ...HOSTS])).toMatchObject({ code: 0, out: text(`${levels}feature `) });
    expect(run(cwd, ['baseline', ...HOSTS])).toMatchObject({ code: 0, err: levels });
    expect(run(cwd, ['expand', 'old.xml', ...HOSTS.slice(-2)])).toMatchObject({
      code: 0,
      err: 'x86-64-v2\n',
    });
  });

  test.each([
    ['rewrite', ['guest.xml'], ['plan', 'levels', 'level'], 'x86-64-v2'],
    ['rewrite', ['rhel10.xml'], ['levels', 'because', '0'], 'old'],
    ['check', ['guest.xml'], ['levels', 'best'], 'x86-64-v3'],
    ['explain', ['guest.xml'], ['levels', 'level'], 'x86-64-v2'],
    ['diff', [], ['levels', 'level'], 'x86-64-v2'],
    ['baseline', [], ['levels', 'hosts', '1', 'level'], 'x86-64-v2'],
  ])('%s %j gives programs levels and costs', (command, words, path, expected) => {
    const facts: unknown = JSON.parse(run(cwd, [command, ...words, ...HOSTS, '--json']).out);
    const at = (value: unknown, key: string): unknown => (value as Record<string, unknown>)[key];
    expect(path.reduce(at, facts)).toBe(expected);
  });

  test('explains what a change costs, and where that is stated', () => {
    const { out } = run(cwd, ['explain', 'guest.xml', ...HOSTS]);
    expect(out).toMatch(/^guest among new, old \(x86-64-v3 → v2, because of old\): /);
    expect(out).toMatch(
      /\n {2}cost {2}Security: the guest cannot switch off speculative store bypass\n {8}.*\n {8}http/,
    );
  });

  test('takes the floor of a virtual machine of KubeVirt from its annotation', () => {
    const vmi = (os: string): string =>
      JSON.stringify({ metadata: { name: 'vm', annotations: { 'vm.kubevirt.io/os': os } } });
    const asked = (os: string, ...words: readonly string[]): number | null =>
      run(cwd, ['on-define-domain', '--vmi', vmi(os), '--domain', domain(), ...HOSTS, ...words]).code;
    expect([asked('rhel10'), asked('rhel9'), asked('fedora'), asked('rhel10', '--floor', 'v2')]).toEqual([
      1, 0, 0, 0,
    ]);
    expect(bytesOf(cwd, 'guest.xml')).toBe(domain());
  });
});
