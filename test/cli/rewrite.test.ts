// Tries lib/cli/options/library.ts as well.
import { applyPatch } from 'diff';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesOf,
  domain,
  folder,
  FOR_A,
  FOR_B,
  HOSTS,
  off,
  LEVEL_LINE,
  REASONS,
  run,
  SHARED,
  shell,
  text,
} from './run.ts';

const REASON_LINES = LEVEL_LINE + REASONS.map((reason) => `disable ${reason}\n`).join('');
const DIFF = `--- guest.xml
+++ guest.xml
@@ -3,5 +3,9 @@
   <os>
     <type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type>
   </os>
-  <cpu mode='host-passthrough' check='none' migratable='on'/>
+  <cpu mode='host-passthrough' check='none' migratable='on'>
+    <feature policy='disable' name='clflushopt'/>
+    <feature policy='disable' name='clwb'/>
+    <feature policy='disable' name='lahf_lm'/>
+  </cpu>
 </domain>
`;

const cwd = folder({ 'guest.xml': domain(), 'level.xml': SHARED });

describe('the shared form', () => {
  test('goes to stdout, the reasons to stderr', () => {
    expect(run(cwd, ['rewrite', 'guest.xml', ...HOSTS])).toEqual({ code: 0, out: SHARED, err: REASON_LINES });
  });

  test('is what --form shared asks for', () => {
    expect(run(cwd, ['rewrite', ...HOSTS, '--form', 'shared', 'guest.xml']).out).toBe(SHARED);
  });

  test('reads "-" from stdin', () => {
    const ran = run(cwd, ['rewrite', '-', ...HOSTS], { input: domain() });
    expect(ran).toEqual({ code: 0, out: SHARED, err: REASON_LINES });
  });

  test('names stdin in errors', () => {
    const ran = run(cwd, ['rewrite', '-', ...HOSTS], { input: '<domain>\n&x;' });
    expect(ran).toMatchObject({ code: 2, out: '', err: text('<stdin>:2:1: ') });
  });

  test('reads a host from stdin', () => {
    const input = bytesOf(cwd, 'kvm-b.xml');
    expect(run(cwd, ['rewrite', 'guest.xml', '--host', 'a=kvm-a.xml', '--host', 'b=-'], { input }).out).toBe(
      SHARED,
    );
  });

  test('is the same for hosts in any order', () => {
    const words = [
      'rewrite',
      'guest.xml',
      '--host',
      'b=kvm-b.xml',
      '--host',
      'a=kvm-a.xml',
      '--libvirt-version',
      '9.0.0',
    ];
    expect(run(cwd, words)).toEqual({ code: 0, out: SHARED, err: REASON_LINES });
  });

  test('is itself when written twice', () => {
    expect(run(cwd, ['rewrite', 'level.xml', ...HOSTS])).toEqual({ code: 0, out: SHARED, err: '' });
  });

  test('replaces the policy of a listed feature in its place', () => {
    writeFileSync(
      join(cwd, 'optional.xml'),
      domain("<feature policy='optional' name='lahf_lm'/>", off('clwb')),
    );
    expect(run(cwd, ['rewrite', 'optional.xml', ...HOSTS])).toEqual({
      code: 0,
      out: domain(off('lahf_lm'), off('clwb'), off('clflushopt')),
      err: `${LEVEL_LINE}disable ${REASONS[0]}\ndisable lahf_lm: a has it, b lacks it. No consequence is known.\n`,
    });
  });
});

describe('the per-host form', () => {
  test('writes one XML after the other, each under its name', () => {
    expect(run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--form', 'per-host'])).toEqual({
      code: 0,
      out: `<!-- a -->\n${FOR_A}<!-- b -->\n${FOR_B}`,
      err: REASON_LINES,
    });
  });

  test.each([
    ['a', FOR_A],
    ['b', FOR_B],
  ])('writes that of %s alone with --for', (host, xml) => {
    expect(run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--form', 'per-host', '--for', host]).out).toBe(xml);
  });

  test('is the same for every host of a custom model', () => {
    const custom = domain().replace(
      /<cpu.*\/>/,
      "<cpu mode='custom'>\n    <model>Westmere</model>\n  </cpu>",
    );
    writeFileSync(join(cwd, 'custom.xml'), custom);
    const words = ['rewrite', 'custom.xml', ...HOSTS, '--form', 'per-host', '--for'];
    const [forA, forB] = [run(cwd, [...words, 'a']), run(cwd, [...words, 'b'])];
    expect(forA.code).toBe(0);
    expect(forA.out).toContain(off('lahf_lm'));
    expect(forB).toEqual(forA);
  });
});

describe('--diff', () => {
  test('prints a unified diff instead of the XML', () => {
    expect(run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--diff'])).toEqual({
      code: 0,
      out: DIFF,
      err: REASON_LINES,
    });
  });

  test('prints nothing where nothing changes', () => {
    expect(run(cwd, ['rewrite', 'level.xml', ...HOSTS, '--diff'])).toEqual({ code: 0, out: '', err: '' });
  });

  test('prints one for each host', () => {
    const { out } = run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--diff', '--form', 'per-host']);
    expect(out.match(/^---.*$/gm)).toEqual(['--- guest.xml (a)', '--- guest.xml (b)']);
    expect(out.match(/^\+ .*feature.*$/gm)).toEqual(
      ['clwb', 'lahf_lm', 'clflushopt'].map((name) => `+    ${off(name)}`),
    );
  });

  test('exits 1 with --check', () => {
    expect(run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--diff', '--check'])).toMatchObject({
      code: 1,
      out: DIFF,
    });
  });

  test.each([
    ['the text', domain(), SHARED],
    ['a text without a last line break', domain().trimEnd(), SHARED.trimEnd()],
    ['CR LF', domain().replaceAll('\n', '\r\n'), SHARED.replaceAll('\n', '\r\n')],
    ['all on one line', domain().replaceAll(/\n */g, ''), undefined],
    ['beyond ASCII', domain().replace('guest', 'Gäste 🖥'), SHARED.replace('guest', 'Gäste 🖥')],
    [
      'far apart',
      domain(`<feature name='lahf_lm' policy='optional'/>${'\n'.repeat(20)}`, off('clwb')),
      undefined,
    ],
  ])('applies with patch -p0: %s', (_, before, after) => {
    const old = folder({ 'guest.xml': before });
    const wanted = run(old, ['rewrite', 'guest.xml', ...HOSTS]).out;
    expect(wanted).toBe(after ?? wanted);
    expect(patched(old, run(old, ['rewrite', 'guest.xml', ...HOSTS, '--diff']).out)).toBe(wanted);
  });
});

/** What the guest's file becomes with a diff applied: by patch(1), or where there is none by what it is made with. */
function patched(old: string, diff: string): string | false {
  const before = readFileSync(join(old, 'guest.xml'), 'utf8');
  const { code } = shell(old, 'patch --binary -p0', { input: diff });
  return code === 127 ? applyPatch(before, diff) : readFileSync(join(old, 'guest.xml'), 'utf8');
}

describe('--check', () => {
  test.each([
    ['1 where something would change', 'guest.xml', [], 1],
    ['0 where nothing would', 'level.xml', [], 0],
    ['1 where something would change for one host', 'level-a.xml', ['--form', 'per-host'], 1],
    ['0 for a host whose form it is', 'level-a.xml', ['--form', 'per-host', '--for', 'a'], 0],
  ])('exits %s', (_, name, words, code) => {
    const checked = folder({
      'guest.xml': domain(),
      'level.xml': SHARED,
      'level-a.xml': FOR_A,
      'target.xml': 'old',
    });
    const before = bytesOf(checked, name);
    for (const target of [
      ['-o', 'target.xml'],
      ...(words.includes('per-host') ? [['-o', 'target.xml{host}']] : []),
    ]) {
      const options = words.length === 2 ? target.map((word) => word.replace('.xml', '{host}.xml')) : target;
      expect(run(checked, ['rewrite', name, ...HOSTS, '--check', ...words, ...options])).toMatchObject({
        code,
        out: '',
      });
    }
    expect(bytesOf(checked, 'target.xml')).toBe('old');
    expect(bytesOf(checked, name)).toBe(before);
  });

  test('leaves the file alone even with --in-place', () => {
    const checked = folder({ 'guest.xml': domain() });
    expect(run(checked, ['rewrite', 'guest.xml', ...HOSTS, '--check', '--in-place'])).toMatchObject({
      code: 1,
      out: '',
    });
    expect(bytesOf(checked, 'guest.xml')).toBe(domain());
  });
});

describe('--json', () => {
  test('holds both forms, the plan, the baseline and the findings', () => {
    const { code, out } = run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--json']);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(code).toBe(0);
    expect(out).toBe(`${JSON.stringify(result, null, 2)}\n`);
    expect(Object.keys(result)).toEqual([
      ...[
        'schemaVersion',
        'command',
        'domain',
        'ok',
        'changed',
        'shared',
        'perHost',
        'plan',
        'baseline',
        'issues',
      ],
    ]);
    expect(result).toMatchObject({
      schemaVersion: 1,
      command: 'rewrite',
      domain: 'guest',
      changed: true,
      shared: SHARED,
      perHost: { a: FOR_A, b: FOR_B },
      issues: [],
    });
  });

  test('says who has and who lacks what', () => {
    const { plan, baseline } = JSON.parse(run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--json']).out) as {
      readonly plan: Readonly<Record<string, unknown>>;
      readonly baseline: Readonly<Record<string, unknown>>;
    };
    const [clflushopt, clwb, lahfLm] = ['clflushopt', 'clwb', 'lahf_lm'].map((name) => ({
      kind: 'add',
      name,
      policy: 'disable',
    }));
    const reason = 'hosts-differ';
    expect(plan).toMatchObject({
      levels: { level: 'x86-64-v1', best: 'x86-64-v1', because: [] },
      disable: [
        { feature: 'clflushopt', presentOn: ['b'], missingOn: ['a'], unknownOn: [], unnamedOn: [], reason },
        { feature: 'clwb', presentOn: ['a'], missingOn: ['b'], unknownOn: [], unnamedOn: [], reason },
        { feature: 'lahf_lm', presentOn: ['a'], missingOn: ['b'], unknownOn: [], unnamedOn: [], reason },
      ],
      shared: [clflushopt, clwb, lahfLm],
      perHost: { a: [clwb, lahfLm], b: [clflushopt] },
    });
    expect(baseline).toMatchObject({
      arch: 'x86_64',
      vendor: 'AMD',
      hosts: [
        { name: 'a', model: 'kvm64', virtType: 'kvm', machine: 'pc-i440fx-7.2', cpuMaps: ['9.0.0'] },
        { name: 'b', model: 'kvm64', virtType: 'kvm', machine: 'pc-i440fx-7.2', cpuMaps: ['9.0.0'] },
      ],
      surplus: { a: ['clwb', 'lahf_lm'], b: ['clflushopt'] },
    });
  });

  test('goes along with -o and --check', () => {
    const written = folder({ 'guest.xml': domain() });
    const words = ['rewrite', 'guest.xml', ...HOSTS, '--json'];
    const ran = run(written, [...words, '-o', 'out.xml']);
    expect(ran.code).toBe(0);
    expect(bytesOf(written, 'out.xml')).toBe(SHARED);
    expect(run(written, [...words, '--check'])).toEqual({ ...ran, code: 1 });
  });
});

describe('a feature the domain insists on and no host has', () => {
  const demanding = domain("<feature policy='require' name='avx'/>");
  const files = { 'guest.xml': demanding, 'target.xml': 'old' };

  test.each([
    ['to stdout', []],
    ['to a new file', ['-o', 'new.xml']],
    ['to a file that is there', ['-o', 'target.xml']],
    ['in place', ['--in-place']],
    ['as a diff', ['--diff']],
    ['as a check', ['--check']],
    ['for each host', ['--form', 'per-host', '-o', 'new-{host}.xml']],
  ])('stops the rewrite %s', (_, words) => {
    const refused = folder(files);
    const ran = run(refused, ['rewrite', 'guest.xml', ...HOSTS, ...words]);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' });
    expect(ran.err).toMatch(/^guest\.xml:7:5: error: .* avx .* a, b .*\n.*name='avx'\/>\n {4}\^\n$/);
    expect(bytesOf(refused, 'guest.xml')).toBe(demanding);
    expect(bytesOf(refused, 'target.xml')).toBe('old');
    expect(shell(refused, 'ls -A').out).toBe('guest.xml\nkvm-a.xml\nkvm-b.xml\ntarget.xml\n');
  });

  test('is reported as data, without any XML', () => {
    const ran = run(folder(files), ['rewrite', 'guest.xml', ...HOSTS, '--json']);
    expect(ran.code).toBe(1);
    const facts = JSON.parse(ran.out) as object;
    expect(Object.keys(facts)).toEqual([
      ...['schemaVersion', 'command', 'domain', 'ok', 'issues', 'baseline'],
    ]);
    expect(facts).toMatchObject({
      ok: false,
      issues: [
        {
          ...{ code: 'policy-conflict', severity: 'error', feature: 'avx', policy: 'require' },
          ...{ cause: 'host', missingOn: ['a', 'b'], unknownOn: [], line: 7, column: 5 },
          message: expect.stringMatching(/, or use --override-conflicts$/) as unknown,
        },
      ],
    });
  });

  test('is disabled with --override-conflicts', () => {
    const ran = run(folder(files), ['rewrite', 'guest.xml', ...HOSTS, '--override-conflicts']);
    expect(ran).toMatchObject({
      code: 0,
      out: domain(off('avx'), off('clflushopt'), off('clwb'), off('lahf_lm')),
    });
    expect(ran.err).toContain('guest.xml:7:5: warning: ');
  });
});

test.each([
  ['another type of guest', domain().replace("'kvm'", "'qemu'"), 2],
  ['a guest that may not migrate', domain().replace("migratable='on'", "migratable='off'"), 1],
  ['another architecture', domain().replace('x86_64', 'aarch64'), 1],
])('%s is left as it is', (_, xml, code) => {
  const refused = folder({ 'guest.xml': xml });
  expect(run(refused, ['rewrite', 'guest.xml', ...HOSTS, '--in-place'])).toMatchObject({ code, out: '' });
  expect(bytesOf(refused, 'guest.xml')).toBe(xml);
});

describe('every other byte is kept', () => {
  const styles: readonly (readonly [string, (text: string) => string])[] = [
    ['beyond ASCII', (text) => text.replace('guest', 'Gäste, 客人 🖥 é \u2028 \u00a0')],
    ['CR LF', (text) => text.replaceAll('\n', '\r\n')],
    ['CR', (text) => text.replaceAll('\n', '\r')],
    ['a byte order mark', (text) => `\ufeff${text}`],
    [
      'a byte order mark and a declaration',
      (text) => `\ufeff<?xml version='1.0' encoding='utf-8'?>\n${text}`,
    ],
    ['tabs and double quotes', (text) => text.replaceAll('  ', '\t').replaceAll("'", '"')],
    ['no last line break', (text) => text.trimEnd()],
    ['blank lines around', (text) => `\n\n${text}\n\n \t\n`],
    [
      'comments, CDATA, instructions',
      (text) => text.replace('</name>', '<!-- <cpu/> --><![CDATA[<cpu>]]><?p <cpu?></name>'),
    ],
    ['entities and references', (text) => text.replace('guest', '&lt;&#xe4;&#228;&amp;&quot;&apos;&gt;')],
    ['an element of another namespace', (text) => text.replace('</os>', "</os><q:x xmlns:q='urn:q'/>")],
  ];

  test.each(styles)('%s', (_, style) => {
    const styled = folder({ 'guest.xml': style(domain()) });
    const wanted = Buffer.from(style(SHARED)).toString('latin1');
    expect(run(styled, ['rewrite', 'guest.xml', ...HOSTS]).out).toBe(style(SHARED));
    expect(run(styled, ['rewrite', 'guest.xml', ...HOSTS, '-o', 'out.xml']).code).toBe(0);
    expect(bytesOf(styled, 'out.xml')).toBe(wanted);
    expect(run(styled, ['rewrite', '-', ...HOSTS], { input: Buffer.from(wanted, 'latin1') }).out).toBe(
      style(SHARED),
    );
  });
});
