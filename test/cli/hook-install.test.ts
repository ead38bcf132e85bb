import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyNames } from '../../lib/cli/hook/paths.ts';
import { COMMAND, domain, folder, HOSTS, off, run, SHARED, shell, text, type Ran } from './run.ts';

const INSTALL = ['hook', 'install', '--hooks-dir', 'hooks'];
const ON_B = [...INSTALL, ...HOSTS, '--self', 'b'];
const SCRIPT = 'hooks/qemu.d/virt-migratable';
const FOLDER = 'hooks/virt-migratable';
const STATE = `${FOLDER}/gate.2.json`;
const PROGRAM = `${FOLDER}/gate.2.cjs`;
const GAINS = domain(off('clwb'), off('lahf_lm'));
const FAILED =
  /^virt-migratable: domain web-01: the check itself failed \([^\n]*\); run "virt-migratable hook install" again\n$/;

function gate(...options: readonly string[]): string {
  const cwd = folder();
  expect(run(cwd, [...ON_B, ...options])).toMatchObject({ code: 0 });
  return cwd;
}

function call(
  cwd: string,
  input: string,
  words = 'web-01 migrate begin -',
  env: Readonly<Record<string, string>> = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(join(cwd, SCRIPT), words.split(' '), {
    cwd,
    input,
    env: { ...process.env, ...env },
  });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

test('the gate outlives what it was installed from', () => {
  const cwd = folder();
  const clone = join(cwd, 'clone');
  cpSync(dirname(COMMAND), join(clone, 'dist/cli'), { recursive: true });
  symlinkSync(join(dirname(COMMAND), '../../lib'), join(clone, 'lib'));
  const command = join(clone, 'dist/cli/virt-migratable.cjs');
  expect(spawnSync(process.execPath, [command, ...ON_B, '--rescue'], { cwd }).status).toBe(0);
  rmSync(clone, { recursive: true });
  expect(call(cwd, SHARED)).toEqual({ code: 0, out: '', err: '' });
  expect(call(cwd, domain())).toMatchObject({ code: 1, out: '', err: text('may not migrate to b') });
  const rescued = call(cwd, GAINS);
  expect(rescued).toMatchObject({ code: 0, err: text(' passes: ') });
  expect(rescued.out).toContain('host-x86_64-cpu.clflushopt=off');
});

describe('whatever is missing, --on-error holds', () => {
  const broken: readonly (readonly [string, (cwd: string) => void])[] = [
    [
      'no Node.js',
      (cwd) => {
        rewrite(join(cwd, SCRIPT), process.execPath, '/no/such/node');
      },
    ],
    [
      'another program in its place',
      (cwd) => {
        rewrite(join(cwd, SCRIPT), `'${process.execPath}'`, "'/bin/true'");
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
      const refused = call(cwd, SHARED);
      expect({ code: refused.code, out: refused.out }).toEqual({ code, out: '' });
      expect(refused.err).toContain('virt-migratable: domain web-01');
      expect(call(cwd, SHARED, 'web-01 reconnect begin -')).toEqual({ code: 0, out: '', err: '' });
      expect(run(cwd, ['hook', 'status', '--hooks-dir', 'hooks']).code).toBe(1);
    }
  });

  test('and one line says what is missing', () => {
    const cwd = gate();
    rmSync(join(cwd, PROGRAM));
    const { err } = call(cwd, SHARED);
    expect(err).toMatch(FAILED);
    expect(err).toContain(`${join(cwd, PROGRAM)} is missing`);
    const { stderr } = spawnSync(join(cwd, SCRIPT), ['w\u001b[1m\nb', 'migrate', 'begin', '-'], {
      input: SHARED,
    });
    expect(stderr.toString()).toContain('domain w?[1m?b: ');
  });
});

function rewrite(path: string, from: string, to: string): void {
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
}

test('what the environment tells Node.js is not heeded', () => {
  const cwd = gate();
  writeFileSync(join(cwd, 'open.cjs'), 'process.exit(10)');
  const env = {
    NODE_OPTIONS: `--require ${join(cwd, 'open.cjs')}`,
    NODE_PATH: cwd,
    NODE_V8_COVERAGE: join(cwd, 'seen'),
  };
  expect(call(cwd, domain(), undefined, env)).toMatchObject({ code: 1, err: text('may not migrate to b') });
  expect(existsSync(join(cwd, 'seen'))).toBe(false);
});

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
    call(cwd, SHARED);
    chmodSync(join(cwd, path), mode);
    expect(run(cwd, INSTALL)).toEqual({ code: 2, out: '', err: text(`run "chmod go-w ${join(cwd, path)}"`) });
    const status = run(cwd, ['hook', 'status', '--hooks-dir', 'hooks']);
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
      expect(call(cwd, SHARED)).toEqual({ code, out: '', err: text('can be written by other users') });
    }
  });

  test('a program that others could change is not copied', () => {
    const cwd = folder();
    cpSync(dirname(COMMAND), join(cwd, 'clone/dist/cli'), { recursive: true });
    symlinkSync(join(dirname(COMMAND), '../../lib'), join(cwd, 'clone/lib'));
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
    expect(call(cwd, SHARED)).toEqual({ code: 1, out: '', err: text('is no plain file') });
  });

  test('a link in place of the log is not followed', () => {
    const cwd = gate('--log', 'log');
    writeFileSync(join(cwd, 'precious'), '');
    symlinkSync(join(cwd, 'precious'), join(cwd, 'log'));
    expect(call(cwd, SHARED)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(join(cwd, 'precious'), 'utf8')).toBe('');
    expect(run(cwd, INSTALL)).toMatchObject({ code: 2, err: text('is a link') });
  });
});

describe('names of the copies never meet', () => {
  const copies = (...hosts: readonly string[]): readonly string[] =>
    copyNames(hosts.map((host) => ({ host, text: '' })));

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
      expect(call(cwd, domain())).toMatchObject({ code: 1, err: text('may not migrate to b') });
      expect(readdirSync(join(cwd, 'hooks'), { recursive: true }).sort()).toEqual([
        'qemu.d',
        'qemu.d/virt-migratable',
      ]);
      expect(run(cwd, ['hook', 'status', '--hooks-dir', 'hooks']).code).toBe(0);
      expect(run(cwd, [...INSTALL, '--rescue']).code).toBe(0);
      expect(call(cwd, GAINS).code).toBe(0);
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
    rewrite(join(cwd, SCRIPT), 'program=', 'old=');
    expect(JSON.parse(run(cwd, ['hook', 'status', '--hooks-dir', 'hooks', '--json']).out)).toMatchObject({
      installed: true,
      problems: [{ code: 'other-version' }, { code: 'leftover' }, { code: 'leftover' }, { code: 'leftover' }],
    });
    expect(run(cwd, INSTALL).code).toBe(0);
    expect(JSON.parse(run(cwd, ['hook', 'status', '--hooks-dir', 'hooks', '--json']).out)).toMatchObject({
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
    expect(call(cwd, SHARED).code).toBe(0);
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
    expect(readdirSync(join(cwd, FOLDER)).sort()).toEqual(['gate.2.cjs', 'gate.2.json', 'hosts']);
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

describe('hook status', () => {
  const STATUS = ['hook', 'status', '--hooks-dir', 'hooks'];

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
        rewrite(join(cwd, SCRIPT), "'deny'", "'allow'");
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
        rewrite(join(cwd, SCRIPT), process.execPath, '/no/such/node');
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
        rewrite(join(cwd, STATE), '"version":"', '"version":"0.0.');
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
