import { COMMAND_NAMES, optionsOf } from '../../lib/cli/options/table.ts';
import { commandOption, hintInCommandWords, inCommandWords } from '../../lib/report/wording.ts';
import { libraryOption } from '../../lib/issues/format.ts';
import { issue } from '../../lib/issues/issues.ts';
import { entryOf, issueCodes } from '../../lib/issues/table.ts';
import { settingsOf } from '../../lib/diff/settings.ts';
import type { IssueOption } from '../../types/issue.ts';
import type { PlanOptions } from '../../types/options.ts';

const named = issueCodes().flatMap((code) => {
  const { words, example, meaning, whatToDo } = entryOf(code);
  const options: IssueOption[] = [];
  (words as (facts: object, optionName: (option: IssueOption) => string) => string)(example, (option) => {
    options.push(option);
    return option;
  });
  const written = [...`${meaning} ${whatToDo}`.matchAll(/\{([\w-]+)\}/g)].map(([, option = '']) => option);
  return [...options, ...(written as IssueOption[])];
});
const OPTIONS = [...new Set(named)].sort();

test('options are named', () => {
  expect(OPTIONS.length).toBeGreaterThan(10);
});

test.each(OPTIONS)('%s is an option of the command, as it is typed', (option) => {
  const names = new Set(COMMAND_NAMES.flatMap(optionsOf).map(({ name }) => `--${name}`));
  const [first = '', ...rest] = commandOption(option).split(/ (?=--)/);
  for (const word of [first, ...rest]) expect(names).toContain(word.split(' ')[0]);
});

test.each(OPTIONS.filter((option) => /^\w+: /.test(libraryOption(option))))(
  '%s is an option of the library, as it is spelt',
  (option) => {
    const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(libraryOption(option)) ?? [];
    const json = value
      .replace('MODEL', "'486'")
      .replaceAll("'", '"')
      .replace(/(\w+):/g, '"$1":');
    const options = { [name]: JSON.parse(json) as unknown } as PlanOptions;
    expect(settingsOf(options)).not.toEqual(settingsOf({}));
  },
);

test('an issue keeps all but its words', () => {
  const found = issue('nested-virtualisation', { feature: 'vmx' });
  expect(found.message).toContain("use also: { nested: 'off' } if");
  expect(inCommandWords(found)).toEqual({
    ...found,
    message: found.message.replace(/use .* if/, 'use --disable-nested if'),
  });
});

test('a hint names the option that can be typed', () => {
  expect(hintInCommandWords({ reason: 'x', hint: 'Raise maxDepth (--max-depth) if you trust it.' })).toBe(
    'Raise --max-depth if you trust it.',
  );
});
