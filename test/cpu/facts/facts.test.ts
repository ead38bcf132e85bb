import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { allFacts, factsJson, FACTS_VERSION } from '../../../lib/cpu/facts/facts.ts';
import type { Facts } from '../../../types/facts.ts';
import { ROOT } from '../../support/sources.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(
  JSON.parse(read('lib/schemas/facts.schema.json')) as object,
);

test('facts.json is what the tables say (npm run generate-facts)', () => {
  expect(read('facts.json')).toBe(factsJson(allFacts()));
  expect(JSON.parse(read('facts.json'))).toEqual(allFacts());
});

test('docs/facts.md has what was measured of QEMU (npm run generate-facts)', () => {
  const script = join(ROOT, 'scripts/generate-facts.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('facts.json keeps to its schema', () => {
  validate(JSON.parse(read('facts.json')));
  expect(validate.errors).toBeNull();
});

test.each<[string, (facts: Facts) => unknown]>([
  ['another kind', (facts) => ({ ...facts, features: [{ ...facts.features[0], kind: 'other' }] })],
  ['a duty without a flaw', (facts) => ({ ...facts, features: [{ ...facts.features[0], kind: 'duty' }] })],
  ['no source', ({ features: [first], ...facts }) => ({ ...facts, features: [{ ...first, source: '' }] })],
  ['no version', ({ factsVersion: _, ...facts }) => facts],
  ['an empty rule', (facts) => ({ ...facts, combinations: [{ combination: 'a', text: 'a', source: 'a' }] })],
])('the schema refuses %s', (_, spoil) => {
  expect(validate(spoil(allFacts()))).toBe(false);
});

test('its version is told where it is explained', () => {
  expect(FACTS_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
  const fields = new Set(allFacts().features.flatMap((row) => Object.keys(row)));
  const page = read('docs/facts.md');
  expect([...fields].filter((field) => field !== 'feature' && !page.includes(`\`${field}\``))).toEqual([]);
  expect(Object.keys(allFacts()).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});
