// Tries lib/diff/cpu/cpu.ts and lib/diff/cpu/doubtful.ts as well.
import { featuresOfModel, indexOf } from '../../../lib/cpu/map.ts';
import { CORE } from '../../../lib/cpu/names.ts';
import { namesIn } from '../../../lib/cpu/bits.ts';
import { expandCpu } from '../../../lib/cpu/expand.ts';
import { parseDomain } from '../../../lib/parser/domain/domain.ts';
import { rewriteView } from '../../support/rewrite.ts';
import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import { told } from '../../support/findings.ts';
import { documentedHosts, host, type HostFacts } from '../../support/host.ts';
import { changed, planOf } from '../../support/plan.ts';

const [A, B] = documentedHosts();
const pin: PlanOptions = { cpu: 'pin' };
const guest = (cpu: string): string => `<domain type='kvm'>\n  ${cpu}\n</domain>`;
const pool = (features: readonly string[], facts: HostFacts = {}): readonly Host[] =>
  ['a', 'b'].map((name) => host(name, features, facts));

/** The CPU that a pinned domain shows under every map of the pool: one list, if they agree. */
function shownBy(xml: string, hosts: readonly Host[]): readonly (readonly string[])[] {
  const { cpu } = parseDomain(xml);
  const maps = [...new Set(hosts.flatMap(({ cpuMaps }) => cpuMaps))];
  return maps.map((map) => {
    const index = indexOf(map);
    const found = expandCpu(index, { model: cpu?.model ?? '', features: cpu?.features ?? [] });
    return 'features' in found ? namesIn(found.features, index.names) : [`cannot read ${found.index}`];
  });
}

describe('pin', () => {
  test.each<[string, string, string]>([
    [
      'replaces the mode and what belongs to it',
      "<cpu mode='host-passthrough' check='none' migratable='off'/>",
      "<cpu mode='custom' check='partial' match='exact'>\n    <model fallback='forbid'>486</model>\n  </cpu>",
    ],
    [
      'keeps topology, cache, numa and comments',
      `<cpu mode="host-model">\n    <!-- why --><model fallback="allow" vendor_id="AuthenticAMD"/>\n    <topology sockets="1" cores="1" threads="1"/>\n    <cache level="3" mode="emulate"/>\n    <numa/>\n  </cpu>`,
      `<cpu mode="custom" match="exact" check="partial">\n    <!-- why --><model fallback="forbid" vendor_id="AuthenticAMD">486</model>\n    <topology sockets="1" cores="1" threads="1"/>\n    <cache level="3" mode="emulate"/>\n    <numa/>\n  </cpu>`,
    ],
    [
      'gives a CPU without a model one',
      "<cpu>\n    <topology sockets='1' cores='1' threads='1'/>\n  </cpu>",
      "<cpu mode='custom' match='exact' check='partial'>\n    <model fallback='forbid'>486</model>\n    <topology sockets='1' cores='1' threads='1'/>\n  </cpu>",
    ],
    [
      'takes the place of another model, and of another match',
      "<cpu mode='custom' match='minimum' check='partial'><model>pentium</model></cpu>",
      "<cpu mode='custom' match='exact' check='partial'><model fallback='forbid'>486</model></cpu>",
    ],
    [
      'leaves the domain its own lines',
      "<cpu mode='maximum'><feature policy='disable' name='pse'/><feature policy='require' name='vme'/></cpu>",
      "<cpu mode='custom' match='exact' check='partial'><model fallback='forbid'>486</model><feature policy='disable' name='pse'/><feature policy='require' name='vme'/></cpu>",
    ],
    [
      'decides what is optional',
      "<cpu mode='maximum'><feature policy='optional' name='pse'/><feature policy='optional' name='avx'/></cpu>",
      "<cpu mode='custom' match='exact' check='partial'><model fallback='forbid'>486</model><feature policy='require' name='pse'/><feature policy='disable' name='avx'/></cpu>",
    ],
  ])('%s', (_, before, after) => {
    const once = rewriteView(guest(before), [A, B], pin);
    expect(once.shared).toBe(guest(after));
    expect(Object.values(once.perHost)).toEqual([once.shared, once.shared]);
    expect(rewriteView(once.shared, [A, B], pin).changed).toBe(false);
  });

  test('has lines for what the model lacks and for what it has too much', () => {
    const hosts = pool(['avx', '-mmx'], { model: 'pentium' });
    expect(changed(planOf("<cpu mode='maximum'/>", hosts, pin).shared)).toEqual([
      ...['@mode=custom', '@match=exact', '@check=partial', '<model>'],
      ...['+avx: require', '+apic', '+mmx'],
    ]);
  });

  test.each(['9.0.0', '11.3.0', '12.8.0'])(
    'equals the baseline under the map of libvirt %s and 9.0.0',
    (version) => {
      const hosts = [
        host('a', ['avx'], { model: 'Skylake-Client' }),
        host('b', version === '9.0.0' ? [] : ['mpx'], { model: 'Skylake-Client', libvirtVersion: version }),
      ];
      const { shared, baseline } = rewriteView(guest("<cpu mode='host-model'/>"), hosts, pin);
      const expected = baseline.common.filter((name) => name !== 'ht');
      for (const set of shownBy(shared, hosts)) expect(set).toEqual(expected);
      const [own] = indexOfModel(hosts, 'Skylake-Client');
      expect(shared.includes("policy='require' name='mpx'")).toBe(version !== '9.0.0');
      expect(own?.has('mpx')).toBe(true);
    },
  );

  test('takes a model that all hosts know', () => {
    const hosts = [
      host('old', [], { model: 'EPYC' }),
      host('new', [], { model: 'EPYC-v1', libvirtVersion: '11.3.0' }),
    ];
    expect(parseDomain(rewriteView(guest("<cpu mode='maximum'/>"), hosts, pin).shared).cpu?.model).toBe(
      'EPYC',
    );
  });

  test('takes the model it is told to', () => {
    const hosts = pool(['mmx', 'de', 'mce', 'cx8', 'tsc', 'msr']);
    const { shared, baseline } = rewriteView(guest("<cpu mode='maximum'/>"), hosts, {
      cpu: { pin: 'pentium' },
    });
    expect(parseDomain(shared).cpu?.model).toBe('pentium');
    expect(shownBy(shared, hosts)).toEqual([baseline.common]);
  });

  test('with guard has a line for every feature, and a full check', () => {
    const { shared } = rewriteView(guest("<cpu mode='maximum'/>"), [A, B], {
      cpu: { pin: true, guard: true },
    });
    const { cpu } = parseDomain(shared);
    const required = cpu?.features.filter(({ policy }) => policy === 'require').map(({ name }) => name);
    expect([cpu?.check, required]).toEqual(['full', ['fpu', 'pse', 'vme']]);
  });

  test('keeps a full check', () => {
    const before = "<cpu mode='host-passthrough' check='full'/>";
    expect(rewriteView(guest(before), [A, B], pin).shared).toBe(
      rewriteView(guest(before), [A, B], { cpu: { pin: true, guard: true } }).shared,
    );
  });

  test('is not hindered by a name that one libvirt does not know: the model does not have it', () => {
    const cpu = "<cpu mode='maximum'/>";
    const newer = (features: readonly string[]): Host => host('new', features, { libvirtVersion: '11.3.0' });
    expect(planOf(cpu, [host('old'), newer(['vmx-ept'])], pin).issues).toEqual([]);
    expect(told(planOf(cpu, [host('old', ['vmx']), newer(['vmx', 'vmx-ept'])], pin).issues)).toEqual([
      'error feature-not-expressible vmx-ept [old]',
      'note nested-virtualisation vmx',
    ]);
  });

  test.each<[string, string, readonly Host[], PlanOptions, readonly string[]]>([
    [
      'a model nobody knows',
      "<cpu mode='maximum'/>",
      [A, B],
      { cpu: { pin: 'Warp-1' } },
      ['error unknown-model Warp-1 [A,B]', 'warning security-loss [B]'],
    ],
    [
      'a model of which one libvirt cannot name all',
      "<cpu mode='maximum'/>",
      [host('new', [], { libvirtVersion: '12.8.0' }), host('old')],
      { cpu: { pin: 'SierraForest' } },
      ['error unknown-model SierraForest [old]'],
    ],
    [
      'a model of another vendor, with a word',
      "<cpu mode='maximum'/>",
      pool([...CORE], { vendor: 'Intel' }),
      { cpu: { pin: 'EPYC' } },
      ['warning model-vendor EPYC [a,b]'],
    ],
    [
      'what libvirt refuses beside a model',
      "<cpu mode='maximum'><cache mode='passthrough'/></cpu>",
      [A, B],
      pin,
      ['error pin-refused', 'warning security-loss [B]', 'note cache-passthrough'],
    ],
    [
      'what the domain asks for and a host lacks',
      "<cpu mode='maximum'><feature name='pcid'/></cpu>",
      [A, B],
      pin,
      ['error policy-conflict pcid [B]'],
    ],
    [
      'a model with what no guest boots without, and no host gives',
      "<cpu mode='maximum'/>",
      pool([...CORE].filter((name) => name !== 'sse2' && name !== 'nx')),
      { cpu: { pin: 'qemu64' } },
      ['error core-feature nx [a,b]', 'error core-feature sse2 [a,b]'],
    ],
    [
      'the same, where that is accepted',
      "<cpu mode='maximum'/>",
      pool([...CORE].filter((name) => name !== 'sse2' && name !== 'nx')),
      { cpu: { pin: 'qemu64' }, accept: ['core-features'] },
      [],
    ],
    ['no CPU at all', '', [A, B], pin, ['warning no-cpu-model']],
  ])('%s', (_, cpu, hosts, options, expected) => {
    expect(told(planOf(cpu, hosts, options).issues)).toEqual(expected);
  });
});

function indexOfModel(hosts: readonly Host[], model: string): readonly (ReadonlySet<string> | undefined)[] {
  return hosts.flatMap(({ cpuMaps }) => cpuMaps.map((map) => featuresOfModel(indexOf(map), model)));
}
