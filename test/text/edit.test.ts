import { applyEdits } from '../../lib/text/edit.ts';

test.each([
  ['none', [], 'abcdef'],
  ['a replacement', [{ start: 1, end: 3, text: 'X' }], 'aXdef'],
  ['an insertion', [{ start: 3, end: 3, text: 'X' }], 'abcXdef'],
  ['a removal', [{ start: 1, end: 3, text: '' }], 'adef'],
  ['an insertion at the start', [{ start: 0, end: 0, text: 'X' }], 'Xabcdef'],
  ['an insertion at the end', [{ start: 6, end: 6, text: 'X' }], 'abcdefX'],
  ['the whole text', [{ start: 0, end: 6, text: 'X' }], 'X'],
  ['a text with "$&"', [{ start: 0, end: 1, text: '$&$1' }], '$&$1bcdef'],
  [
    'offsets that mean the original text',
    [
      { start: 0, end: 1, text: 'XXXX' },
      { start: 2, end: 4, text: '' },
      { start: 5, end: 5, text: 'Y' },
    ],
    'XXXXbeYf',
  ],
  [
    'two that touch',
    [
      { start: 1, end: 3, text: 'X' },
      { start: 3, end: 4, text: 'Y' },
    ],
    'aXYef',
  ],
  [
    'two insertions at one place, in their order',
    [
      { start: 2, end: 2, text: 'X' },
      { start: 2, end: 2, text: 'Y' },
    ],
    'abXYcdef',
  ],
])('applies %s', (_, edits, expected) => {
  expect(applyEdits('abcdef', edits)).toBe(expected);
});

test.each([
  [
    'overlap',
    [
      { start: 0, end: 3, text: '' },
      { start: 2, end: 4, text: '' },
    ],
  ],
  [
    'are out of order',
    [
      { start: 4, end: 5, text: '' },
      { start: 0, end: 1, text: '' },
    ],
  ],
  ['begin before the text', [{ start: -1, end: 1, text: '' }]],
  ['end behind the text', [{ start: 5, end: 7, text: '' }]],
  ['lie behind the text', [{ start: 7, end: 7, text: 'X' }]],
  ['end before they begin', [{ start: 3, end: 2, text: 'X' }]],
])('refuses edits that %s', (_, edits) => {
  expect(() => applyEdits('abcdef', edits)).toThrow(RangeError);
});
