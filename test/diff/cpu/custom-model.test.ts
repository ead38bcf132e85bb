// Tries lib/diff/cpu/kept.ts as well.
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { blockersOf } from '../../../lib/diff/cpu/custom-model.ts';
import { rewriteView } from '../../support/rewrite.ts';
import { parseDomain } from '../../../lib/parser/domain/domain.ts';
import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import { told } from '../../support/findings.ts';
import { host } from '../../support/host.ts';
import { changed, planOf } from '../../support/plan.ts';

const PENTIUM = ['tsc', 'msr', 'mce', 'cx8', 'de'];

const usable = (name: string): string => `<model usable='yes'>${name}</model>`;
const unusable = (name: string, ...blockers: readonly string[]): string => {
  const features = blockers.map((feature) => `<feature name='${feature}'/>`).join('');
  return `<model usable='no'>${name}</model>${features && `<blockers model='${name}'>${features}</blockers>`}`;
};

/** Two hosts without mmx, the second with these models. */
function pool(custom: string | undefined, libvirtVersion = '9.0.0'): readonly Host[] {
  const facts = custom === undefined ? {} : { custom };
  return [host('a', PENTIUM), host('b', PENTIUM, { ...facts, libvirtVersion })];
}

const guest = (model: string, inner = '', attributes = ''): string =>
  `<cpu mode='custom'${attributes}>${model}${inner}</cpu>`;
const pentium = '<model>pentium</model>';
const off = (name: string): string => `<feature policy='disable' name='${name}'/>`;

describe('a named model', () => {
  test.each<[string, string, readonly Host[], PlanOptions, readonly string[], readonly string[]]>([
    ['that a host says nothing of', guest(pentium), pool(undefined), {}, ['+mmx'], []],
    ['that is usable', guest(pentium), pool(usable('pentium')), {}, ['+mmx'], []],
    [
      'of which nobody knows whether it is usable',
      guest(pentium),
      pool("<model usable='unknown'>pentium</model>"),
      {},
      ['+mmx'],
      [],
    ],
    ['that is not, but for what is disabled', guest(pentium), pool(unusable('pentium')), {}, ['+mmx'], []],
    [
      'that is not, but for what the domain disables',
      guest(pentium, off('mmx')),
      pool(unusable('pentium', 'mmx')),
      {},
      [],
      [],
    ],
    [
      'with blockers that are disabled for it',
      guest(pentium),
      pool(unusable('pentium', 'mmx', 'avx', 'pclmulqdq')),
      {},
      ['+avx', '+mmx', '+pclmuldq'],
      [],
    ],
    [
      'with blockers that no host decides',
      guest(pentium),
      pool(unusable('pentium', 'mmx', 'ht')),
      {},
      ['+mmx'],
      [],
    ],
    [
      'with a blocker that the host gives otherwise',
      guest(pentium),
      pool(unusable('pentium', 'tsc')),
      {},
      [],
      ['error model-not-usable tsc [b]'],
    ],
    [
      'with a blocker whose name nobody knows',
      guest(pentium),
      pool(unusable('pentium', 'warp')),
      {},
      [],
      ['error model-not-usable warp [b]'],
    ],
    [
      'with a blocker whose name an older host does not know',
      guest(pentium),
      pool(unusable('pentium', 'mmx', 'vmx-ept'), '11.3.0'),
      {},
      [],
      ['error feature-not-expressible vmx-ept [a]'],
    ],
    [
      'the same, with its ancestor in its place',
      guest(pentium),
      pool(unusable('pentium', 'mmx', 'vmx-ept'), '11.3.0'),
      { cpu: { disableParent: true } },
      ['+mmx', '+vmx'],
      ['warning feature-climbed vmx [a]'],
    ],
    [
      'that QEMU on a host does not have, where libvirt may take another',
      guest(pentium),
      pool(usable('486')),
      {},
      ['+mmx'],
      ['warning model-missing pentium [b]'],
    ],
    [
      'the same by a word of the domain',
      guest("<model fallback='allow'>pentium</model>"),
      pool(usable('486')),
      {},
      ['+mmx'],
      ['warning model-missing pentium [b]'],
    ],
    [
      'that QEMU on a host does not have, and libvirt may take no other',
      guest("<model fallback='forbid'>pentium</model>"),
      pool(usable('486')),
      {},
      [],
      ['error model-missing pentium [b]'],
    ],
    [
      'that is a mere minimum',
      guest("<model fallback='forbid'>pentium</model>", '', " match='minimum'"),
      pool(usable('486')),
      {},
      ['+mmx'],
      [],
    ],
    [
      'that neither libvirt nor QEMU has',
      guest("<model fallback='forbid'>Warp-1</model>"),
      pool(usable('486')),
      {},
      [],
      ['error unknown-model Warp-1 [a,b]'],
    ],
  ])('%s', (_, cpu, hosts, options, changes, issues) => {
    const plan = planOf(cpu, hosts, options);
    expect(told(plan.issues)).toEqual(issues);
    expect(changed(plan.shared)).toEqual(changes);
  });

  test('has its place in the domain, and its words', () => {
    const cpu = guest("<model fallback='forbid'>pentium</model>");
    const [missing] = planOf(cpu, pool(usable('486'))).issues;
    expect(missing).toMatchObject({
      line: 1,
      message: 'QEMU on b has no CPU model "pentium": use another model, or leave b out',
    });
    const [allowed] = planOf(guest(pentium), pool(usable('486'))).issues;
    expect(allowed?.message).toMatch(
      /with fallback="allow" libvirt may start the guest there with another one: set fallback="forbid"/,
    );
    const [blocked] = planOf(guest(pentium), pool(unusable('pentium', 'tsc'))).issues;
    expect(blocked).toMatchObject({ model: 'pentium', hosts: ['b'], features: ['tsc'], line: 1 });
    expect(blocked?.message).toBe('b lacks tsc of the CPU model pentium: use another model, or leave b out');
  });
});

test.each([
  ['9.0.0', ['mpx', 'pclmuldq']],
  ['11.3.0', ['pclmuldq']],
])('libvirt %s takes what is no longer in a model out itself', (libvirtVersion, expected) => {
  const custom = unusable('Skylake-Client', 'mpx', 'pclmulqdq', 'ht');
  expect(blockersOf(host('a', [], { custom, libvirtVersion }), 'Skylake-Client')).toEqual(expected);
});

describe('a pinned model', () => {
  const text = "<domain type='kvm'><cpu mode='maximum'/></domain>";
  const full = (custom?: string): readonly Host[] => [
    host('a', [], { model: 'pentium' }),
    host('b', [], { model: 'pentium', ...(custom !== undefined && { custom }) }),
  ];
  const all = [usable('486'), usable('pentium')].join('');

  test.each<[string, string | undefined, boolean | string, string | undefined, readonly string[]]>([
    ['is the nearest where nobody lists models', undefined, true, 'pentium', []],
    ['is the nearest that every host has', all, true, 'pentium', []],
    ['is never one that a host does not have', usable('486'), true, '486', []],
    ['may be one that is not usable as it is', usable('486') + unusable('pentium'), true, 'pentium', []],
    [
      'is none with which QEMU cannot give what the guest is to have',
      usable('486') + unusable('pentium', 'mmx'),
      true,
      '486',
      [],
    ],
    ['is none whose blockers nobody can name', usable('486') + unusable('pentium', 'warp'), true, '486', []],
    [
      'is refused by name where a host does not have it',
      usable('486'),
      'pentium',
      undefined,
      ['error model-missing pentium [b]'],
    ],
    [
      'is refused by name where QEMU cannot give with it what the guest is to have',
      unusable('pentium', 'mmx'),
      'pentium',
      undefined,
      ['error model-not-usable mmx [b]'],
    ],
    [
      'is none where no model is everywhere',
      usable('Warp-1'),
      true,
      undefined,
      ['error no-common-model [a,b]'],
    ],
  ])('%s', (_, custom, pin, model, issues) => {
    const hosts = full(custom);
    const result = rewriteView(text, hosts, { cpu: { pin } });
    expect(told(result.issues)).toEqual(issues);
    expect(parseDomain(result.shared).cpu?.model).toBe(model);
  });

  test('has a line for what QEMU has in it and a host lacks', () => {
    const hosts = full(usable('486') + unusable('pentium', 'avx'));
    const { shared } = planOf("<cpu mode='maximum'/>", hosts, { cpu: { pin: 'pentium' } });
    expect(changed(shared)).toContain('+avx');
  });

  test('is the same in whatever order the hosts come', () => {
    const hosts = full(usable('486'));
    const [one, other] = [hosts, hosts.toReversed()].map((list) => rewriteView(text, list, { cpu: 'pin' }));
    expect(one?.shared).toBe(other?.shared);
    expect(diffHosts(hosts).common).toContain('mmx');
  });
});
