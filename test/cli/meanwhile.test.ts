import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeText, writeTextMeanwhile } from '../../lib/cli/files/write.ts';
import { folder } from './run.ts';

const here = (
  files: Readonly<Record<string, string>> = {},
): { readonly cwd: string; readonly at: (name: string) => string } => {
  const cwd = folder(files);
  return { cwd, at: (name) => join(cwd, name) };
};
const before = ['kvm-a.xml', 'kvm-b.xml'];

test('many files at once are each written whole, and nothing is left beside them', async () => {
  const { cwd, at } = here();
  const names = Array.from({ length: 50 }, (_, i) => `${i}.xml`);
  await Promise.all(names.map((name) => writeTextMeanwhile(at(name), name.repeat(1000))));
  expect(readdirSync(cwd).sort()).toEqual([...names, ...before].sort());
  expect(names.filter((name) => readFileSync(at(name), 'utf8') !== name.repeat(1000))).toEqual([]);
});

test('as the other way: mode and links are kept, what changed is left alone', async () => {
  for (const write of [writeText, writeTextMeanwhile]) {
    const { cwd, at } = here({ 'a.xml': 'old' });
    chmodSync(at('a.xml'), 0o640);
    symlinkSync('a.xml', at('link.xml'));
    await write(at('link.xml'), 'new', { expected: 'old' });
    expect([readFileSync(at('a.xml'), 'utf8'), statSync(at('a.xml')).mode & 0o777]).toEqual(['new', 0o640]);
    await expect((async () => write(at('a.xml'), 'newer', { expected: 'old' }))()).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    mkdirSync(at('folder'));
    await expect((async () => write(at('folder'), 'x'))()).rejects.toMatchObject({ code: 'unwritable' });
    await expect((async () => write(at('no/such.xml'), 'x'))()).rejects.toMatchObject({ code: 'unwritable' });
    expect(readFileSync(at('a.xml'), 'utf8')).toBe('new');
    expect(readdirSync(cwd).sort()).toEqual(['a.xml', 'folder', ...before, 'link.xml']);
  }
});
