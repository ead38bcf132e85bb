import { markup, raw } from '../../lib/report/html.ts';

test('what is put into markup is text, and stays text', () => {
  const hostile = `</p><script>alert(1)</script>"'&`;
  const text = '&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;';
  expect(markup`<p title="${hostile}">${hostile}</p>`.html).toBe(`<p title="${text}">${text}</p>`);
});

test('neither control nor bidi characters get into it', () => {
  expect(markup`${'a\u202eb\u0007\u0000c'}`.html).toBe('a?b??c');
});

test('markup in markup, numbers, lists and nothing are what they are', () => {
  expect(markup`${raw('<b>')}${1}${[markup`<i>`, markup`${'<'}`]}${undefined}`.html).toBe('<b>1<i>&lt;');
});
