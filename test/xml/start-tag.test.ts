import fc from 'fast-check';
import { attributeOf, elementAt } from '../../lib/xml/query.ts';
import { scanXml } from '../../lib/xml/scan.ts';
import { readTag, tagReader } from '../../lib/xml/start-tag.ts';

const TAGS = [
  ...['<a/>', '<a>x</a>', '<a />', '<a\n></a>', "<a b='1'/>", "<a b='2'/>", "<a c='1'/>", '<a b="1"/>'],
  ...["<a\tb = '1' c='2'>x</a>", "<a c='2' b='1'/>", "<a b='&lt;&#10;'/>", "<a b='1\n2'/>", "<a b='é'/>"],
  ...["<a b='è'/>", "<a bb='1' ab='2'/>", `<a b='${'x'.repeat(300)}'/>`, `<a b='${'y'.repeat(300)}'/>`],
  ...["<a b=''/>", "<a b='>' c='/'/>", "<a é='1' b='2'/>", "<ab b='1'/>"],
];

test('a tag says the same whatever was read before it', () => {
  const reader = tagReader('b', 'c');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TAGS), { maxLength: 12 }), (tags) => {
      for (const tag of tags) {
        const tree = scanXml(tag);
        const [b, c] = ['b', 'c'].map((name) => attributeOf(tree, elementAt(tree, 0), name));
        expect(readTag(tree, 0, reader)).toEqual([b, c]);
      }
    }),
    { numRuns: 500 },
  );
});

test('more tags than fit the memory are read all the same', () => {
  const reader = tagReader('b');
  for (const turn of [1, 2]) {
    for (let i = 0; i < 600; i++)
      expect([turn, ...readTag(scanXml(`<a b='${i}'/>`), 0, reader)]).toEqual([turn, String(i)]);
  }
});
