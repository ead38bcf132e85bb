import { deeper, indentAt, newlineOf, parentIndentAt } from '../../lib/text/layout.ts';

test.each([
  ['LF', 'a\nb', '\n'],
  ['CRLF', 'a\r\nb', '\r\n'],
  ['CR', 'a\rb', '\r'],
  ['that of the first line break: LF', 'a\nb\r\nc\rd', '\n'],
  ['that of the first line break: CRLF', 'a\r\nb\nc', '\r\n'],
  ['that of the first line break: CR', 'a\r\r\nb', '\r'],
  ['LF where there is none', 'a', '\n'],
  ['LF in an empty text', '', '\n'],
])('newlineOf: %s', (_, text, expected) => {
  expect(newlineOf(text)).toBe(expected);
});

test.each([
  ['at the start', '<a/>', 0, ''],
  ['behind blanks', '  <a/>', 2, '  '],
  ['behind tabs and blanks', '\t <a/>', 2, '\t '],
  ['on a later line', '<a>\n   <b/>', 7, '   '],
  ['behind CRLF', '<a>\r\n\t<b/>', 6, '\t'],
  ['behind CR', '<a>\r <b/>', 5, ' '],
  ['on an empty line', '\n\n', 1, ''],
  ['behind a byte order mark', '\ufeff<a/>', 1, ''],
  ['behind a byte order mark and blanks', '\ufeff  <a/>', 3, '  '],
  ['behind an element', '<a><b/>', 3, undefined],
  ['behind an element and blanks', '<a>  <b/>', 5, undefined],
  ['behind text', 'x\ny <a/>', 4, undefined],
  ['behind a blank that is none to XML', '\u00a0<a/>', 1, undefined],
])('indentAt: %s', (_, text, offset, expected) => {
  expect(indentAt(text, offset)).toBe(expected);
});

test.each([
  ['the line above', '<a>\n <b>\n   <c/>', 12, ' '],
  ['nothing where the line above has none', '<a>\n <b/>', 5, ''],
  ['past a line as deep', '<a>\r\n <b/>\r\n <c/>', 13, ''],
  ['past empty and blank lines', '\t<a>\n\n \n\t\t<b/>', 10, '\t'],
  ['past a deeper line', ' <a>\r   <b/>\r  <c/>', 15, ' '],
  ['behind a byte order mark', '\ufeff<a>\n  <b/>', 7, ''],
  ['no line above', '  <a/>', 2, undefined],
  ['no line less deep', '  <a/>\n  <b/>', 9, undefined],
])('parentIndentAt: %s', (_, text, offset, expected) => {
  expect(parentIndentAt(text, offset, indentAt(text, offset) ?? '')).toBe(expected);
});

test.each([
  ['two blanks', '  ', '', '    '],
  ['four blanks', '    ', '', '        '],
  ['the step alone', '      ', '    ', '        '],
  ['a tab', '\t\t', '\t', '\t\t\t'],
  ['blanks behind tabs', '\t  ', '\t', '\t    '],
  ['two blanks where nothing is indented', '', '', '  '],
  ['two blanks where no parent is known', '    ', undefined, '      '],
  ['a tab where no parent is known', '\t', undefined, '\t\t'],
  ['two blanks where the parent is as deep', '  ', '  ', '    '],
  ['two blanks where the parent is deeper', '  ', '    ', '    '],
  ['two blanks where the parent has tabs', '    ', '\t', '      '],
])('deeper: %s', (_, indent, parent, expected) => {
  expect(deeper(indent, parent)).toBe(expected);
});
