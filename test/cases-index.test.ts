import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `test/cases/README.md` says where each case of the plan is tried; what it names has to be there. */
const ROWS = readFileSync(join(__dirname, 'cases/README.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, number, outcome, places] = /^\| (\d+) \| (.+?) \| (.+) \|$/.exec(line) ?? [];
    return number === undefined ? [] : [{ number: Number(number), outcome, places: places ?? '' }];
  });

test('the table has all 64 cases, in order', () => {
  expect(ROWS.map(({ number }) => number)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
});

test.each(ROWS)('case $number: $outcome', ({ places }) => {
  const names = [...places.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(0);
  const missing = names.filter((name) => {
    if (!name.endsWith('.test.ts')) return !existsSync(join(__dirname, 'cases', name, 'domain.xml'));
    return !existsSync(join(__dirname, name));
  });
  expect(missing).toEqual([]);
});
