// Tries lib/text/numbers.ts as well.
import fc from 'fast-check';
import { countOfEntry, namesOfEntry, newNameSets } from '../../lib/text/name-set.ts';
import type { FoldedName } from '../../types/fold.ts';

function entriesOf(names: Iterable<string>): readonly FoldedName[] {
  const sets = newNameSets();
  for (const name of names) sets.add(0, name);
  return sets.entries()(0);
}

test.each<[string, readonly string[], readonly FoldedName[]]>([
  ['a run, and one apart', ['kvm-01', 'kvm-02', 'kvm-03', 'kvm-17'], ['kvm-[01-03,17]']],
  ['one alone', ['kvm-01'], ['kvm-01']],
  ['none', [], []],
  ['other widths are other names', ['n9', 'n10', 'n09'], ['n9', 'n[09-10]']],
  ['a domain behind', ['n1.dc2.example', 'n2.dc2.example'], ['n[1-2].dc2.example']],
  ['the last number of a label', ['r1n1', 'r1n2', 'r2n1'], ['r1n[1-2]', 'r2n1']],
  ['addresses', ['10.0.0.1', '10.0.0.2'], ['10.0.0.[1-2]']],
  ['brackets', ['a[1]', 'b'], [{ name: 'a[1]' }, 'b']],
  ['numbers that are none', ['x12345678901', 'x12345678902'], ['x12345678901', 'x12345678902']],
  ['across pages', ['p1023', 'p1024', 'p0003', 'p2300'], ['p[0003,1023-1024,2300]']],
  ['half a character', ['a\ud8001', 'a\ud8011'], ['a\ud8001', 'a\ud8011']],
])('%s', (_, names, entries) => {
  expect(entriesOf(names)).toEqual(entries);
});

test.each(['kvm-[1-', 'kvm-[]', 'kvm-[2-1]', 'kvm-[1-02]', 'a[1]b[2]', 'x]1[', 'kvm-[0-999999999]', '[a]'])(
  '%s is no pattern',
  (entry) => {
    const sets = newNameSets();
    expect([sets.addEntry(0, entry), sets.size(), countOfEntry(entry), [...namesOfEntry(entry)]]).toEqual([
      ...[false, 0, 0, []],
    ]);
  },
);

test('a pattern of the front of a number means the same names', () => {
  const sets = newNameSets();
  sets.addEntry(0, 'node1[0-2]');
  sets.addEntry(0, { name: 'node13' });
  expect(sets.entries()(0)).toEqual(['node[10-13]']);
});

const names = fc.oneof(
  fc.integer({ min: 0, max: 3000 }).map((number) => `kvm-${number}`),
  fc.integer({ min: 0, max: 40 }).map((number) => `kvm-${String(number).padStart(2, '0')}.example`),
  fc.string(),
);

test('a set has each name once, and its entries are the set', () => {
  fc.assert(
    fc.property(fc.array(names), (all) => {
      const entries = entriesOf(all);
      const distinct = [...new Set(all)].sort();
      expect(entries.flatMap((entry) => [...namesOfEntry(entry)]).sort()).toEqual(distinct);
      expect(entries.reduce((sum, entry) => sum + countOfEntry(entry), 0)).toBe(distinct.length);
      const again = newNameSets();
      again.add(1, 'another');
      for (const entry of [...entries, ...entries]) expect(again.addEntry(10, entry)).toBe(true);
      const inSet = again.entries();
      expect([inSet(10), inSet(1), inSet(0), again.size()]).toEqual([
        entries,
        ['another'],
        [],
        distinct.length + 1,
      ]);
    }),
  );
});
