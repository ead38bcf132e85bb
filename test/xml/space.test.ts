import { borrowSpace, codesOf, returnSpace } from '../../lib/xml/space.ts';
import { childrenOf, nameAt } from '../../lib/xml/query.ts';
import { scanXml, withTree } from '../../lib/xml/scan.ts';
import type { BorrowedTree, XmlTree } from '../../lib/xml/tree.ts';

test('buffers are lent to one at a time, and used again', () => {
  const [first, second] = [borrowSpace(), borrowSpace()];
  expect(first.codes).not.toBe(second.codes);
  returnSpace(first);
  expect(borrowSpace()).toBe(first);
  returnSpace(second);
});

test('buffers for a large document are not kept', () => {
  const space = borrowSpace();
  expect(codesOf('x'.repeat(1 << 23), space).length).toBeGreaterThan(1 << 23);
  returnSpace(space);
  expect(borrowSpace()).not.toBe(space);
});

test('a byte stands for a UTF-16 unit, and a zero behind the last', () => {
  const space = borrowSpace();
  expect([...codesOf('aé\u{1f600}\ud800 z', space).slice(0, 8)]).toEqual([
    97, 128, 128, 128, 128, 32, 122, 0,
  ]);
  expect([...codesOf('b', space).slice(0, 2)]).toEqual([98, 0]);
  returnSpace(space);
});

const names = (tree: BorrowedTree | XmlTree): string[] => [
  nameAt(tree, 0),
  ...childrenOf(tree, 0).map(({ name }) => name),
];

test('a scan within another leaves its tree alone', () => {
  const read = withTree('<a><b/><c>x</c></a>', {}, (outer) => {
    const inner = withTree('<d><e/><f/><g/></d>', {}, names);
    expect(() => scanXml('<h>')).toThrow('never closed');
    return [inner, names(outer), outer.codes[1]];
  });
  expect(read).toEqual([['d', 'e', 'f', 'g'], ['a', 'b', 'c'], 97]);
});

test('an error gives the buffers back', () => {
  const codes = withTree('<a/>', {}, (tree) => tree.codes);
  for (const wrong of ['<a>', '<a b/>', '', '<!DOCTYPE a>']) expect(() => scanXml(wrong)).toThrow();
  const fail = (): never => {
    throw new RangeError('no');
  };
  expect(() => withTree('<a/>', {}, fail)).toThrow('no');
  withTree('<b/>', {}, (tree) => {
    expect(tree.codes).toBe(codes);
  });
});

test('a tree that may be kept stays as it is', () => {
  const tree = scanXml('<a><b/></a>');
  scanXml(`<x>${'<y/>'.repeat(1000)}</x>`);
  expect(names(tree)).toEqual(['a', 'b']);
});
