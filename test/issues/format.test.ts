import { formatIssue, reworded } from '../../lib/issues/format.ts';
import { hasErrors, issue, issuesIn, placed } from '../../lib/issues/issues.ts';
import type { Severity } from '../../types/issue.ts';

const text = '<domain>\n  <cpu/>\n</domain>';
const span = { start: text.indexOf('<cpu'), end: text.indexOf('<cpu') + 6 };
const found = issuesIn(text)('match-strict', span, {});

describe('formatIssue', () => {
  test.each([
    [
      'a place in a file',
      found,
      { file: 'guest.xml' },
      /^guest\.xml:2:3: warning: match=.* \[match-strict\]$/,
    ],
    ['a place', found, {}, /^2:3: warning: match=/],
    ['no place', issue('match-strict', {}), { file: 'guest.xml' }, /^warning: match=/],
    ['a weight of its own', issue('match-strict', {}, 'error'), {}, /^error: match=/],
    [
      'a weight in other words',
      found,
      { severity: (word: Severity) => word.toUpperCase() },
      /^2:3: WARNING: match=/,
    ],
  ])('%s', (_, one, options, expected) => {
    expect(formatIssue(one, options)).toMatch(expected);
  });

  test('names the options of the library, unless they are spelt otherwise', () => {
    const bits = issue('maxphysaddr-too-large', { bits: 46, hosts: ['b'], maximum: 39 });
    expect(formatIssue(bits)).toContain("use also: { maxphysaddr: 'common' }");
    expect(formatIssue(reworded(bits, (option) => `<${option}>`))).toContain('use <maxphysaddr> [');
    expect(reworded(bits, (option) => `<${option}>`)).toMatchObject({ bits: 46, maximum: 39 });
  });
});

test('an issue has its place and its facts beside its code', () => {
  expect(found).toEqual({
    ...{ code: 'match-strict', severity: 'warning', message: found.message, span, line: 2, column: 3 },
  });
  const [start, end] = [0, 8];
  expect(placed(found, { start, end }, { line: 1, column: 1 })).toMatchObject({
    span: { start, end },
    line: 1,
  });
});

test.each([
  [[], false],
  [[issue('pmu', {})], false],
  [[issue('pmu', {}), issue('match-strict', {}, 'error')], true],
])('%j has errors: %s', (issues, expected) => {
  expect(hasErrors(issues)).toBe(expected);
});
