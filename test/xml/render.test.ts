import { newLines, type Lines } from '../../lib/xml/lines.ts';
import { featureWriter, renderElement } from '../../lib/xml/render.ts';

const render = (
  names: readonly string[],
  quote: string,
  policy = 'disable',
  lines: Lines = newLines(),
): string => names.map(featureWriter({ policy, quote, separator: '\n  ' }, lines)).join('');

test.each([
  ['one name', ['avx2'], "'", 'disable', "\n  <feature policy='disable' name='avx2'/>"],
  ['double quotes', ['avx2'], '"', 'disable', '\n  <feature policy="disable" name="avx2"/>'],
  [
    'several names',
    ['sse4.1', 'vmx-ept_x'],
    "'",
    'require',
    "\n  <feature policy='require' name='sse4.1'/>\n  <feature policy='require' name='vmx-ept_x'/>",
  ],
  ['a name that needs escaping', ['a&b'], "'", 'disable', "\n  <feature policy='disable' name='a&amp;b'/>"],
  [
    'the name of the pattern',
    ['its-name', '$&'],
    '"',
    'disable',
    '\n  <feature policy="disable" name="its-name"/>\n  <feature policy="disable" name="$&amp;"/>',
  ],
])('%s', (_, names, quote, policy, expected) => {
  expect(render(names, quote, policy)).toBe(expected);
});

test.each(["'", '"'])('the line of a feature is the one that xmlbuilder2 writes, in %s', (quote) => {
  for (const name of ['avx2', 'a&b', `<">'`, '\u{1f5a5}\u00e9', ' a\tb\n', 'its-value'])
    for (const policy of ['disable', 'require', 'optional']) {
      const element = { name: 'feature', attributes: { policy, name } };
      const line = renderElement(element, { quote, newline: '', indent: '' });
      expect(render([name], quote, policy)).toBe(`\n  ${line}`);
    }
});

test('what was known of lines before changes none', () => {
  const lines = newLines();
  const kinds = [
    ["'", 'disable'],
    ['"', 'disable'],
    ["'", 'require'],
    ["'", 'disable'],
  ] as const;
  const written = kinds.map(([quote, policy]) => render(['pcid'], quote, policy, lines));
  expect(written).toEqual(kinds.map(([quote, policy]) => render(['pcid'], quote, policy)));
});
