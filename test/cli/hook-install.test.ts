// Tries lib/cli/hook/install.ts, lib/cli/hook/program.ts, lib/cli/hook/script.ts and lib/cli/hook/state.ts as well.
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyNames } from '../../lib/cli/hook/paths.ts';
import { call, edit, FOLDER, gate, INSTALL, ON_B, PROGRAM, SCRIPT, STATE, STATUS } from './gate.ts';
import { COMMAND, domain, folder, off, run, SHARED, shell, SHELL_COMMAND, text } from './run.ts';

const GAINS = domain(off('clwb'), off('lahf_lm'));
const FAILED =
  /^virt-migratable: domain web-01: the check itself failed \([^\n]*\); run "virt-migratable hook install" again\n$/;

test('the program of the gate is small, and reads neither packages nor CPU maps', () => {
  const program = readFileSync(join(gate(), PROGRAM), 'utf8');
  const parts = [...program.matchAll(/^"([\w-]+\.cjs)"\(exports, require, module\) \{/gm)].map(
    ([, name]) => name,
  );
  const others = [...program.matchAll(/\brequire\("([^"]+)"\)/g)].filter(
    ([, path = '']) => !parts.includes(path.replace(/^.*\//, '')),
  );
  expect([...new Set(others.map(([, path]) => path))].sort()).toEqual([
    '#xmlbuilder2',
    '../lib/cpu/maps.cjs',
    'node:fs',
    'node:path',
  ]);
  expect(parts).toContain('gate.cjs');
  expect(program.length).toBeLessThan(123_000);
});

test('the gate outlives what it was installed from', () => {
  const cwd = folder();
  const clone = join(cwd, 'clone');
  cpSync(dirname(dirname(COMMAND)), join(clone, 'dist'), { recursive: true });
  for (const part of ['lib', 'package.json'])
    cpSync(join(dirname(COMMAND), '../..', part), join(clone, part), { recursive: true });
  const command = join(clone, 'dist/cli/virt-migratable.cjs');
  expect(spawnSync(process.execPath, [command, ...ON_B, '--rescue'], { cwd }).status).toBe(0);
  rmSync(clone, { recursive: true });
  expect(call(cwd, 'web-01 migrate begin -', SHARED)).toEqual({ code: 0, out: '', err: '' });
  expect(call(cwd, 'web-01 migrate begin -', domain())).toMatchObject({
    code: 1,
    out: '',
    err: text('may not migrate to b'),
  });
  const rescued = call(cwd, 'web-01 migrate begin -', GAINS);
  expect(rescued).toMatchObject({ code: 0, err: text(' passes: ') });
  expect(rescued.out).toContain('host-x86_64-cpu.clflushopt=off');
});

describe('whatever is missing, --on-error holds', () => {
  const broken: readonly (readonly [string, (cwd: string) => void])[] = [
    [
      'no Node.js',
      (cwd) => {
        edit(join(cwd, SCRIPT), process.execPath, '/no/such/node');
      },
    ],
    [
      'another program in its place',
      (cwd) => {
        edit(join(cwd, SCRIPT), `'${process.execPath}'`, "'/bin/true'");
      },
    ],
    [
      'no program',
      (cwd) => {
        rmSync(join(cwd, PROGRAM));
      },
    ],
    [
      'an empty program',
      (cwd) => {
        writeFileSync(join(cwd, PROGRAM), '');
      },
    ],
    [
      'a program that was cut',
      (cwd) => {
        writeFileSync(join(cwd, PROGRAM), readFileSync(join(cwd, PROGRAM)).subarray(0, 5000));
      },
    ],
    [
      'no facts',
      (cwd) => {
        rmSync(join(cwd, STATE));
      },
    ],
    [
      'no hosts',
      (cwd) => {
        rmSync(join(cwd, FOLDER, 'hosts'), { recursive: true });
      },
    ],
    [
      'nothing but the script',
      (cwd) => {
        rmSync(join(cwd, FOLDER), { recursive: true });
      },
    ],
  ];

  test.each(broken)('%s', (_, breaking) => {
    for (const [choice, code] of [
      ['deny', 1],
      ['allow', 0],
    ] as const) {
      const cwd = gate('--on-error', choice);
      breaking(cwd);
      const refused = call(cwd, 'web-01 migrate begin -', SHARED);
      expect({ code: refused.code, out: refused.out }).toEqual({ code, out: '' });
      expect(refused.err).toContain('virt-migratable: domain web-01');
      expect(call(cwd, 'web-01 reconnect begin -', SHARED)).toEqual({ code: 0, out: '', err: '' });
      expect(run(cwd, STATUS).code).toBe(1);
    }
  });

  test('and one line says what is missing', () => {
    const cwd = gate();
    rmSync(join(cwd, PROGRAM));
    const { err } = call(cwd, 'web-01 migrate begin -', SHARED);
    expect(err).toMatch(FAILED);
    expect(err).toContain(`${join(cwd, PROGRAM)} is missing`);
    const { stderr } = spawnSync(join(cwd, SCRIPT), ['w\u001b[1m\nb', 'migrate', 'begin', '-'], {
      input: SHARED,
    });
    expect(stderr.toString()).toContain('domain w?[1m?b: ');
  });
});

test('what the environment tells Node.js is not heeded', () => {
  const cwd = gate();
  writeFileSync(join(cwd, 'open.cjs'), 'process.exit(10)');
  const env = {
    NODE_OPTIONS: `--require ${join(cwd, 'open.cjs')}`,
    NODE_PATH: cwd,
    NODE_V8_COVERAGE: join(cwd, 'seen'),
  };
  expect(call(cwd, 'web-01 migrate begin -', domain(), env)).toMatchObject({
    code: 1,
    err: text('may not migrate to b'),
  });
  expect(existsSync(join(cwd, 'seen'))).toBe(false);
});

describe('names of the copies never meet', () => {
  const copies = (...hosts: readonly string[]): readonly string[] =>
    copyNames(hosts.map((host) => ({ host, several: false, text: '' })));

  test.each<[readonly string[], readonly string[]]>([
    [
      ['a', 'a', 'a.2'],
      ['a.xml', 'a+2.xml', 'a.2.xml'],
    ],
    [
      ['a+2', 'a', 'a'],
      ['a%2B2.xml', 'a.xml', 'a+2.xml'],
    ],
    [
      ['../x', '..', 'ü/é'],
      ['..%2Fx.xml', '...xml', '%C3%BC%2F%C3%A9.xml'],
    ],
  ])('%p', (hosts, names) => {
    expect(copies(...hosts)).toEqual(names);
  });

  test('however long', () => {
    const long = copies('n'.repeat(300), `${'n'.repeat(300)}!`, 'n'.repeat(300));
    expect(new Set(long).size).toBe(3);
    expect(Math.max(...long.map(({ length }) => length))).toBeLessThan(240);
  });

  test('so that a gate installed again from its copies is the same', () => {
    const cwd = folder();
    copyFileSync(join(cwd, 'kvm-b.xml'), join(cwd, 'other.xml'));
    const hosts = ['a=kvm-a.xml', 'a.2=kvm-b.xml', 'b=other.xml'].flatMap((word) => ['--host', word]);
    run(cwd, [...INSTALL, ...hosts, '--libvirt-version', '9.0.0', '--self', 'b']);
    const before = readFileSync(join(cwd, STATE));
    expect(run(cwd, INSTALL).code).toBe(0);
    expect(readFileSync(join(cwd, STATE))).toEqual(before);
  });
});

describe('an installation', () => {
  test('of a state on another file system', () => {
    const cwd = folder();
    const state = mkdtempSync('/dev/shm/virt-migratable-');
    try {
      for (let i = 0; i < 2; i++)
        expect(run(cwd, [...ON_B, '--state-dir', join(state, 'gate'), '--log', `log${i}`]).code).toBe(0);
      expect(call(cwd, 'web-01 migrate begin -', domain())).toMatchObject({
        code: 1,
        err: text('may not migrate to b'),
      });
      expect(readdirSync(join(cwd, 'hooks'), { recursive: true }).sort()).toEqual([
        'qemu.d',
        'qemu.d/virt-migratable',
      ]);
      expect(run(cwd, STATUS).code).toBe(0);
      expect(run(cwd, [...INSTALL, '--rescue']).code).toBe(0);
      expect(call(cwd, 'web-01 migrate begin -', GAINS).code).toBe(0);
      expect(run(cwd, ['hook', 'uninstall', '--hooks-dir', 'hooks']).code).toBe(0);
      expect(readdirSync(state)).toEqual([]);
    } finally {
      rmSync(state, { recursive: true });
    }
  });

  test('takes over from version 0.1.0, and removes what that left among the hooks', () => {
    const cwd = gate('--rescue', '--log', 'log', '--max-age', '9');
    const old = JSON.parse(readFileSync(join(cwd, STATE), 'utf8')) as Record<string, object>;
    delete old['version'];
    writeFileSync(
      join(cwd, FOLDER, 'gate.json'),
      JSON.stringify({ ...old, pool: { ...old['pool'], schemaVersion: 1 } }),
    );
    for (const path of [STATE, PROGRAM]) rmSync(join(cwd, path));
    const left = ['.virt-migratable.4711.tmp', '.vm-4711-a1b2c3.tmp'].map((name) =>
      join(cwd, 'hooks/qemu.d', name),
    );
    for (const path of left) copyFileSync(join(cwd, SCRIPT), path);
    writeFileSync(join(cwd, 'hooks/qemu.d/.other.4711.tmp'), '#!/bin/sh\n');
    mkdirSync(join(cwd, FOLDER, '.staged-4711-a1b2c3'));
    edit(join(cwd, SCRIPT), 'program=', 'old=');
    expect(JSON.parse(run(cwd, [...STATUS, '--json']).out)).toMatchObject({
      installed: true,
      problems: [{ code: 'other-version' }, { code: 'leftover' }, { code: 'leftover' }, { code: 'leftover' }],
    });
    expect(run(cwd, INSTALL).code).toBe(0);
    expect(JSON.parse(run(cwd, [...STATUS, '--json']).out)).toMatchObject({
      self: 'b',
      settings: { rescue: true, log: join(cwd, 'log'), maxAgeDays: 9 },
      problems: [...left, join(cwd, FOLDER, '.staged-4711-a1b2c3')].map(() => ({ code: 'leftover' })),
    });
    expect(run(cwd, ['hook', 'uninstall', '--hooks-dir', 'hooks']).code).toBe(0);
    expect(readdirSync(join(cwd, 'hooks'), { recursive: true }).sort()).toEqual([
      'qemu.d',
      'qemu.d/.other.4711.tmp',
    ]);
  });

  test('that was killed half-way can be done again', () => {
    const cwd = folder();
    mkdirSync(join(cwd, FOLDER, 'hosts'), { recursive: true });
    mkdirSync(join(cwd, FOLDER, '.staged-1-abc'));
    writeFileSync(join(cwd, PROGRAM), '');
    expect(run(cwd, ON_B).code).toBe(0);
    expect(call(cwd, 'web-01 migrate begin -', SHARED).code).toBe(0);
  });

  test('keeps nothing unfinished among the hooks, and every call meanwhile has its verdict', async () => {
    const cwd = gate();
    const other = join(cwd, 'other');
    mkdirSync(other);
    for (const name of ['kvm-a.xml', 'kvm-b.xml'])
      writeFileSync(join(other, name), `${readFileSync(join(cwd, name), 'utf8')}<!-- another -->\n`);
    let [isDone, calls] = [false, 0];
    const failures: unknown[] = [];
    const seen = new Set<string>();
    const caller = async (): Promise<void> => {
      while (!isDone || calls < 20) {
        const words =
          calls % 2 === 0 ? ['web-01', 'migrate', 'begin', '-'] : ['web-01', 'reconnect', 'begin', '-'];
        const { code, err } = await called(join(cwd, SCRIPT), words, SHARED);
        calls++;
        if (code !== 0) failures.push([words, code, err]);
        for (const name of readdirSync(join(cwd, 'hooks/qemu.d'))) seen.add(name);
      }
    };
    const installing = (async (): Promise<void> => {
      for (let i = 0; i < 8; i++) {
        const from = i % 2 === 0 ? 'other/' : '';
        const hosts = ['a', 'b'].flatMap((name) => ['--host', `${name}=${from}kvm-${name}.xml`]);
        const words = [...INSTALL, ...hosts, '--libvirt-version', '9.0.0', '--self', 'b', '--log', `log${i}`];
        expect(await called(process.execPath, [COMMAND, ...words], '', cwd)).toMatchObject({ code: 0 });
      }
      isDone = true;
    })();
    await Promise.all([installing, caller(), caller()]);
    expect(failures).toEqual([]);
    expect([...seen]).toEqual(['virt-migratable']);
    expect(readdirSync(join(cwd, FOLDER)).sort()).toEqual(['gate.4.cjs', 'gate.4.json', 'hosts']);
  }, 120_000);
});

async function called(
  file: string,
  words: readonly string[],
  input: string,
  cwd = tmpdir(),
): Promise<{ readonly code: number | null; readonly err: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, words, { cwd, stdio: ['pipe', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (part: Buffer) => void (err += part.toString()));
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      resolve({ code, err });
    });
    child.stdin.end(input);
  });
}

describe('two installations at a time', () => {
  test('wait for each other', () => {
    const cwd = folder();
    const line = `${SHELL_COMMAND} ${ON_B.join(' ')}`;
    const ran = shell(cwd, `${line} & ${line} --rescue & ${line} & wait $!; wait`);
    expect(ran.code).toBe(0);
    expect(ran.err.match(/^error/m)).toBeNull();
    expect(readdirSync(join(cwd, FOLDER)).sort()).toEqual(['gate.4.cjs', 'gate.4.json', 'hosts']);
  });

  test('take over what a process that is no more has left', () => {
    const cwd = gate();
    mkdirSync(join(cwd, FOLDER, '.staged-0-lock'));
    writeFileSync(join(cwd, FOLDER, '.staged-0-lock/pid'), '999999999');
    expect(run(cwd, ON_B)).toMatchObject({ code: 0 });
    expect(readdirSync(join(cwd, FOLDER)).sort()).toEqual(['gate.4.cjs', 'gate.4.json', 'hosts']);
  });

  test('give each host a name that can be given again', () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'other'));
    writeFileSync(join(cwd, 'other/kvm-a.xml'), readFileSync(join(cwd, 'kvm-a.xml')));
    const words = ['hook', 'install', '--host', 'kvm-a.xml', '--host', 'other/kvm-a.xml', '--self', 'kvm-a'];
    expect(run(cwd, words)).toMatchObject({ code: 2, err: text('--self: there is no host "kvm-a" (') });
  });
});
