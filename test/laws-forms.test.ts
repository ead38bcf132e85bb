import fc from 'fast-check';
import { dependents, parentsOf } from '../lib/cpu/dependencies.ts';
import { namesIn } from '../lib/cpu/bits.ts';
import { expandCpu } from '../lib/cpu/expand.ts';
import { indexOf } from '../lib/cpu/map.ts';
import { CORE } from '../lib/cpu/names.ts';
import { hasErrors } from '../lib/issues/issues.ts';
import { parseDomain } from '../lib/parser/domain/domain.ts';
import { rewriteView } from './support/rewrite.ts';
import type { DomainFeature } from '../types/domain.ts';
import type { Host } from '../types/host.ts';
import { domainXml, guests, styles } from './support/domains.ts';
import { host } from './support/host.ts';

/** Names with parents and children among them, and some that stand alone. */
const NAMES = [
  ...['arch-capabilities', 'rdctl-no', 'mds-no', 'xsave', 'avx', 'avx2', 'fma', 'svm', 'npt', 'nrip-save'],
  ...[
    'pcid',
    'stibp',
    'taa-no',
    'aes',
    'lahf_lm',
    'mpx',
    'hypervisor',
    'x2apic',
    'mmx',
    'de',
    'mce',
    'invtsc',
  ],
];
const VERSIONS = ['9.0.0', '11.3.0', '12.8.0'];
const POLICIES = ['optional', 'disable', 'forbid'] as const;

const pools = fc
  .array(fc.tuple(fc.subarray(NAMES), fc.constantFrom(...VERSIONS)), { minLength: 2, maxLength: 4 })
  .map((list) => list.map(([names, libvirtVersion], i) => host(`host-${i}`, names, { libvirtVersion })));
const texts = fc
  .tuple(guests(NAMES, POLICIES), styles)
  .map(([guest, style]) => domainXml(guest, style).replace(/mode=(.)passthrough./, 'mode=$1disable$1'));
const switches = fc.record({
  cpu: fc.record({ guard: fc.boolean(), exhaustive: fc.boolean(), pin: fc.boolean() }),
});

const linesOf = (xml: string): readonly DomainFeature[] => parseDomain(xml).cpu?.features ?? [];
const named = (xml: string, ...policies: string[]): string[] =>
  linesOf(xml).flatMap(({ name, policy }) => (policies.includes(policy) ? [name] : []));
const maps = (pool: readonly Host[]): Host['cpuMaps'] => [...new Set(pool.flatMap(({ cpuMaps }) => cpuMaps))];

test('in any form twice is once, the user’s lines come first, and none is there twice', () => {
  fc.assert(
    fc.property(texts, pools, switches, (text, pool, options) => {
      const once = rewriteView(text, pool, options);
      expect(hasErrors(once.issues)).toBe(false);
      expect(rewriteView(once.shared, pool, options)).toMatchObject({
        changed: false,
        shared: once.shared,
      });
      const names = linesOf(once.shared).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.slice(0, linesOf(text).length)).toEqual(linesOf(text).map(({ name }) => name));
    }),
  );
});

test('a guard requires what every host has, can name and can keep, and in every host’s form the same', () => {
  fc.assert(
    fc.property(texts, pools, fc.boolean(), (text, pool, exhaustive) => {
      const { shared, perHost, baseline } = rewriteView(text, pool, { cpu: { guard: true, exhaustive } });
      const required = named(shared, 'require');
      const off = new Set(named(shared, 'disable', 'forbid'));
      const known = maps(pool).map((map) => indexOf(map).features);
      for (const name of required) {
        expect(baseline.common).toContain(name);
        expect(known.every((set) => set.has(name))).toBe(true);
        expect(parentsOf(maps(pool), name).filter((parent) => off.has(parent))).toEqual([]);
      }
      for (const own of Object.values(perHost)) expect(named(own, 'require')).toEqual(required);
      expect(parseDomain(shared).cpu?.check).toBe('full');
    }),
  );
});

/** Names that stand on no other: no host can have one without what it stands on. */
const ALONE = 'pcid stibp lahf_lm hypervisor x2apic de mce umip rdpid erms bmi1 adx clwb'.split(' ');

test('after exhaustive, a richer host changes nothing', () => {
  const sets = fc.array(fc.subarray(ALONE), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(texts, sets, fc.subarray(ALONE), fc.boolean(), (text, list, more, guard) => {
      const pool = list.map((names, i) => host(`host-${i}`, names));
      const { shared, baseline } = rewriteView(text, pool, { cpu: { exhaustive: true, guard } });
      const richer = host('richer', [...new Set([...baseline.common, ...more])]);
      expect(rewriteView(shared, [...pool, richer], { cpu: { exhaustive: true, guard } }).changed).toBe(
        false,
      );
      expect(rewriteView(shared, [...pool, richer]).changed).toBe(false);
    }),
  );
});

test('a pinned CPU shows the same under every host’s map: what is common and not off in the domain', () => {
  fc.assert(
    fc.property(texts, pools, fc.boolean(), (text, pool, guard) => {
      const { shared, baseline } = rewriteView(text, pool, { cpu: { pin: true, guard } });
      const { cpu } = parseDomain(shared);
      expect(cpu).toMatchObject({ mode: 'custom', match: 'exact', check: guard ? 'full' : 'partial' });
      const off = new Set(named(shared, 'disable', 'forbid'));
      const standing = new Map(baseline.common.map((name) => [name, parentsOf(maps(pool), name)]));
      const gone = new Set([...off, ...baseline.losses.map(({ feature }) => feature)]);
      const orphans = dependents(gone, standing);
      const expected = baseline.common.filter(
        (name) => !off.has(name) && !orphans.has(name) && name !== 'invtsc',
      );
      for (const map of maps(pool)) {
        const index = indexOf(map);
        const shown = expandCpu(index, { model: cpu?.model ?? '', features: cpu?.features ?? [] });
        expect('features' in shown ? namesIn(shown.features, index.names) : shown).toEqual(expected);
      }
    }),
  );
});

test('no form turns off what no guest boots without', () => {
  fc.assert(
    fc.property(
      texts,
      pools,
      fc.record({ cpu: fc.record({ guard: fc.boolean(), pin: fc.boolean() }) }),
      (text, pool, options) => {
        const { shared, baseline } = rewriteView(text, pool, options);
        const off = named(shared, 'disable');
        expect(off.filter((name) => CORE.has(name) && baseline.common.includes(name))).toEqual([]);
      },
    ),
  );
});
