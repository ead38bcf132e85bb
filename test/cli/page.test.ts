// Tries lib/cli/files/scripts.ts and lib/cli/page/assemble.ts as well.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bytesOf, folder, run } from './run.ts';

const { out: page, code, err } = run(folder(), ['page']);

test('is printed, or written where it is wanted', () => {
  expect([code, err]).toEqual([0, '']);
  const place = folder();
  expect(run(place, ['page', '-o', 'page.html']).out).toBe('');
  expect(existsSync(join(place, 'page.html'))).toBe(true);
  expect(bytesOf(place, 'page.html').length).toBe(Buffer.byteLength(page));
});

test('lets nothing run but its own scripts, and opens no connection', () => {
  const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page) ?? [];
  const rules = policy.replaceAll('&apos;', "'").split('; ');
  expect(rules[0]).toBe("default-src 'none'");
  expect(rules.slice(3)).toEqual(["base-uri 'none'", "form-action 'none'"]);
  const scripts = [
    ...page.matchAll(/<script(?: type="text\/plain" data-part="([^"]+)")?>([\s\S]*?)<\/script>/g),
  ];
  const hashes = scripts
    .filter(([, name]) => name !== 'maps.json')
    .map(([, , text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  expect(scripts.length).toBeGreaterThan(10);
  expect(rules[1]?.split(' ').slice(1).sort()).toEqual(hashes.sort());
  expect(rules[2]).toMatch(/^style-src(?: 'sha256-[\w+/]+=*'){2}$/);
});

test('has no address that it could load something from', () => {
  expect(page.match(/<(?:link|img|iframe|object|embed|base|form action)\b/g)).toBeNull();
  expect(page.match(/<script[^>]* src=/g)).toBeNull();
});

test('has every part that a part of it asks for', () => {
  const names = new Set([...page.matchAll(/data-part="([^"]+)"/g)].map(([, name]) => name));
  const asked = [...page.matchAll(/\brequire\("(?:\.{1,2}\/)+([\w/.-]+\.cjs)"\)/g)].map(([, path = '']) =>
    path.replace(/^.*\//, ''),
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !names.has(name) && name !== 'maps.cjs')).toEqual([]);
});

test('is small: 230 kB packed', () => {
  expect(gzipSync(page, { level: 9 }).length).toBeLessThan(230_000);
});
