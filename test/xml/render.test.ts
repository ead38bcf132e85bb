import { renderFeature } from '../../lib/xml/render.ts';

test.each([
  ['disable', 'avx2', "'", "<feature policy='disable' name='avx2'/>"],
  ['disable', 'avx2', '"', '<feature policy="disable" name="avx2"/>'],
  ['require', 'sse4.1', "'", "<feature policy='require' name='sse4.1'/>"],
  ['forbid', 'vmx-ept_x', '"', '<feature policy="forbid" name="vmx-ept_x"/>'],
])('%s %s in %s', (policy, name, quote, expected) => {
  expect(renderFeature(policy, name, quote)).toBe(expected);
  expect(renderFeature(policy, name, quote)).toBe(expected);
});

test('one name in both quotes, and in two policies, gives lines of their own', () => {
  expect([
    renderFeature('disable', 'pcid', "'"),
    renderFeature('disable', 'pcid', '"'),
    renderFeature('optional', 'pcid', "'"),
    renderFeature('disable', 'pcid', "'"),
  ]).toEqual([
    "<feature policy='disable' name='pcid'/>",
    '<feature policy="disable" name="pcid"/>',
    "<feature policy='optional' name='pcid'/>",
    "<feature policy='disable' name='pcid'/>",
  ]);
});

test('more names than are remembered give the same lines again', () => {
  const names = Array.from({ length: 3000 }, (_, i) => `f${i}`);
  const lines = (): string[] => names.map((name) => renderFeature('disable', name, "'"));
  expect(lines()).toEqual(names.map((name) => `<feature policy='disable' name='${name}'/>`));
  expect(lines()).toEqual(lines());
});
