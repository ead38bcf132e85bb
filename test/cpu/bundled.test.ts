import { candidateMaps, newestBelow } from '../../lib/cpu/bundled.ts';
import { indexOf } from '../../lib/cpu/map.ts';
import { mapProblem } from '../../lib/cpu/map-problem.ts';
import { bundledVersions } from '../../lib/cpu/packed.ts';

const numbersOf = (from: string, to: string): readonly string[] =>
  candidateMaps({ from, to }).map(({ version }) => version);

test.each([
  ['a bundled version is that one', '9.0.0', '9.0.0', ['9.0.0']],
  ['the newest bundled version is that one', '12.8.0', '12.8.0', ['12.8.0']],
  ['between two, both are asked', '10.0.0', '10.0.0', ['9.0.0', '11.3.0']],
  ['just above one, it and the next are asked', '11.3.1', '11.3.1', ['11.3.0', '12.8.0']],
  ['older than all is read with the oldest', '1.2.0', '1.2.0', ['9.0.0']],
  ['newer than all is read with the newest', '99.0.0', '99.0.0', ['12.8.0']],
  ['nothing known: every map', '0.0.0', '9999.0.0', ['9.0.0', '11.3.0', '12.8.0']],
  ['from 9.10.0 on: the maps after it', '9.10.0', '9999.0.0', ['11.3.0', '12.8.0']],
  ['before 10.10.0: the map before it', '0.0.0', '10.10.0', ['9.0.0']],
  ['the lower bound is part of the range', '9.0.0', '11.0.0', ['9.0.0']],
  ['the upper bound is not part of it', '0.0.0', '11.3.0', ['9.0.0']],
  ['an empty range has its neighbours', '9.10.0', '10.10.0', ['9.0.0', '11.3.0']],
])('%s', (_, from, to, expected) => {
  expect(numbersOf(from, to)).toEqual(expected);
});

test('the same version is the same map', () => {
  const nine = { from: '9.0.0', to: '9.0.0' };
  expect(candidateMaps(nine)[0]).toBe(candidateMaps(nine)[0]);
});

describe.each(bundledVersions())('the bundled map of libvirt %s', (version) => {
  const [map] = candidateMaps({ from: version, to: version });
  if (map === undefined) throw new RangeError('the map is missing');

  test('states its version', () => {
    expect(map.version).toBe(version);
  });

  test('has each feature on a bit of its own', () => {
    expect(mapProblem(map)).toBeUndefined();
  });

  test('has each feature and each model once', () => {
    const { features, models } = indexOf(map);
    expect([features.size, models.size]).toEqual([map.features.length, map.models.length]);
  });

  test('has no alias that is the name of a feature', () => {
    const { features, aliases } = indexOf(map);
    expect([...aliases.keys()].filter((alias) => features.has(alias))).toEqual([]);
  });

  test('names only vendors it has', () => {
    const named = new Set(map.models.flatMap(({ vendor }) => vendor ?? []));
    expect([...named].filter((vendor) => !Object.hasOwn(map.vendors, vendor))).toEqual([]);
  });

  test('marks what libvirt does not migrate', () => {
    const marked = map.features.filter(({ migratable }) => migratable === false);
    expect(marked.map(({ name }) => name)).toEqual(['xsaves', 'invtsc']);
  });
});

test('a newer map never forgets a feature', () => {
  const names = candidateMaps({ from: '0.0.0', to: '9999.0.0' }).map((map) => indexOf(map).features);
  const lost = names.flatMap((older, i) =>
    [...older.keys()].filter((name) => names[i + 1]?.has(name) === false),
  );
  expect(lost).toEqual([]);
});

test.each([
  ['9.0.0', 212, 58],
  ['11.3.0', 364, 150],
])('libvirt %s knows %i features and %i models', (version, features, models) => {
  const [map] = candidateMaps({ from: version, to: version });
  expect([map?.features.length, map?.models.length]).toEqual([features, models]);
});

test.each([
  ['0.1.0', undefined],
  [bundledVersions().at(-1) ?? '', undefined],
  ['9999.0.0', bundledVersions().at(-1)],
])('the newest map below %s is %p, if no map is as new', (version, expected) => {
  expect(newestBelow(version)).toBe(expected);
});
