import { held } from '../../lib/cli/files/held.ts';

test('signals are listened to once, however often something is held and let go of', async () => {
  const before = process.listenerCount('SIGTERM');
  for (let i = 0; i < 20; i++) {
    const release = held(() => undefined);
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    release();
  }
  await new Promise(setImmediate);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
