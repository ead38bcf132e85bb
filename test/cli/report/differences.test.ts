import { differencesText, foldedTable, wideTable } from '../../../lib/cli/report/differences.ts';
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import type { Baseline } from '../../../types/baseline.ts';
import { host } from '../../support/host.ts';

const V9 = { libvirtVersion: '9.0.0' };

/** Hosts `kvm-01` … with these features, a list for each. */
function pool(...features: readonly (readonly string[])[]): Baseline {
  const digits = String(features.length).length;
  return diffHosts(
    features.map((own, i) => host(`kvm-${String(i + 1).padStart(digits, '0')}`, ['fpu', ...own], V9)),
  );
}

/** So many hosts, each of a kind. */
function fleet(count: number, kindOf: (i: number) => readonly string[]): Baseline {
  return pool(...Array.from({ length: count }, (_, i) => kindOf(i)));
}

const HALVES = fleet(12, (i) => (i < 6 ? ['pcid'] : ['stibp']));
/** Kinds that are mixed among each other and cannot be folded into few columns. */
const MIXED = fleet(30, (i) =>
  ['avx', 'pcid', 'smap', 'stibp', 'umip'].filter((_, n) => (i * 7 + n * 3) % 5 !== n % 3),
);

test('hosts that differ in nothing are one column', () => {
  expect(differencesText(HALVES, 80)).toEqual([
    'feature  kvm-[01-06]  kvm-[07-12]',
    '(grade)  A            A',
    'pcid     yes          -',
    'stibp    -            yes',
  ]);
});

test('hosts known from unlike sources are two', () => {
  const weak = { ...host('kvm-3', ['fpu', 'pcid'], V9), grade: 'C', source: 'cpuinfo' } as const;
  const both = diffHosts([host('kvm-1', ['fpu', 'pcid'], V9), host('kvm-2', ['fpu'], V9), weak]);
  expect(differencesText(both, 80).slice(0, 3)).toEqual([
    'feature  kvm-1  kvm-2  kvm-3',
    '(grade)  A      A      C',
    'pcid     yes    -      yes',
  ]);
});

test('where columns do not fit, the smaller part of the hosts is named', () => {
  const one = fleet(30, (i) => (i === 16 ? ['pcid'] : [`stibp`, ...(i % 3 === 0 ? [] : ['pcid'])]));
  expect(differencesText(one, 40)).toEqual([
    'grade of sources: A on all hosts',
    'lacking on 1 of 30: kvm-17',
    '  stibp',
    'lacking on 10 of 30:',
    '    kvm-[01,04,07,10,13,16,19,22,25,28]',
    '  pcid',
  ]);
  expect(differencesText(pool(['pcid'], []), 12)).toEqual([
    'grade of',
    '    sources:',
    '    A on all',
    '    hosts',
    'kvm-1 has',
    '    it,',
    '    kvm-2',
    '    lacks it',
    '  pcid',
  ]);
});

test.each([40, 60, 80, 200])('no line is wider than %d columns', (width) => {
  for (const size of [2, 9, 12, 30, 1000]) {
    const baseline = fleet(size, (i) => (i % 13 === 1 ? ['smap'] : ['avx', i % 2 === 0 ? 'pcid' : 'stibp']));
    expect(differencesText(baseline, width).filter(({ length }) => length > width)).toEqual([]);
  }
  expect(differencesText(MIXED, width).filter(({ length }) => length > width)).toEqual([]);
});

test('all hosts are columns of the wide table, the kinds those of the folded one', () => {
  const wide = wideTable(MIXED);
  expect(wide.head).toEqual(['feature', ...MIXED.hosts.map(({ name }) => name)]);
  const columnsOf = ({ rows }: typeof wide): readonly string[] => {
    const all = [...rows];
    return wide.head.map((_, i) => all.map((row) => row[i] ?? '').join());
  };
  const kinds = new Set(columnsOf(wide));
  const folded = foldedTable(MIXED);
  expect(new Set(columnsOf(folded).slice(0, folded.head.length))).toEqual(kinds);
  expect(folded.head).toHaveLength(kinds.size);
});
