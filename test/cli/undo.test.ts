import { readFileSync, writeFileSync } from 'node:fs';
import { bytesOf, domain, folder, HOSTS, run, SHARED, text } from './run.ts';
import { site, type Site } from './virsh.ts';

const BEFORE = domain("<feature policy='disable' name='vmx'/>");

/** A folder with a guest that was rewritten with a record. */
function rewritten(): string {
  const cwd = folder({ 'guest.xml': BEFORE });
  expect(run(cwd, ['rewrite', 'guest.xml', '--in-place', '--record', ...HOSTS]).code).toBe(0);
  expect(bytesOf(cwd, 'guest.xml')).not.toBe(BEFORE);
  return cwd;
}

test('what a recorded rewrite added goes again, to the byte', () => {
  const cwd = rewritten();
  expect(run(cwd, ['undo', 'guest.xml'])).toEqual({ code: 0, out: BEFORE, err: '' });
  expect(run(cwd, ['undo', 'guest.xml', '--in-place'])).toEqual({ code: 0, out: '', err: '' });
  expect(bytesOf(cwd, 'guest.xml')).toBe(BEFORE);
});

test.each([
  ['several domains', `\ufeff<?xml version='1.0'?>\n${BEFORE}\n<!-- é -->\r\n${domain()}<?end?> `],
  ['domains in an element', `<domains>${BEFORE}<!-- c -->${domain()}</domains>`],
])('%s of a file', (_, before) => {
  const cwd = folder({ 'guests.xml': before });
  const bytes = bytesOf(cwd, 'guests.xml');
  expect(run(cwd, ['rewrite', 'guests.xml', '--in-place', '--record', ...HOSTS]).code).toBe(0);
  expect(bytesOf(cwd, 'guests.xml')).not.toBe(bytes);
  expect(run(cwd, ['undo', 'guests.xml', '--in-place'])).toEqual({ code: 0, out: '', err: '' });
  expect(bytesOf(cwd, 'guests.xml')).toBe(bytes);
});

test('what is wrong in one of several is told at its place in the file', () => {
  const cwd = folder({ 'guests.xml': `${BEFORE}\n  ${BEFORE.replace('<name>', '<cpu/><name>')}` });
  const { code, err } = run(cwd, ['undo', 'guests.xml', '--in-place']);
  expect({ code, at: /^guests\.xml:(\d+):(\d+): error/m.exec(err)?.slice(1) }).toEqual({
    code: 2,
    at: ['16', '3'],
  });
});

test('a diff shows what goes, and JSON has the whole', () => {
  const cwd = rewritten();
  const { out } = run(cwd, ['undo', 'guest.xml', '--diff']);
  expect(out).toContain("\n-    <feature policy='disable' name='clwb'/>\n");
  const facts = JSON.parse(run(cwd, ['undo', 'guest.xml', '--json']).out) as unknown;
  expect(facts).toEqual({ schemaVersion: 1, command: 'undo', changed: true, xml: BEFORE, issues: [] });
});

test('a domain without a record stays as it is', () => {
  const cwd = folder({ 'guest.xml': SHARED });
  const err = 'nothing to undo: the domain has no record of a rewrite\n';
  expect(run(cwd, ['undo', 'guest.xml'])).toEqual({ code: 0, out: SHARED, err });
});

test.each([
  ['two outputs', ['--in-place', '-o', 'x.xml', 'guest.xml']],
  ['standard input in place', ['--in-place', '-']],
  ['no domain', []],
])('%s: exit code 2, nothing written', (_, words) => {
  const cwd = folder({ 'guest.xml': SHARED });
  expect(run(cwd, ['undo', ...words]).code).toBe(2);
  expect(bytesOf(cwd, 'guest.xml')).toBe(SHARED);
});

describe('where a domain is defined', () => {
  const THERE = ['undo', 'guest', '--connect', 'fake://u:p@a/system'];

  /** A connection whose guest is as a recorded rewrite left it. */
  function recorded(): Site {
    const here = site();
    const hosts = [...HOSTS, '--record', '--quiet'];
    const { out } = run(here.cwd, ['rewrite', '-', ...hosts], { input: domain() });
    writeFileSync(here.answer('defined.xml'), out.trimEnd());
    return here;
  }
  const stored = ({ answer }: Site): string => `${readFileSync(answer('defined.xml'), 'utf8').trimEnd()}\n`;

  test('what changes is shown and defined', () => {
    const here = recorded();
    const { code, out, err } = run(here.cwd, [...THERE, '--yes'], { env: here.env });
    expect([code, out]).toEqual([0, text(/^--- guest\n\+\+\+ guest\n[\s\S]*^- .*clwb/m)]);
    expect(err).toBe('guest is as before the rewrite on fake://a/system\nIts next start has the new CPU.\n');
    expect(stored(here)).toBe(domain());
  });

  test('JSON has the whole', () => {
    const here = recorded();
    const { out } = run(here.cwd, [...THERE, '--yes', '--json'], { env: here.env });
    expect(JSON.parse(out)).toMatchObject({ command: 'undo', defined: true, changed: true, xml: domain() });
  });

  test('a diff defines nothing', () => {
    const here = recorded();
    const before = stored(here);
    expect(run(here.cwd, [...THERE, '--diff'], { env: here.env })).toMatchObject({
      code: 0,
      out: text('clwb'),
    });
    expect(stored(here)).toBe(before);
  });

  test('the usual connection is taken for what is no file', () => {
    const here = recorded();
    const env = { ...here.env, LIBVIRT_DEFAULT_URI: 'fake://a/system' };
    expect(run(here.cwd, ['undo', 'guest', '--yes', '--quiet'], { env }).code).toBe(0);
    expect(stored(here)).toBe(domain());
    expect(run(here.cwd, ['undo', 'guest', '--yes'], { env })).toMatchObject({
      code: 0,
      err: text('nothing to undo'),
    });
  });

  test.each([
    ['nobody can be asked', THERE, 'use --yes'],
    ['a file is written too', [...THERE, '-o', 'x.xml', '--yes'], 'are for files'],
    [
      'there is none of that name',
      ['undo', 'nobody', '-c', 'fake://a/x', '--yes'],
      "failed to get domain 'nobody'",
    ],
  ])('%s: exit code 2', (_, words, said) => {
    const here = recorded();
    expect(run(here.cwd, words, { env: here.env })).toMatchObject({ code: 2, err: text(said) });
  });
});
