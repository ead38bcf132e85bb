// Tries lib/cli/hook/status.ts as well.
import { chmodSync, existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { edit, FOLDER, gate, PROGRAM, SCRIPT, STATE, STATUS } from './gate.ts';
import { folder, run, SHARED, text } from './run.ts';

describe('hook status', () => {
  test('of a gate that works', () => {
    const cwd = gate('--rescue', '--on-error', 'allow', '--max-age', '30');
    const { code, out, err } = run(cwd, STATUS);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^gate: .*\/hooks\/qemu\.d\/virt-migratable, version [\d.]+\npool: this is b, of a, b\nguests: kvm, x86_64\ninstalled: \S+Z \(0 days ago\)\noptions: --on-error allow --rescue --max-age 30\n$/,
    );
  });

  test('for programs', () => {
    const cwd = gate();
    const { code, out } = run(cwd, [...STATUS, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ schemaVersion: 1, command: 'hook', action: 'status', installed: true },
      ...{ self: 'b', hosts: ['a', 'b'], virtType: 'kvm', ageDays: 0, problems: [] },
      paths: { script: join(cwd, SCRIPT), program: join(cwd, PROGRAM), facts: join(cwd, STATE) },
    });
  });

  test('changes nothing, and where there is none says so', () => {
    const cwd = folder();
    expect(run(cwd, STATUS)).toEqual({
      code: 1,
      out: text('gate: not installed'),
      err: text('run "virt-migratable hook install"'),
    });
    expect(existsSync(join(cwd, 'hooks'))).toBe(false);
    expect(JSON.parse(run(cwd, [...STATUS, '--json']).out)).toMatchObject({
      installed: false,
      problems: [{ code: 'not-installed' }],
    });
  });

  test.each<[string, (cwd: string) => void, readonly string[]]>([
    [
      'the script',
      (cwd) => {
        rmSync(join(cwd, SCRIPT));
      },
      ['script-missing'],
    ],
    [
      'the mode of the script',
      (cwd) => {
        chmodSync(join(cwd, SCRIPT), 0o644);
      },
      ['script-not-executable'],
    ],
    [
      'the text of the script',
      (cwd) => {
        edit(join(cwd, SCRIPT), "'deny'", "'allow'");
      },
      ['script-changed'],
    ],
    [
      "somebody else's script",
      (cwd) => {
        writeFileSync(join(cwd, SCRIPT), '#!/bin/sh\nexit 0\n');
      },
      ['script-foreign'],
    ],
    [
      'the program',
      (cwd) => {
        rmSync(join(cwd, PROGRAM));
      },
      ['program-missing'],
    ],
    [
      'the text of the program',
      (cwd) => {
        writeFileSync(join(cwd, PROGRAM), '');
      },
      ['program-changed'],
    ],
    [
      'Node.js',
      (cwd) => {
        edit(join(cwd, SCRIPT), process.execPath, '/no/such/node');
      },
      ['node-missing'],
    ],
    [
      'the facts',
      (cwd) => {
        rmSync(join(cwd, STATE));
      },
      ['facts-unusable'],
    ],
    [
      'a host file',
      (cwd) => {
        writeFileSync(join(cwd, FOLDER, 'hosts/a.xml'), '');
      },
      ['facts-stale'],
    ],
    [
      'the version',
      (cwd) => {
        edit(join(cwd, STATE), '"version":"', '"version":"0.0.');
      },
      ['other-version'],
    ],
    [
      'the modes',
      (cwd) => {
        chmodSync(join(cwd, STATE), 0o666);
      },
      ['not-trusted'],
    ],
  ])('finds what is wrong with %s', (_, breaking, codes) => {
    const cwd = gate();
    breaking(cwd);
    const { code, out } = run(cwd, [...STATUS, '--json']);
    const { problems } = JSON.parse(out) as { readonly problems: readonly { readonly code: string }[] };
    expect([code, problems.map((one) => one.code)]).toEqual([1, codes]);
  });
});

test.each<[string, readonly string[]]>([
  ['nothing', []],
  ['a slip', ['instal']],
  ['a task and more', ['status', 'now']],
  ['three words', ['web-01', 'migrate', 'begin']],
  ['five words', ['web-01', 'migrate', 'begin', '-', '-']],
  ['files in place of options', ['install', 'kvm-a.xml', 'kvm-b.xml', 'kvm-c.xml']],
])('%s is a mistake, and no open gate', (_, words) => {
  const cwd = folder();
  expect(run(cwd, ['hook', '--hooks-dir', 'hooks', ...words], { input: SHARED })).toEqual({
    code: 2,
    out: '',
    err: text('Usage:'),
  });
  expect(lstatSync(join(cwd, 'hooks'), { throwIfNoEntry: false })).toBeUndefined();
});
