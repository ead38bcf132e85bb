import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../../lib/diff/plan.ts';
import { featuresOfLevel } from '../../../lib/cpu/facts/levels.ts';
import { parseDomain } from '../../../lib/parser/domain/domain.ts';
import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import type { DomainPlan } from '../../../types/plan.ts';
import { factOf, told } from '../../support/findings.ts';
import { host } from '../../support/host.ts';
import { changed, planOf } from '../../support/plan.ts';

const PASSTHROUGH = "<cpu mode='host-passthrough'/>";
const off = (...names: readonly string[]): string =>
  `<cpu mode='host-passthrough'>${names.map((name) => `<feature policy='disable' name='${name}'/>`).join('')}</cpu>`;

/** A guest of some system, by libosinfo's id. */
function guestOf(id: string, cpu = PASSTHROUGH): string {
  return `<metadata><l:libosinfo xmlns:l='http://libosinfo.org/xmlns/libvirt/domain/1.0'><l:os id='${id}'/></l:libosinfo></metadata>${cpu}`;
}

const RHEL10 = 'http://redhat.com/rhel/10.0';
const V2 = host('v2', featuresOfLevel('x86-64-v2'));
const V3 = host('v3', featuresOfLevel('x86-64-v3'));
const OLD = [V2, host('w2', featuresOfLevel('x86-64-v2'))];
const V4 = host('v4', featuresOfLevel('x86-64-v4'));
const added = featuresOfLevel('x86-64-v3').filter((name) => !featuresOfLevel('x86-64-v2').includes(name));

describe('a floor', () => {
  const below = (severity: string, ...hosts: readonly string[]): string =>
    `${severity} below-floor ${added.join()} [${hosts.join()}]`;

  test.each<[string, string, readonly Host[], PlanOptions, readonly string[]]>([
    ['of the system is kept', guestOf(RHEL10), [V3, V4], {}, []],
    ['of the system stops the plan', guestOf(RHEL10), [V2, V3], {}, [below('error', 'v2')]],
    ['may be passed', guestOf(RHEL10), [V2, V3], { accept: ['below-floor'] }, [below('warning', 'v2')]],
    [
      'that a newer pool keeps holds for an older one',
      guestOf('http://redhat.com/rhel/9.4'),
      [V2, V3],
      {},
      [],
    ],
    [
      'that is stated goes before that of the system',
      guestOf(RHEL10),
      [V2, V3],
      { cpu: { floor: 'v2' } },
      [],
    ],
    ['that is stated', PASSTHROUGH, [V2, V3], { cpu: { floor: 'x86-64-v3' } }, [below('error', 'v2')]],
    [
      'of features in any spelling',
      PASSTHROUGH,
      [V2, V3],
      { cpu: { floor: 'sse4_2,avx' } },
      ['error below-floor avx [v2]'],
    ],
    ['that no host keeps', PASSTHROUGH, OLD, { cpu: { floor: 'v3' } }, [below('error', 'v2', 'w2')]],
    ['of a system nobody knows', guestOf('http://example.org/os/1'), [V2, V3], {}, []],
    [
      'of a 32-bit guest',
      guestOf(RHEL10, `<os><type arch='i686'>hvm</type></os>${PASSTHROUGH}`),
      [V2, V3],
      {},
      [],
    ],
    [
      'that the domain itself goes below is only said',
      guestOf(RHEL10, off('avx2')),
      [V3, V4],
      {},
      ['warning below-floor avx2'],
    ],
    [
      'of a model of old',
      guestOf('http://redhat.com/rhel/9.0', "<cpu mode='custom' match='exact'><model>kvm64</model></cpu>"),
      [V3, V4],
      {},
      ['warning below-floor lahf_lm,popcnt,sse4.1,sse4.2,ssse3'],
    ],
    [
      'of a default model',
      guestOf('http://redhat.com/rhel/9.0', ''),
      [V3, V4],
      {},
      ['warning below-floor popcnt,sse4.1,sse4.2,ssse3'],
    ],
    [
      'of a default model that is stated',
      '',
      OLD,
      { cpu: { floor: 'avx' } },
      ['error below-floor avx [v2,w2]'],
    ],
    [
      'of some editions only',
      guestOf('http://microsoft.com/win/11'),
      [
        host('has', [...featuresOfLevel('x86-64-v2'), 'nx']),
        host('lacks', [...featuresOfLevel('x86-64-v1'), 'nx', 'cx16', 'lahf_lm']),
      ],
      {},
      ['warning floor-uncertain popcnt,sse4.2 [lacks]'],
    ],
  ])('%s', (_, inner, hosts, options, expected) => {
    const { issues } = planOf(inner, hosts, options);
    expect(told(issues).filter((line) => line.includes('floor'))).toEqual(expected);
  });

  test('stands in the domain where its metadata names the system', () => {
    const text = `<domain type='kvm'>\n${guestOf(RHEL10)}</domain>`;
    const { issues } = planDomain(parseDomain(text), diffHosts([V2, V3]));
    expect(issues.find(({ code }) => code === 'below-floor')).toMatchObject({ line: 2 });
  });

  test.each<[string, readonly Host[], readonly string[]]>([
    ['the hosts that lack it', [...OLD, V3], ['v2', 'w2']],
    ['none where none would be left', OLD, []],
    [
      'those whose documents do not list it, where nobody is below',
      [host('old', [], { model: 'Haswell' }), host('new', ['abm', 'f16c'], { model: 'Haswell' })],
      ['old'],
    ],
  ])('names, to leave out, %s', (_, hosts, expected) => {
    const { issues } = planOf(guestOf(RHEL10), hosts);
    expect(
      factOf(
        issues.find(({ code }) => code === 'below-floor'),
        'leaveOut',
      ),
    ).toEqual(expected);
  });

  test('must be levels or features', () => {
    expect(() => planOf(PASSTHROUGH, OLD, { cpu: { floor: 'v9,avx' } })).toThrow(
      'cpu.floor cannot be "v9": it takes x86-64-v2',
    );
  });
});

/** What is said of defences, duties and inverse bits. */
function costs({ issues }: DomainPlan): readonly string[] {
  return told(issues).filter((line) => /security-loss|-bit-differs/.test(line));
}

describe('a defence', () => {
  const [A, B] = [host('a', ['ssbd', 'md-clear', 'avx']), host('b', ['avx'])];

  test('that hosts lack is said in one line, with the flaws and the hosts', () => {
    const [found] = planOf(PASSTHROUGH, [A, B]).issues;
    expect(found).toMatchObject({
      code: 'security-loss',
      severity: 'warning',
      losses: [
        { features: ['md-clear'], lackingOn: ['b'] },
        { features: ['ssbd'], cve: ['CVE-2018-3639'], lackingOn: ['b'] },
      ],
    });
  });

  test.each<[string, string, readonly Host[], PlanOptions, readonly string[]]>([
    ['that no host has is not lost', PASSTHROUGH, [B, host('c', ['avx'])], {}, []],
    [
      'that is off in the guest anyway is said all the same',
      off('ssbd'),
      [A, B],
      {},
      ['warning security-loss [b]'],
    ],
    ['may be refused', PASSTHROUGH, [A, B], { refuse: ['security-loss'] }, ['error security-loss [b]']],
    [
      'that has to take the place of an immunity, and is not there',
      PASSTHROUGH,
      [host('a', ['arch-capabilities', 'taa-no', 'rtm']), host('b', ['arch-capabilities', 'rtm'])],
      { refuse: ['security-loss'] },
      ['error security-loss [b]'],
    ],
    ['that another one covers', PASSTHROUGH, [host('a', ['ssbd', 'amd-ssbd']), host('b', ['ssbd'])], {}, []],
    ['that the guest does not show', "<cpu mode='custom'><model>486</model></cpu>", [A, B], {}, []],
  ])('%s', (_, cpu, hosts, options, expected) => {
    expect(costs(planOf(cpu, hosts, options))).toEqual(expected);
  });

  test('is no feature of the pool that costs nothing', () => {
    expect(costs(planOf(PASSTHROUGH, [host('a', ['avx']), host('b')]))).toEqual([]);
  });
});

describe('a duty bit', () => {
  const REGISTER = ['arch-capabilities'];
  const NEWER = { libvirtVersion: '11.3.0' };
  const TOLD = host('told', [...REGISTER, 'rfds-clear'], NEWER);
  const OLD = host('old', REGISTER, NEWER);
  const IMMUNE = host('immune', [...REGISTER, 'rfds-no'], NEWER);

  test.each<[string, string, readonly Host[], PlanOptions, readonly string[], readonly string[]]>([
    [
      'all hosts have is kept',
      PASSTHROUGH,
      [TOLD, host('b', [...REGISTER, 'rfds-clear'], NEWER)],
      {},
      [],
      [],
    ],
    [
      'some lack is off, and said',
      PASSTHROUGH,
      [TOLD, OLD],
      {},
      ['+rfds-clear'],
      ['warning duty-bit-differs rfds-clear [told,old]'],
    ],
    [
      'some lack may be refused',
      PASSTHROUGH,
      [TOLD, OLD],
      { refuse: ['security-loss'] },
      [],
      ['error duty-bit-differs rfds-clear [told,old]'],
    ],
    [
      'is said in every form of the CPU',
      PASSTHROUGH,
      [TOLD, OLD],
      { cpu: 'guard' },
      [
        '@check=full',
        '+arch-capabilities: require',
        '+fpu: require',
        '+pse: require',
        '+vme: require',
        '+rfds-clear',
      ],
      ['warning duty-bit-differs rfds-clear [told,old]'],
    ],
  ])('%s', (_, cpu, hosts, options, changes, expected) => {
    const plan = planOf(cpu, hosts, options);
    expect([[...(changed(plan.shared) ?? [])].sort(), costs(plan)]).toEqual([[...changes].sort(), expected]);
  });

  test('is said beside who is free of the flaw', () => {
    const { issues } = planOf(PASSTHROUGH, [TOLD, OLD, IMMUNE]);
    expect(issues.find(({ code }) => code === 'duty-bit-differs')).toMatchObject({
      feature: 'rfds-clear',
      cve: ['CVE-2023-28746'],
      presentOn: ['told'],
      lackingOn: ['immune', 'old'],
      immune: ['immune'],
    });
  });

  test('names the option of the guest that does the same', () => {
    const { issues } = planOf(PASSTHROUGH, [host('a', [...REGISTER, 'rsba'], NEWER), OLD]);
    expect(factOf(issues[0], 'guestOption')).toBe('spectre_v2=ibrs');
  });
});

describe('an inverse bit', () => {
  const NEWER = { libvirtVersion: '11.3.0' };
  const [A, B] = [host('a', ['zero-fcs-fds'], NEWER), host('b', [], NEWER)];

  test.each<[string, string, PlanOptions, readonly string[], readonly string[]]>([
    [
      'stays where libvirt does not compare it',
      PASSTHROUGH,
      {},
      [],
      ['warning inverse-bit-differs zero-fcs-fds [a,b]'],
    ],
    [
      'is off where libvirt would refuse a move',
      "<cpu mode='host-model'/>",
      {},
      ['+zero-fcs-fds'],
      ['note inverse-bit-differs zero-fcs-fds [a,b]'],
    ],
    ['that a fixed model does not have', "<cpu mode='custom'><model>486</model></cpu>", {}, [], []],
  ])('%s', (_, cpu, options, changes, expected) => {
    const plan = planOf(cpu, [A, B], options);
    expect([changed(plan.shared), costs(plan)]).toEqual([changes, expected]);
  });

  test.each([
    ['host-passthrough', false],
    ['host-model', true],
  ])('is off beside all others of %s on request: %s', (mode, isOff) => {
    const pool = ['b', 'c'].map((name) => host(name, [], NEWER));
    const changes =
      changed(planOf(`<cpu mode='${mode}'/>`, pool, { cpu: { exhaustive: true } }).shared) ?? [];
    expect(changes.length).toBeGreaterThan(100);
    expect(['+zero-fcs-fds', '+fdp-excptn-only'].map((one) => changes.includes(one))).toEqual([isOff, isOff]);
  });

  test('is off in a pinned CPU, which libvirt compares', () => {
    const plan = planOf(PASSTHROUGH, [A, B], { cpu: 'pin' });
    expect([costs(plan), plan.disable.map(({ feature }) => feature)]).toEqual([
      ['note inverse-bit-differs zero-fcs-fds [a,b]'],
      ['zero-fcs-fds'],
    ]);
  });
});
