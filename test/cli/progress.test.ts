import { progressOf } from '../../lib/cli/terminal/progress.ts';

/** A terminal and a clock of our own. */
function watching(watched = true): {
  readonly said: string[];
  readonly at: (time: number) => void;
  progress: ReturnType<typeof progressOf>;
} {
  const said: string[] = [];
  let time = 0;
  const progress = progressOf(
    'check guests',
    100,
    { watched, tell: ({ text }) => said.push(text) },
    () => time,
  );
  return { said, progress, at: (now) => (time = now) };
}

test('what is done within a second says nothing', () => {
  const { said, at, progress } = watching();
  progress.show(0);
  at(999);
  progress.show(99);
  progress.hide();
  expect(said).toEqual([]);
});

test('what takes longer says how long it will take, and the line goes away', () => {
  const { said, at, progress } = watching();
  at(1000);
  progress.show(25);
  at(1050);
  progress.show(26);
  at(100_000);
  progress.show(50);
  progress.hide();
  progress.hide();
  at(100_001);
  progress.show(99);
  expect(said).toEqual([
    '\rcheck guests: 25 of 100, 3 s left\u001b[K',
    '\rcheck guests: 50 of 100, 1 min 40 s left\u001b[K',
    '\r\u001b[K',
    '\rcheck guests: 99 of 100, 2 s left\u001b[K',
  ]);
});

test('nobody watches: nothing is said', () => {
  const { said, at, progress } = watching(false);
  at(5000);
  progress.show(50);
  progress.hide();
  expect(said).toEqual([]);
});
