// Tries lib/text/own-copy.ts as well.
import { memory } from '../../lib/text/memory.ts';

/** The texts an answer was worked out for, of those asked in turn. */
function workedOut(asked: readonly string[], most?: number, longest?: number): readonly string[] {
  const worked: string[] = [];
  const recall = memory<string | undefined>(most, longest);
  const answers = asked.map((text) =>
    recall(text, (own) => {
      worked.push(own);
      return own === 'nothing' ? undefined : own.toUpperCase();
    }),
  );
  expect(answers).toEqual(asked.map((text) => (text === 'nothing' ? undefined : text.toUpperCase())));
  return worked;
}

test.each<[string, readonly string[], number | undefined, number | undefined, readonly string[]]>([
  ['the same text once', ['a', 'b', 'a', 'b'], undefined, undefined, ['a', 'b']],
  ['no answer once, too', ['nothing', 'nothing'], undefined, undefined, ['nothing']],
  ['a long text each time', ['abc', 'ab', 'abc', 'ab'], 9, 2, ['abc', 'ab', 'abc']],
  ['all anew once there are too many', ['a', 'b', 'c', 'c', 'a'], 2, undefined, ['a', 'b', 'c', 'a']],
])('works out %s', (_, asked, most, longest, expected) => {
  expect(workedOut(asked, most, longest)).toEqual(expected);
});

test('keeps nothing of an answer that failed', () => {
  const recall = memory<string>();
  const fail = (): never => {
    throw new RangeError('no');
  };
  expect(() => recall('a', fail)).toThrow('no');
  expect(recall('a', () => 'yes')).toBe('yes');
});
