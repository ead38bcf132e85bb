import fc from 'fast-check';
import { LibvirtXmlError } from '../../../lib/issues/issues.ts';
import { domainTexts } from '../../../lib/parser/domain/several.ts';

const ONE = "<domain type='kvm'><name>a</name></domain>";
const TWO = "<domain type='kvm'>\n  <name>b</name>\n</domain>";

test.each([
  ['one', ONE],
  ['one with a declaration and comments', `<?xml version='1.0'?>\n<!-- <domain> -->\n${ONE}\n`],
  ['a snapshot', `<domainsnapshot>${ONE}<inactiveDomain/></domainsnapshot>`],
  ['a status', `<domstatus>${ONE}</domstatus>`],
  ['one that speaks of another', `<domain><!-- <domain > --><name>x</name></domain>`],
  ['none', '<network/>'],
  ['nothing', ''],
  ['something else', '\0'],
])('%s is the whole text', (_, text) => {
  expect(domainTexts(text)).toEqual([{ text, start: 0, line: 1, column: 1 }]);
});

test.each([
  ['in a row', `${ONE}\n\n${TWO}\n`, 3, 1],
  ['without a blank between', `${ONE}${TWO}`, 1, ONE.length + 1],
  ['each with its declaration', `<?xml version='1.0'?>\n${ONE}\n<?xml version='1.0'?>\n${TWO}`, 4, 1],
  ['in a wrapper', `<domains>\n ${ONE}\n  ${TWO}\n</domains>`, 3, 3],
])('several %s: each with its place', (_, text, line, column) => {
  const [first, second, ...others] = domainTexts(text);
  expect(others).toEqual([]);
  expect([first?.text, second?.text]).toEqual([ONE, TWO]);
  expect(second).toMatchObject({ start: text.indexOf(TWO), line, column });
});

test('one in a wrapper is that one', () => {
  expect(domainTexts(`<domains>${ONE}</domains>`)).toMatchObject([{ text: ONE, start: 9 }]);
});

test('a prefix that a wrapper declares would be none of its domains', () => {
  const text = `<domains\n xmlns:qemu='urn:x'>${ONE}${TWO}</domains>`;
  let found: unknown;
  try {
    domainTexts(text);
  } catch (error) {
    found = error;
  }
  expect(found).toMatchObject({ code: 'foreign-name', line: 2, column: 2 });
});

test('a wrapper in a namespace is none', () => {
  const text = `<domains xmlns='urn:x'>${ONE}${TWO}</domains>`;
  expect(domainTexts(text)).toHaveLength(1);
});

test('several that are not well-formed are refused at the culprit', () => {
  const read = (): unknown => domainTexts(`${ONE}\n<domain>`, { file: 'all.xml' });
  expect(read).toThrow(LibvirtXmlError);
  expect(read).toThrow(/^all\.xml:2:1: /);
});

test('every text stands where it is said to stand', () => {
  const blank = fc.constantFrom('', '\n', '\r\n', '  ', '<!-- x -->');
  const parts = fc.array(fc.tuple(blank, fc.constantFrom(ONE, TWO)), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(parts, blank, (all, end) => {
      const text = all.flat().join('') + end;
      const found = domainTexts(text);
      expect(found.map((one) => one.text)).toEqual(all.map(([, domain]) => domain));
      for (const { text: own, start } of found) expect(text.startsWith(own, start)).toBe(true);
    }),
  );
});
