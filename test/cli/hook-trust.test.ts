// Tries lib/cli/hook/trust.ts as well.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { call, FOLDER, gate, INSTALL, ON_B, PROGRAM, SCRIPT, STATE, STATUS } from './gate.ts';
import { COMMAND, folder, run, SHARED, shell, text } from './run.ts';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

test('modes are the same under any umask', () => {
  for (const umask of ['000', '077']) {
    const cwd = folder();
    const words = [...ON_B, '--log', 'log'].map((word) => `'${word}'`).join(' ');
    expect(shell(cwd, `umask ${umask}; '${process.execPath}' '${COMMAND}' ${words}`)).toMatchObject({
      code: 0,
    });
    shell(cwd, `umask ${umask}; ${SCRIPT} web-01 migrate begin -`, { input: SHARED });
    const found = [
      'hooks',
      'hooks/qemu.d',
      SCRIPT,
      FOLDER,
      PROGRAM,
      STATE,
      `${FOLDER}/hosts`,
      `${FOLDER}/hosts/a.xml`,
      'log',
    ];
    expect(found.map((path) => modeOf(join(cwd, path)))).toEqual([
      '755',
      '755',
      '755',
      '755',
      '644',
      '644',
      '755',
      '644',
      '600',
    ]);
  }
});

describe('what others could change is not relied on', () => {
  const loose: readonly (readonly [string, string, number])[] = [
    ['the state', STATE, 0o666],
    ['the program', PROGRAM, 0o646],
    ['the script', SCRIPT, 0o757],
    ['a host file', `${FOLDER}/hosts/a.xml`, 0o662],
    ['the folder', FOLDER, 0o777],
    ["libvirt's folder", 'hooks/qemu.d', 0o777],
    ['the log', 'log', 0o666],
  ];

  test.each(loose)('%s: no installation, and a finding', (_, path, mode) => {
    const cwd = gate('--log', 'log');
    call(cwd, 'web-01 migrate begin -', SHARED);
    chmodSync(join(cwd, path), mode);
    expect(run(cwd, INSTALL)).toEqual({ code: 2, out: '', err: text(`run "chmod go-w ${join(cwd, path)}"`) });
    const status = run(cwd, STATUS);
    expect([status.code, path.includes('hosts/') || status.err.includes('chmod go-w')]).toEqual([
      path.includes('hosts/') ? 0 : 1,
      true,
    ]);
  });

  test.each([
    ['the state', STATE, 0o666],
    ['its folder', FOLDER, 0o777],
  ] as const)('%s: no verdict', (_, path, mode) => {
    for (const [choice, code] of [
      ['deny', 1],
      ['allow', 0],
    ] as const) {
      const cwd = gate('--on-error', choice);
      chmodSync(join(cwd, path), mode);
      expect(call(cwd, 'web-01 migrate begin -', SHARED)).toEqual({
        code,
        out: '',
        err: text('can be written by other users'),
      });
    }
  });

  test('a program that others could change is not copied', () => {
    const cwd = folder();
    cpSync(dirname(dirname(COMMAND)), join(cwd, 'clone/dist'), { recursive: true });
    for (const part of ['lib', 'package.json'])
      cpSync(join(dirname(COMMAND), '../..', part), join(cwd, 'clone', part), { recursive: true });
    chmodSync(join(cwd, 'clone/dist/cli/hook.cjs'), 0o666);
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(cwd, 'clone/dist/cli/virt-migratable.cjs'), ...ON_B],
      { cwd },
    );
    expect([status, stderr.toString()]).toEqual([
      2,
      text('clone/dist/cli/hook.cjs can be written by other users'),
    ]);
    expect(existsSync(join(cwd, 'hooks'))).toBe(false);
  });

  test('a link in place of the state gives no verdict', () => {
    const cwd = gate();
    renameSync(join(cwd, STATE), join(cwd, 'elsewhere.json'));
    symlinkSync(join(cwd, 'elsewhere.json'), join(cwd, STATE));
    expect(call(cwd, 'web-01 migrate begin -', SHARED)).toEqual({
      code: 1,
      out: '',
      err: text('is no plain file'),
    });
  });

  test('a link in place of the log is not followed', () => {
    const cwd = gate('--log', 'log');
    writeFileSync(join(cwd, 'precious'), '');
    symlinkSync(join(cwd, 'precious'), join(cwd, 'log'));
    expect(call(cwd, 'web-01 migrate begin -', SHARED)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(join(cwd, 'precious'), 'utf8')).toBe('');
    expect(run(cwd, INSTALL)).toMatchObject({ code: 2, err: text('is a link') });
  });
});
