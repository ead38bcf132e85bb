// Tries lib/cli/guests/answer.ts, lib/cli/guests/chosen.ts, lib/cli/guests/crew.ts, lib/cli/guests/guest.ts,
// lib/cli/guests/jobs.ts, lib/cli/guests/many.ts, lib/cli/guests/printed.ts, lib/cli/guests/thread.ts,
// lib/cli/guests/totals.ts, lib/cli/guests/worker.ts and lib/cli/report/words.ts as well.
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, domain, folder, HOSTS, off, run, SHARED, shell, text } from './run.ts';

const named = (name: string, xml: string): string => xml.replace('<name>guest', `<name>${name}`);
const demanding = domain("<feature policy='require' name='avx'/>");
const FEATURES = 'clflushopt, clwb, lahf_lm (x86-64-v1)';
const TABLE = `feature     guests  why
clflushopt       1  b has it, a lacks it
clwb             1  a has it, b lacks it
lahf_lm          1  a has it, b lacks it
`;

/** A folder "guests" with these files in it. */
function guests(files: Readonly<Record<string, string>>): string {
  const cwd = folder();
  mkdirSync(join(cwd, 'guests'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, 'guests', name), content);
  return cwd;
}

const mixed = {
  'web-10.xml': named('web-10', domain()),
  'web-2.xml': named('other', SHARED),
  'net.xml': '<network/>',
  'other.xml': 'no XML at all',
  'values.yaml': '{{ helm }}: [',
  'notes.txt': 'not read',
  '.hidden.xml': 'not read',
};

describe('check of many', () => {
  test('says a line for each, in natural order, and counts at the end', () => {
    expect(run(guests(mixed), ['check', 'guests', ...HOSTS])).toEqual({
      code: 1,
      out: `guests/web-2.xml (other): safe (x86-64-v1)
guests/web-10.xml: not safe: ${FEATURES}

2 guests among 2 hosts
  safe      1
  not safe  1

${TABLE}`,
      err: 'passed over 3 of 5 files: they hold no guest\n',
    });
  });

  test('takes patterns, at any depth', () => {
    const cwd = guests(mixed);
    mkdirSync(join(cwd, 'guests/more/.hidden'), { recursive: true });
    writeFileSync(join(cwd, 'guests/more/web-3.xml'), named('web-3', SHARED));
    const { code, out } = run(cwd, ['check', '**/web-*.xml', ...HOSTS]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^guests\/more\/web-3\.xml: safe.*\nguests\/web-2\.xml.*\nguests\/web-10\.xml.*\n\n3 guests/,
    );
    expect(run(cwd, ['check', 'guests/none-*', ...HOSTS])).toMatchObject({
      code: 2,
      err: text('no file matches'),
    });
  });

  test('is 0 where all are safe', () => {
    const cwd = guests({ 'a.xml': named('a', SHARED), 'b.xml': named('b', SHARED) });
    const ran = run(cwd, ['check', 'guests/b.xml', 'guests/a.xml', ...HOSTS]);
    expect(ran).toEqual({
      code: 0,
      out: 'guests/b.xml: safe (x86-64-v1)\nguests/a.xml: safe (x86-64-v1)\n\n2 guests among 2 hosts\n  safe  2\n',
      err: '',
    });
  });

  test('is 2 where one cannot be read, and the others are done', () => {
    const cwd = guests({ 'a.xml': '<domain>', 'b.xml': demanding, 'c.xml': SHARED });
    const { code, out, err } = run(cwd, ['check', 'guests', 'missing.xml', '-', ...HOSTS], {
      input: domain(),
    });
    expect(code).toBe(2);
    expect(out).toBe(`guests/a.xml: cannot be read
guests/b.xml (guest): not safe; 1 error
guests/c.xml (guest): safe (x86-64-v1)
missing.xml: cannot be read
<stdin> (guest): not safe: ${FEATURES}

5 guests among 2 hosts
  cannot be read  2
  not safe        2
  safe            1

${TABLE}`);
    expect(err).toMatch(/^guests\/a\.xml:1:1: error: /m);
    expect(err).toMatch(/^guests\/b\.xml:7:5: error: .* avx /m);
    expect(err).toMatch(/^error: cannot read missing\.xml: no such file/m);
  });

  test('a file that is named and holds no guest cannot be read; a folder without one is an error', () => {
    const cwd = guests({ 'net.xml': '<network/>' });
    const { code, err } = run(cwd, ['check', 'guests/net.xml', 'guests/net.xml', ...HOSTS]);
    expect(code).toBe(2);
    expect(err).toContain('holds no domain');
    mkdirSync(join(cwd, 'empty'));
    expect(run(cwd, ['check', 'empty', ...HOSTS])).toMatchObject({
      code: 2,
      err: text('empty has no guest'),
    });
  });

  test.each([
    ['check', 'guests', ...HOSTS],
    ['check', 'guests/*.xml', '--json', ...HOSTS],
    ['rewrite', 'guests', '--in-place', ...HOSTS],
    ['lint', 'guests'],
  ])('where nothing that was found holds a guest, nothing is said to be safe: %j', (...words) => {
    const cwd = guests({ 'net.xml': '<network/>', 'pool.xml': '<pool/>', 'values.yaml': '{{ helm }}: [' });
    const isAll = !words.includes('guests/*.xml');
    const { code, err } = run(cwd, words);
    const others = isAll ? '2 other files' : '1 other file';
    expect([code, err]).toEqual([2, `error: no guest found in guests/net.xml or ${others}\n`]);
  });

  test('several in one file are guests of their own, each error at its place in the file', () => {
    const all = `<!-- ours -->\n${named('one', SHARED)}\n${named('two', demanding)}`;
    const cwd = folder({ 'all.xml': all });
    const { code, out, err } = run(cwd, ['check', 'all.xml', ...HOSTS]);
    expect(code).toBe(1);
    expect(out).toContain('all.xml (one): safe (x86-64-v1)\nall.xml (two): not safe; 1 error\n\n2 guests');
    const line = all.slice(0, all.indexOf("name='avx'")).split('\n').length;
    expect(err).toMatch(new RegExp(`^all\\.xml:${line}:5: error: .*\\n.*name='avx'/>\\n {4}\\^\\n$`));
  });

  test('one of them that cannot be read keeps no other from an answer', () => {
    const cwd = folder({ 'all.xml': `${SHARED}<domain>\n<cpu/>\n<cpu/></domain>` });
    const { code, out, err } = run(cwd, ['check', 'all.xml', ...HOSTS]);
    expect({ code, out }).toEqual({
      code: 2,
      out: text('all.xml (guest): safe (x86-64-v1)\nall.xml (number 2): cannot be read\n'),
    });
    expect(err).toMatch(new RegExp(`^all\\.xml:${SHARED.split('\n').length + 2}:1: error: `));
  });

  test('what stands for all is told once; warnings of one are counted, and shown with --verbose', () => {
    const hostdev = domain().replace(
      '</domain>',
      "<devices><hostdev mode='subsystem' type='usb'/></devices></domain>",
    );
    const cwd = guests({ 'a.xml': hostdev, 'b.xml': hostdev });
    const words = ['check', 'guests', '--host', 'a=kvm-a.xml', '--host', 'b=kvm-b.xml'];
    const { out, err } = run(cwd, words);
    expect(err.match(/inferred-libvirt-version/g)).toHaveLength(1);
    expect(out).toMatch(/a\.xml \(guest\): not safe.*; 1 (?:error|warning)\n/);
    const loud = run(cwd, [...words, '--verbose']).err;
    expect(loud).toContain('read guests/a.xml\n');
  });

  test('--json has a line for each, errors too', () => {
    const cwd = guests({ 'a.xml': '<domain>', 'b.xml': domain(), 'c.xml': SHARED });
    const { code, out } = run(cwd, ['check', 'guests', ...HOSTS, '--json']);
    expect(code).toBe(2);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { schemaVersion: 1, command: 'check', file: 'guests/a.xml', error: { code: 'bad-xml', line: 1 } },
      { command: 'check', file: 'guests/b.xml', domain: 'guest', compatible: false, reasons: [{}, {}, {}] },
      { file: 'guests/c.xml', compatible: true, reasons: [], issues: [] },
    ]);
  });

  test('a running guest is told where it can go', () => {
    const live = domain().replace("<domain type='kvm'>", "<domain type='kvm' id='7'>");
    const cwd = guests({ 'a.xml': live, 'b.xml': SHARED });
    const { out } = run(cwd, ['check', 'guests', ...HOSTS, '--from', 'a']);
    expect(out).toMatch(/^guests\/a\.xml \(guest\): not safe: .*; it runs and can move now to a/);
    expect(run(cwd, ['check', 'guests', ...HOSTS, '--from', 'c'])).toMatchObject({
      code: 2,
      err: text('--from'),
    });
  });
});

describe('threads', () => {
  test('give what one alone gives, in the same order', () => {
    const all = Array.from(
      { length: 1001 },
      (_, i) =>
        [
          `vm-${i}.xml`,
          i % 100 === 7 ? '<domain>' : named(`vm-${i}`, i % 3 === 0 ? SHARED : domain()),
        ] as const,
    );
    const cwd = guests(Object.fromEntries(all));
    const words = (some: readonly (readonly [string, string])[]): string[] => [
      ...['check', ...some.map(([name]) => `guests/${name}`), ...HOSTS],
    ];
    const whole = run(cwd, words(all));
    const [first, second] = [run(cwd, words(all.slice(0, 500))), run(cwd, words(all.slice(500)))];
    const linesOf = (out: string): string => out.split('\n\n')[0] ?? '';
    expect(whole.code).toBe(2);
    expect(linesOf(whole.out)).toBe(`${linesOf(first.out)}\n${linesOf(second.out)}`);
    expect(whole.err).toBe(first.err + second.err);
    expect(whole.out).toContain('1001 guests among 2 hosts');
  });

  test('rewrite what is to be rewritten, and nothing else', () => {
    const all = Object.fromEntries(
      Array.from({ length: 1001 }, (_, i) => [
        `vm-${i}.xml`,
        named(`vm-${i}`, i % 3 === 0 ? SHARED : domain()),
      ]),
    );
    const cwd = guests(all);
    const { code, out } = run(cwd, ['rewrite', 'guests', '--in-place', ...HOSTS]);
    expect(code).toBe(0);
    expect(out).toContain('1001 guests among 2 hosts\n  as it was  334\n  changed    667\n');
    const wrong = Object.keys(all).filter(
      (name) => readFileSync(join(cwd, 'guests', name), 'utf8') !== named(name.replace('.xml', ''), SHARED),
    );
    expect(wrong).toEqual([]);
    expect(shell(cwd, 'ls -A guests | wc -l').out.trim()).toBe('1001');
  });
});

test('explain says all of each', () => {
  const cwd = guests({ 'a.xml': domain(), 'b.xml': SHARED });
  const { code, out } = run(cwd, ['explain', 'guests', ...HOSTS]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^guests\/a\.xml \(guest\): 3 changes, 0 left as they are\n\ndisable clflushopt\n {2}why {3}b has/,
  );
  expect(out).toContain('guests/b.xml (guest): 0 changes, 3 left as they are\n');
  expect(out).toContain('2 guests among 2 hosts\n  to change  1\n  as wanted  1\n');
  const lines = run(cwd, ['explain', 'guests', ...HOSTS, '--json'])
    .out.trimEnd()
    .split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { explanations: object[] }).explanations.length)).toEqual([
    3, 3,
  ]);
});

describe('rewrite of many', () => {
  const files = {
    'a.xml': named('a', domain()),
    'b.xml': demanding,
    'c.xml': named('c', SHARED),
    'd.xml': '<domain>',
  };

  test('in place: each on its own, one that cannot be is named', () => {
    const cwd = guests(files);
    const { code, out, err } = run(cwd, ['rewrite', 'guests', '--in-place', ...HOSTS]);
    expect(code).toBe(2);
    expect(out).toContain(`guests/a.xml: changed: disable clflushopt, clwb, lahf_lm
guests/b.xml (guest): refused; 1 error
guests/c.xml: as it was
guests/d.xml: cannot be read
`);
    expect(err).toMatch(/^guests\/b\.xml:7:5: error: /m);
    expect(bytesOf(cwd, 'guests/a.xml')).toBe(named('a', SHARED));
    for (const name of ['b.xml', 'c.xml', 'd.xml'] as const)
      expect(bytesOf(cwd, `guests/${name}`)).toBe(files[name]);
    expect(shell(cwd, 'ls -A guests').out).toBe('a.xml\nb.xml\nc.xml\nd.xml\n');
  });

  test('is 1 where one is refused, 0 where none is', () => {
    const cwd = guests({ 'a.xml': named('a', domain()), 'b.xml': demanding });
    expect(run(cwd, ['rewrite', 'guests', '--in-place', ...HOSTS]).code).toBe(1);
    expect(run(cwd, ['rewrite', 'guests/a.xml', 'guests/a.xml', '--in-place', ...HOSTS]).code).toBe(0);
  });

  test('each file once, whatever it is called', () => {
    const cwd = guests({ 'a.xml': domain() });
    symlinkSync('a.xml', join(cwd, 'guests/b.xml'));
    const { code, out } = run(cwd, ['rewrite', 'guests', './guests/a.xml', '--in-place', ...HOSTS]);
    expect({ code, out }).toEqual({ code: 0, out: text('1 guest among 2 hosts\n  changed  1\n') });
    expect(bytesOf(cwd, 'guests/b.xml')).toBe(SHARED);
  });

  test('links that are cut are told', () => {
    const cwd = guests({ 'a.xml': domain(), 'c.xml': domain() });
    linkSync(join(cwd, 'guests/a.xml'), join(cwd, 'other.xml'));
    const { code, err } = run(cwd, ['rewrite', 'guests', '--in-place', '-v', ...HOSTS]);
    expect(code).toBe(0);
    expect(err).toContain('warning: guests/a.xml had another name (a hard link)');
    expect(err).toContain('wrote guests/c.xml\n');
    expect(shell(cwd, 'ls -A guests').out).toBe('a.xml\nc.xml\n');
  });

  test('into a directory: what is as it was too, under its own name', () => {
    const cwd = guests(files);
    expect(run(cwd, ['rewrite', 'guests', '-o', 'new/safe', ...HOSTS]).code).toBe(2);
    expect(shell(cwd, 'ls -A new/safe').out).toBe('a.xml\nc.xml\n');
    expect(bytesOf(cwd, 'new/safe/a.xml')).toBe(named('a', SHARED));
    expect(bytesOf(cwd, 'guests/a.xml')).toBe(files['a.xml']);
  });

  test('into a directory, one guest too', () => {
    const cwd = guests(files);
    mkdirSync(join(cwd, 'out'));
    expect(run(cwd, ['rewrite', 'guests/a.xml', '-o', 'out', ...HOSTS]).code).toBe(0);
    expect(bytesOf(cwd, 'out/a.xml')).toBe(named('a', SHARED));
  });

  test('for each host a directory', () => {
    const cwd = guests({ 'a.xml': domain(), 'b.xml': domain() });
    expect(run(cwd, ['rewrite', 'guests', '--form', 'per-host', '-o', 'for-{host}', ...HOSTS]).code).toBe(0);
    expect(bytesOf(cwd, 'for-b/a.xml')).toBe(domain(off('clflushopt')));
  });

  test('two of one name would be one file: nothing is written', () => {
    const cwd = guests({ 'a.xml': domain() });
    writeFileSync(join(cwd, 'a.xml'), domain());
    expect(run(cwd, ['rewrite', 'guests', 'a.xml', '-o', 'out', ...HOSTS])).toMatchObject({
      code: 2,
      err: text('two guests would be written to out/a.xml'),
    });
  });

  test.each(['--dry-run', '--check'])('%s writes nothing', (option) => {
    const cwd = guests({ 'a.xml': named('a', domain()), 'c.xml': named('c', SHARED) });
    const { code, out } = run(cwd, ['rewrite', 'guests', '--in-place', option, ...HOSTS]);
    expect(code).toBe(1);
    expect(out).toContain('guests/a.xml: would change: disable clflushopt');
    expect(bytesOf(cwd, 'guests/a.xml')).toBe(named('a', domain()));
    expect(run(cwd, ['rewrite', 'guests/c.xml', 'guests/c.xml', option, ...HOSTS]).code).toBe(0);
  });

  test('--diff prints patches alone, and writes nothing', () => {
    const cwd = guests({ 'a.xml': domain(), 'b.xml': domain(), 'c.xml': SHARED });
    const { code, out } = run(cwd, ['rewrite', 'guests', '--in-place', '--diff', ...HOSTS]);
    expect(code).toBe(0);
    expect(out.match(/^--- guests\/\w\.xml$/gm)).toEqual(['--- guests/a.xml', '--- guests/b.xml']);
    expect(bytesOf(cwd, 'guests/a.xml')).toBe(domain());
  });

  test('--json has a line for each', () => {
    const cwd = guests({ 'a.xml': domain(), 'b.xml': demanding });
    const { out } = run(cwd, ['rewrite', 'guests', ...HOSTS, '--json']);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { command: 'rewrite', file: 'guests/a.xml', ok: true, changed: true, shared: SHARED },
      { file: 'guests/b.xml', ok: false, issues: [{ code: 'policy-conflict' }] },
    ]);
  });

  test('a file that cannot be written is named, and the others are done', () => {
    const cwd = guests({ 'a.xml': domain(), 'b.xml': domain() });
    mkdirSync(join(cwd, 'out/a.xml'), { recursive: true });
    const { code, out, err } = run(cwd, ['rewrite', 'guests', '-o', 'out', ...HOSTS]);
    expect(code).toBe(2);
    expect(out).toContain('guests/a.xml (guest): not written\nguests/b.xml (guest): changed');
    expect(err).toContain('error: cannot write out/a.xml');
    expect(bytesOf(cwd, 'out/b.xml')).toBe(SHARED);
  });
});

describe('several in one file', () => {
  const around = (one: string, two: string): string =>
    `\ufeff<?xml version='1.0'?>\r\n<!-- <domain> -->\n${one}\n \t<?p i?>\r\n${two}\n<!-- end -->`;
  const [before, after] = [
    around(named('Gäste', domain()), named('two', domain(off('clwb')))),
    around(named('Gäste', SHARED), named('two', domain(off('clwb'), off('clflushopt'), off('lahf_lm')))),
  ];

  test('are rewritten, and every byte around them stays', () => {
    const cwd = folder({ 'all.xml': before });
    expect(run(cwd, ['rewrite', 'all.xml', '--in-place', ...HOSTS]).code).toBe(0);
    expect(readFileSync(join(cwd, 'all.xml'), 'utf8')).toBe(after);
    expect(run(cwd, ['rewrite', 'all.xml', '--in-place', '--dry-run', ...HOSTS]).code).toBe(0);
  });

  test('are left alone where one is refused', () => {
    const all = around(domain(), demanding);
    const cwd = folder({ 'all.xml': all });
    const { code, out } = run(cwd, ['rewrite', 'all.xml', '--in-place', ...HOSTS]);
    expect(code).toBe(1);
    expect(out).toContain('not written: another guest of the file is refused');
    expect(readFileSync(join(cwd, 'all.xml'), 'utf8')).toBe(all);
  });

  test('in a wrapper', () => {
    const cwd = folder({ 'all.xml': `<domains>\n${domain()}${domain()}</domains>` });
    expect(run(cwd, ['rewrite', 'all.xml', '--in-place', ...HOSTS]).code).toBe(0);
    expect(bytesOf(cwd, 'all.xml')).toBe(`<domains>\n${SHARED}${SHARED}</domains>`);
  });

  test('are noted each on its own', () => {
    const cwd = folder({ 'all.xml': domain() + domain() });
    expect(run(cwd, ['rewrite', 'all.xml', '--in-place', '--record', ...HOSTS]).code).toBe(0);
    expect(bytesOf(cwd, 'all.xml').match(/<metadata>/g)?.length).toBe(2);
  });
});
