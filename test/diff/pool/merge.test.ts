// Tries lib/diff/pool/duties.ts and lib/diff/pool/hosts.ts as well.
import fc from 'fast-check';
import { diffHosts, mergeBaselines } from '../../../lib/diff/pool/baseline.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { Baseline } from '../../../types/baseline.ts';
import type { DiffOptions } from '../../../types/options.ts';
import type { Host } from '../../../types/host.ts';
import { capabilities, domcapabilities, host } from '../../support/host.ts';

const NAMES = ['avx', 'avx2', 'clwb', 'invtsc', 'osxsave', 'pcid', 'sse2', 'vmx-ept', 'vmx'];

/** Hosts that differ in all that a baseline speaks of; `serial` makes two of them different machines. */
const hosts = (name: fc.Arbitrary<string>): fc.Arbitrary<Host> =>
  fc
    .record({
      name,
      features: fc.subarray(NAMES),
      version: fc.constantFrom('9.0.0', '11.3.0', undefined),
      model: fc.constantFrom('486', 'Skylake-Client'),
      vendor: fc.constantFrom('Intel', 'Intel', 'Intel', 'AMD', undefined),
      document: fc.constantFrom('domcapabilities', 'domcapabilities', 'capabilities', 'arm'),
      uuid: fc.constantFrom('u', 'v'),
    })
    .map(({ name, features, version, model, vendor, document, uuid }) => {
      const facts = { model, ...(vendor !== undefined && { vendor }) };
      const known = version === '9.0.0' ? features.filter((feature) => feature !== 'vmx-ept') : features;
      const xml =
        document === 'capabilities'
          ? capabilities(uuid, known)
          : document === 'arm'
            ? '<cpu><arch>aarch64</arch><model>cortex-a53</model></cpu>'
            : domcapabilities(known, facts);
      return parseHost(xml, { name, ...(version !== undefined && { libvirtVersion: version }) });
    });

const fleet = fc
  .array(hosts(fc.constant('h')), { minLength: 1, maxLength: 6 })
  .map((list) => list.map((one, i) => ({ ...one, name: `h${i}` })));
const parts = fc
  .tuple(fleet, fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }))
  .map(([all, choice]) =>
    [0, 1, 2].map((part) => all.filter((_, i) => choice[i] === part)).filter(({ length }) => length > 0),
  );
/** Baselines of hosts that often share a name. */
const baselines = fc
  .array(hosts(fc.constantFrom('a', 'a', 'b', 'a#2')), { minLength: 1, maxLength: 4 })
  .map((list) => diffHosts(list));

test('the baseline of baselines is the baseline of all their hosts', () => {
  fc.assert(
    fc.property(parts, fc.constantFrom<DiffOptions>({}, { refuse: ['weak-source'] }), (groups, options) => {
      const merged = mergeBaselines(
        groups.map((group) => diffHosts(group, options)),
        options,
      );
      expect(merged).toEqual(diffHosts(groups.flat(), options));
    }),
  );
});

const merge = (...list: readonly Baseline[]): Baseline => mergeBaselines(list);

test('it matters neither in which order baselines are merged, nor in which groups, nor how often', () => {
  fc.assert(
    fc.property(baselines, baselines, baselines, (a, b, c) => {
      expect(merge(b, a)).toEqual(merge(a, b));
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      expect(merge(a, a)).toEqual(a);
      expect(merge(merge(a, b), b)).toEqual(merge(a, b));
    }),
  );
});

test('two machines of one name are told apart, however deep they come from', () => {
  const [pcid, stibp] = [host('a', ['pcid']), host('a', ['stibp'])];
  const merged = merge(merge(diffHosts([stibp]), diffHosts([pcid])), diffHosts([pcid]));
  expect(merged.surplus).toEqual({ a: ['pcid'], 'a#2': ['stibp'] });
});

test('a baseline merges after a journey through JSON', () => {
  const [a, b] = [diffHosts([host('a', ['pcid'])]), diffHosts([host('b', ['stibp'])])];
  expect(merge(JSON.parse(JSON.stringify(a)) as Baseline, b)).toEqual(merge(a, b));
});

test('nothing merges to nothing', () => {
  expect(() => mergeBaselines([])).toThrow(RangeError);
});
