// Tries lib/issues/arrival.ts, lib/issues/costs.ts, lib/issues/cpu.ts, lib/issues/features.ts, lib/issues/guest.ts,
// lib/issues/hosts.ts, lib/issues/lock.ts, lib/issues/moves.ts and lib/issues/virtio.ts as well.
import { libraryOption, sentence } from '../../lib/issues/format.ts';
import { INPUT_ERRORS } from '../../lib/issues/input-errors.ts';
import { aboutHosts, issue } from '../../lib/issues/issues.ts';
import { entryOf, issueCodes } from '../../lib/issues/table.ts';
import { grouped, lackers, list, plural, those } from '../../lib/issues/words.ts';
import { commandOption } from '../../lib/report/wording.ts';
import type { IssueTable } from '../../lib/issues/entry.ts';
import type { IssueCode, IssueFactsByCode, IssueOption } from '../../types/issue.ts';

const CODES = issueCodes();

function wordsOf(code: IssueCode, optionName = libraryOption): string {
  return sentence(code, entryOf(code).example, optionName);
}

test('a code that there is not is a slip of ours', () => {
  expect(() => entryOf('no-such-code' as IssueCode)).toThrow(RangeError);
});

describe.each(CODES)('%s', (code) => {
  const { meaning, whatToDo, severity } = entryOf(code);

  test('is one plain sentence', () => {
    for (const words of [wordsOf(code), wordsOf(code, commandOption)]) {
      expect(words).not.toMatch(/undefined|\[object|\.$|^[A-Z][a-z]|\n| {2}/);
      expect(words).not.toMatch(/\b(?:nobody|told|goes|takes? it in place)\b|but for|a word on|of which/i);
      expect(words.length).toBeGreaterThan(20);
    }
  });

  test('spells options for its reader', () => {
    expect(wordsOf(code)).not.toMatch(/ --(?!virttype|machine pc|emulatorbin|inactive|copy-storage-all)/);
    expect(wordsOf(code, commandOption)).not.toMatch(/(?:cpu|also|accept|refuse): [['{]/);
  });

  test('is explained', () => {
    for (const text of [meaning, whatToDo]) {
      expect(text).toMatch(/^\S.*[.)]$/);
      for (const [, option = ''] of text.matchAll(/\{([\w-]+)\}/g))
        expect(commandOption(option as IssueOption)).toMatch(/^--/);
    }
    expect(['error', 'warning', 'note']).toContain(severity);
  });
});

test.each(Object.entries(INPUT_ERRORS))('the input error %s is explained', (_, { meaning, whatToDo }) => {
  for (const text of [meaning, whatToDo]) expect(text).toMatch(/^\S[^|]*\.$/);
});

describe('a sentence', () => {
  test.each([
    [['a'], 'a has no machine type "q35": use', '--machine common, or one of pc-q35-7.2'],
    [['a', 'b'], 'a, b have no machine type "q35": use', '--machine common, or one of pc-q35-7.2'],
  ])('about %j', (missingOn, start, end) => {
    const facts = { machine: 'q35', missingOn, candidates: ['pc-q35-7.2'] };
    expect(sentence('machine-missing', facts, commandOption)).toBe(`${start} ${end}`);
  });

  test.each([
    [[], ['b'], 'b may lack'],
    [['a'], [], 'a lacks'],
    [['a', 'c'], ['b'], 'a, c lack and b may lack'],
  ])('names who lacks something: %j, %j', (missing, unknown, expected) => {
    expect(lackers(missing, unknown)).toBe(expected);
  });

  test('names the first of many, and groups by what they have', () => {
    const names = Array.from({ length: 10 }, (_, i) => `h${i}`);
    expect(list(names)).toBe('h0, h1, h2, h3, h4, h5, h6 and 3 more');
    expect(those(['a'], 'has', 'have') + plural(names, '', 's')).toBe('a hass');
    expect(grouped([{ hosts: ['a', 'c'], vendor: 'AMD' }], ({ vendor }) => vendor)).toBe('AMD: a, c');
  });

  test.each<[Parameters<typeof policyConflict>[0], string]>([
    [{ cause: 'request' }, ': remove that line first'],
    [{ cause: 'parent', parent: 'avx' }, ', but it depends on avx, which is disabled: remove that line'],
    [
      { cause: 'instead', insteadOf: 'vmx-ept', option: 'conflicts' },
      ', but it is disabled instead of vmx-ept: remove that line, or use --override-conflicts',
    ],
    [
      { cause: 'host', missingOn: ['a'], unknownOn: ['b'], option: 'conflicts' },
      ', but a lacks and b may lack it: remove that line, leave a, b out, or use --override-conflicts',
    ],
  ])('says why a line cannot be kept: %j', (facts, expected) => {
    expect(policyConflict(facts)).toBe(`the domain requires fma (policy "force")${expected}`);
  });

  test('has a remedy of its own for each guest that cannot migrate', () => {
    const words = (use: 'cpu.migratable' | 'launchSecurity', value: string): string =>
      sentence('not-migratable', { use, value }, commandOption);
    expect(words('cpu.migratable', 'off')).toMatch(/with migratable="off": use --set-migratable$/);
    expect(words('launchSecurity', 'sev')).toMatch(/<launchSecurity type='sev'>: remove it, or keep/);
  });
});

type Facts<Code extends IssueCode> = Parameters<IssueTable<IssueFactsByCode>[Code]['words']>[0];
type Cause =
  Facts<'policy-conflict'> extends infer One
    ? One extends object
      ? Omit<One, 'feature' | 'policy'>
      : never
    : never;

function policyConflict(cause: Cause): string {
  const facts = { feature: 'fma', policy: 'force', ...cause } as Facts<'policy-conflict'>;
  return sentence('policy-conflict', facts, commandOption);
}

test('a finding about other hosts keeps its weight, unless another is given', () => {
  const found = issue('partial-answer', { hosts: ['a'] }, 'note');
  expect(aboutHosts(found, ['b', 'c'])).toMatchObject({ severity: 'note', hosts: ['b', 'c'] });
  expect(aboutHosts(found, ['b'], 'error').message).toMatch(/^the QMP answer of b /);
});
