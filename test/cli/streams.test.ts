import { readFileSync } from 'node:fs';
import {
  bytesOf,
  domain,
  folder,
  HOSTS,
  off,
  run,
  SHARED,
  shell,
  SHELL_COMMAND,
  type Ran,
  text,
} from './run.ts';
import { site } from './virsh.ts';

const FILES = {
  'guest.xml': domain(),
  'level.xml': SHARED,
  'broken.xml': '<domain>',
  'demanding.xml': domain("<feature policy='require' name='clwb'/>"),
};
const cwd = folder({
  ...FILES,
  'large.xml': domain().replace('</name>', `</name>\n${'<!-- padding -->\n'.repeat(20_000)}`),
});
const hosts = HOSTS.join(' ');

/** Runs a line of bash in which `$VM` is the command, and 3 a pipe whose reader has gone away. */
function bash(folder: string, line: string, env: Readonly<Record<string, string>> = {}): Ran {
  const script = `set -o pipefail; exec 3> >(:); wait $!; vm() { ${SHELL_COMMAND} "$@"; }\n${line}`;
  return shell(folder, 'bash -c "$SCRIPT"', { env: { SCRIPT: script, ...env } });
}

const VERDICTS: readonly (readonly [name: string, words: string, code: number])[] = [
  ['a guest that is not safe', `check guest.xml ${hosts}`, 1],
  ['one that is', `check level.xml ${hosts}`, 0],
  ['a finding of rewrite', `rewrite demanding.xml ${hosts}`, 1],
  ['a change that --check finds', `rewrite guest.xml ${hosts} --check --diff`, 1],
  ['a document that cannot be read', `check broken.xml ${hosts}`, 2],
  ['wrong usage', `check ${hosts}`, 2],
];

describe('a reader that goes away changes no exit code', () => {
  test.each<[name: string, line: (words: string) => string]>([
    ['of results', (words) => `vm ${words} >&3 2>/dev/null`],
    ['of messages', (words) => `vm ${words} 2>&3 >/dev/null`],
    ['of both', (words) => `vm ${words} >&3 2>&3`],
    ['of JSON', (words) => `vm ${words} --json >&3 2>/dev/null`],
    ['that never reads', (words) => `vm ${words} 2>/dev/null | true`],
    ['after one byte', (words) => `vm ${words} --json 2>/dev/null | head -c 1 >/dev/null`],
    ['after one line', (words) => `vm ${words} 2>&1 | head -n 1 >/dev/null`],
    ['closed from the start, of results', (words) => `vm ${words} >&- 2>/dev/null`],
    ['closed from the start, of messages', (words) => `vm ${words} 2>&- >/dev/null`],
    ['closed from the start, of everything', (words) => `vm ${words} <&- >&- 2>&-`],
    ['on a full disk, of messages', (words) => `vm ${words} 2>/dev/full >/dev/null`],
  ])('%s', (_, line) => {
    const script = VERDICTS.map(([, words]) => `${line(words)}; echo $? >>codes`).join('\n');
    const own = folder(FILES);
    bash(own, script);
    const codes = bytesOf(own, 'codes').trim().split('\n').map(Number);
    expect(VERDICTS.map(([name], i) => [name, codes[i]])).toEqual(
      VERDICTS.map(([name, , code]) => [name, code]),
    );
  });
});

describe('a reader that goes away stops no work', () => {
  const gone = '>&3 2>&3';
  test.each<[string, string, string, string]>([
    ['rewrite -o', `rewrite guest.xml ${hosts} -o out.xml`, 'out.xml', SHARED],
    ['rewrite -o --json', `rewrite guest.xml ${hosts} -o out.xml --json`, 'out.xml', SHARED],
    ['rewrite --in-place', `rewrite guest.xml ${hosts} --in-place`, 'guest.xml', SHARED],
    [
      'a form for each host',
      `rewrite guest.xml ${hosts} --form per-host -o '{host}.out'`,
      'b.out',
      domain(off('clflushopt')),
    ],
    ['undo', 'undo level.xml -o out.xml', 'out.xml', SHARED],
  ])('%s', (_, words, file, content) => {
    const own = folder(FILES);
    expect(bash(own, `vm ${words} ${gone}`)).toEqual({ code: 0, out: '', err: '' });
    expect(bytesOf(own, file)).toBe(content);
  });

  test('baseline --lock', () => {
    const own = folder();
    expect(bash(own, `vm baseline ${hosts} --lock pool.json ${gone}`).code).toBe(0);
    expect(bytesOf(own, 'pool.json')).toContain('"clflushopt"');
  });

  test('hook install and uninstall', () => {
    const own = folder();
    expect(
      bash(
        own,
        `vm hook install ${hosts} --self a --hooks-dir hooks ${gone}; echo $? >code; ls hooks/qemu.d`,
      ),
    ).toEqual({
      code: 0,
      out: 'virt-migratable\n',
      err: '',
    });
    expect(bash(own, `vm hook uninstall --hooks-dir hooks ${gone}; ls hooks`).code).not.toBe(0);
    expect(bytesOf(own, 'code')).toBe('0\n');
  });

  test('capture and apply', () => {
    const { cwd: own, env, answer } = site();
    expect(bash(own, `vm capture fake://a/system -o hosts ${gone}`, env).code).toBe(0);
    expect(bytesOf(own, 'hosts/a.xml')).toContain('<?virt-migratable ');
    expect(bash(own, `vm apply guest --yes --connect fake://a/system ${hosts} ${gone}`, env).code).toBe(0);
    expect(readFileSync(answer('defined.xml'), 'utf8')).toBe(SHARED);
  });
});

describe('what cannot be written', () => {
  test.each([
    ['results', `check guest.xml ${hosts}`],
    ['JSON', `check guest.xml ${hosts} --json`],
    ['help', 'check --help'],
    ['the version', '--version'],
  ])('%s on a full disk: one line, exit code 2', (_, words) => {
    const { code, err } = bash(cwd, `vm ${words} >/dev/full`);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: cannot write to standard output: no space left on device\n$/m);
    expect(err).not.toMatch(/^ +at /m);
  });
});

test('a reader that stays gets every byte', () => {
  const { out } = bash(cwd, `vm rewrite large.xml ${hosts} 2>/dev/null | cat | wc -c`);
  expect(Number(out)).toBe(run(cwd, ['rewrite', 'large.xml', ...HOSTS]).out.length);
});

test('standard input that cannot be read is told in one line', () => {
  expect(bash(cwd, `vm check - ${hosts} < .`)).toEqual({
    code: 2,
    out: '',
    err: text(/^error: cannot read standard input: [a-z][^\n]*\n$/),
  });
});
