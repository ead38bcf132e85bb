import fc from 'fast-check';
import { matricesOf } from '../../lib/report/matrix.ts';
import { letters } from '../../lib/report/matrix-html.ts';
import { planPools } from '../../lib/pools/pools.ts';
import { hostWith, NAMES } from '../pools/support.ts';
import { dataOf, hostsIn } from '../support/report.ts';
import { tenHosts } from '../support/fleet.ts';

const host = fc.tuple(fc.subarray([...NAMES]), fc.constantFrom('Intel', 'AMD'));

test('every feature that hosts of a group differ in is in one column, with the marks of its hosts', () => {
  fc.assert(
    fc.property(fc.array(host, { minLength: 1, maxLength: 6 }), (all) => {
      const plan = planPools(
        all.map(([features, vendor], i) => hostWith(`h${i}`, ['fpu', ...features], { vendor })),
      );
      for (const { columns, pools } of matricesOf(plan)) {
        const rows = pools.flatMap((pool) => pool.rows);
        const named = columns.flatMap(({ features }) => features);
        const lists = rows.map(({ profile }) => new Set(profile.features));
        const union = [...new Set(lists.flatMap((list) => [...list]))];
        const differing = union.filter((name) => !lists.every((list) => list.has(name)));
        expect(named.toSorted()).toEqual(differing.sort());
        const wrong = rows.flatMap(({ profile, marks }) =>
          columns.flatMap(({ features }, i) =>
            features.filter((name) => (marks[i] === 'yes') !== profile.features.includes(name)),
          ),
        );
        expect(wrong).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

test('columns that few hosts lack come first, and grave ones are marked', () => {
  const [amd, intel] = matricesOf(dataOf(hostsIn(tenHosts())).plan).toSorted((a, b) =>
    a.of < b.of ? -1 : 1,
  );
  expect([amd?.of, intel?.of]).toEqual(['AMD x86_64 kvm', 'Intel x86_64 kvm']);
  const lacking = intel?.columns.map(({ lackedBy }) => lackedBy) ?? [];
  expect(lacking).toEqual(lacking.toSorted((a, b) => a - b));
  expect(intel?.columns.find(({ features }) => features.includes('md-clear'))?.cost).toBe('security');
  expect(intel?.columns.find(({ features }) => features.includes('avx2'))?.cost).toBe('boot');
});

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [51, 'AZ'],
  [702, 'AAA'],
])('column %i is %s', (number, name) => {
  expect(letters(number)).toBe(name);
});
