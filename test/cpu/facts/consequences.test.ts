import { candidateMaps } from '../../../lib/cpu/bundled.ts';
import { consequenceOf, FEATURE_FACTS, kindOf } from '../../../lib/cpu/facts/consequences.ts';
import { UPCOMING } from '../../../lib/cpu/facts/consequences-duties.ts';
import { DUTY_FLAWS, INVERSE_BITS } from '../../../lib/cpu/facts/kinds.ts';
import type { FeatureKind } from '../../../types/facts.ts';

const maps = ['9.0.0', '11.3.0', '12.8.0'].flatMap((version) =>
  candidateMaps({ from: version, to: version }),
);
const features = maps.flatMap((map) => map.features);
const names = new Set(features.map(({ name }) => name));
const rows = [...FEATURE_FACTS, ...UPCOMING];
const classified = new Set(FEATURE_FACTS.map(({ feature }) => feature));

test('every name is in a CPU map, or among those that none has yet', () => {
  expect(FEATURE_FACTS.map(({ feature }) => feature).filter((name) => !names.has(name))).toEqual([]);
  expect(UPCOMING.map(({ feature }) => feature).filter((name) => names.has(name))).toEqual([]);
});

test('no feature has two rows', () => {
  expect(new Set(rows.map(({ feature }) => feature)).size).toBe(rows.length);
});

test('every name in a row is in a CPU map too', () => {
  const named = rows.flatMap(({ within = [], onlyWith = [], unless = [] }) =>
    [within, onlyWith, unless].flat(2),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !names.has(name))).toEqual([]);
});

test('every row has a source, and a text that names every flaw it counts', () => {
  for (const { feature, text, source, cve = [] } of rows) {
    expect({ feature, source }).toEqual({ feature, source: expect.stringMatching(/\S/) as unknown });
    expect({ feature, text }).toEqual({ feature, text: expect.stringMatching(/[^.]$/) as unknown });
    expect({ feature, missing: cve.filter((id) => !text.includes(id)) }).toEqual({ feature, missing: [] });
  }
});

test.each<[string, RegExp]>([
  ['-no', /(?:^|-)no(?:-|$)/],
  ['-clear', /^(?!vmx-).*-clear$/],
  ['rsba-like', /rsba/],
  ['ssb, stibp, ibrs, ibpb and their like', /^(?!vmx-).*(?:ssbd|stibp|ibrs|ibpb|psfd|-ctrl$)/],
])('every %s bit of the maps is classified', (_, pattern) => {
  const matching = [...names].filter((name) => pattern.test(name));
  expect(matching.length).toBeGreaterThan(1);
  expect(matching.filter((name) => !classified.has(name))).toEqual([]);
});

test('every bit of the register that arch-capabilities opens is classified, and no other is within it', () => {
  const inside = features.flatMap(({ name, bit }) => (bit[0] === 'msr' && bit[1] === 0x10a ? name : []));
  const said = FEATURE_FACTS.filter(({ within }) => within === 'arch-capabilities');
  expect(new Set(said.map(({ feature }) => feature))).toEqual(new Set(inside));
});

test('a duty has a flaw and costs security, an inverse bit costs nothing, an immunity no security', () => {
  const duties = rows.filter(({ kind }) => kind === 'duty');
  expect(duties.filter(({ flaw, cost }) => flaw === undefined || cost !== 'security')).toEqual([]);
  const others = rows.filter(({ kind }) => kind === 'inverse' || kind === 'immunity');
  expect(
    others.filter(({ kind, cost }) => cost === (kind === 'inverse' ? cost : 'security') && cost),
  ).toEqual([]);
});

test('what covers a loss covers it both ways between spellings of one control', () => {
  const twins = [
    ['ssbd', 'amd-ssbd', 'virt-ssbd'],
    ['stibp', 'amd-stibp'],
  ];
  for (const group of twins) {
    for (const name of group) {
      const covers = FEATURE_FACTS.find(({ feature }) => feature === name)?.unless?.map(([first]) => first);
      expect(covers).toEqual(expect.arrayContaining(group.filter((other) => other !== name)));
    }
  }
});

test('the bare names of duty and inverse bits, and their flaws, are those of the tables', () => {
  const duties = rows.filter(({ kind }) => kind === 'duty');
  expect(new Map(DUTY_FLAWS)).toEqual(new Map(duties.map(({ feature, flaw }) => [feature, flaw])));
  const inverse = rows.filter(({ kind }) => kind === 'inverse').map(({ feature }) => feature);
  expect(new Set(INVERSE_BITS)).toEqual(new Set(inverse));
});

test.each<[string, FeatureKind]>([
  ['avx2', 'capability'],
  ['clwb', 'capability'],
  ['no-such-feature', 'capability'],
  ['spec-ctrl', 'control'],
  ['md-clear', 'control'],
  ['tsx-ctrl', 'control'],
  ['rdctl-no', 'immunity'],
  ['amd-no-ssb', 'immunity'],
  ['tsa-l1-no', 'immunity'],
  ['btc-no', 'immunity'],
  ['rsba', 'duty'],
  ['rrsba', 'duty'],
  ['fb-clear', 'duty'],
  ['rfds-clear', 'duty'],
  ['verw-clear', 'duty'],
  ['zero-fcs-fds', 'inverse'],
  ['fdp-excptn-only', 'inverse'],
])('%s is of the kind %s', (feature, kind) => {
  expect(kindOf(feature)).toBe(kind);
  expect(DUTY_FLAWS.has(feature)).toBe(kind === 'duty');
  expect(INVERSE_BITS.has(feature)).toBe(kind === 'inverse');
});

test.each<[string, string | undefined, readonly string[] | undefined]>([
  ['ssbd', 'security', ['CVE-2018-3639']],
  ['spec-ctrl', 'security', ['CVE-2017-5715']],
  ['rfds-clear', 'security', ['CVE-2023-28746']],
  ['gds-no', undefined, ['CVE-2022-40982']],
  ['its-no', 'speed', ['CVE-2024-28956']],
  ['movbe', 'boot', undefined],
  ['sse4.2', 'boot', undefined],
  ['cmov', 'boot', undefined],
  ['avx512f', undefined, undefined],
  ['aes', 'speed', undefined],
])('losing %s costs %s', (feature, cost, cve) => {
  const consequence = consequenceOf(feature);
  expect([consequence?.cost, consequence?.cve]).toEqual([cost, cve]);
});

test('of what has no row, nothing is known', () => {
  expect(consequenceOf('clwb')).toBeUndefined();
  expect(kindOf('clwb')).toBe('capability');
});
