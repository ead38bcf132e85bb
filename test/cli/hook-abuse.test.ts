import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runHook, type HookWorld } from '../../lib/cli/hook/run.ts';
import { domain, folder, HOSTS, off, run, SHARED, type Ran } from './run.ts';

const cwd = folder();
run(cwd, ['hook', 'install', '--hooks-dir', 'hooks', '--rescue', ...HOSTS, '--self', 'b']);
const SCRIPT = join(cwd, 'hooks/qemu.d/virt-migratable');
const STATE = join(cwd, 'hooks/virt-migratable/gate.4.json');
const GATED: ReadonlySet<string> = new Set(['migrate begin', 'restore begin', 'prepare begin']);

const words = fc
  .tuple(
    fc.oneof(fc.constantFrom('web-01', '', 'install', '-', '$(exit 7)', "a'b"), fc.string()),
    fc.oneof(
      fc.constantFrom(
        'migrate',
        'restore',
        'prepare',
        'reconnect',
        'started',
        'stopped',
        'release',
        'attach',
        'start',
      ),
      fc.string(),
    ),
    fc.oneof(fc.constantFrom('begin', 'end', '-'), fc.string()),
    fc.oneof(fc.constant('-'), fc.string()),
    fc.nat({ max: 4 }),
  )
  .map(([guest, operation, step, extra, count]) =>
    [guest, operation, step, extra].slice(0, count).map(withoutNul),
  );

const lines = fc.subarray(['clflushopt', 'clwb', 'lahf_lm', 'avx2', 'no-such-thing'].map(off));
const broken = fc.tuple(lines, fc.nat({ max: 600 }), fc.string()).map(([some, at, junk]) => {
  const xml = domain(...some);
  return xml.slice(0, at) + junk + xml.slice(at);
});
const inputs = fc.oneof(
  lines.map((some) => Buffer.from(domain(...some))),
  broken.map((xml) => Buffer.from(xml)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    Buffer.from(''),
    Buffer.from(SHARED),
    Buffer.from('<a>'.repeat(20_000)),
    Buffer.alloc(1 << 20, 'x'),
  ),
);

/** What holds of every call, whatever it is and whatever comes with it. */
function holds({ code, out, err }: Ran, [, operation = '', step = '']: readonly string[]): void {
  if (!GATED.has(`${operation} ${step}`)) {
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
    return;
  }
  expect([0, 1]).toContain(code);
  if (code === 1) {
    expect(out).toBe('');
    expect(err).toMatch(/^virt-migratable: domain [^\n]*\n$/);
  } else if (out !== '') {
    expect(operation).toBe('migrate');
    expect(out).toContain('-global');
    expect(err).toMatch(/^virt-migratable: domain [^\n]* passes: [^\n]*\n$/);
  }
}

/** An argument of a process ends at a NUL. */
function withoutNul(word: string): string {
  return word.replaceAll('\0', '');
}

function inProcess(called: readonly string[], input: Uint8Array | undefined, state = STATE): Ran {
  let [out, err] = ['', ''];
  const world: HookWorld = {
    stdin: () => {
      if (input === undefined) throw new Error('EBADF: bad file descriptor, read');
      return input;
    },
    out: (said) => void (out += said),
    err: (said) => void (err += said),
    log: () => undefined,
    now: () => 0,
  };
  return { code: runHook({ state, onError: 'deny' }, called, world), out, err };
}

// What the properties expect stands in `holds`.
/* eslint-disable jest/expect-expect */
test('a thousand calls: never a failure that does harm, never a word on standard output of a closed gate', () => {
  fc.assert(
    fc.property(words, fc.option(inputs, { nil: undefined }), fc.boolean(), (called, input, lost) => {
      holds(inProcess(called, input, lost ? '/no/such/state' : STATE), called);
    }),
    { numRuns: 1000 },
  );
});

test('and so it is for a process', () => {
  fc.assert(
    fc.property(words, inputs, (called, input) => {
      const { status, stdout, stderr } = spawnSync(SCRIPT, called, { input, timeout: 60_000 });
      holds({ code: status, out: stdout.toString(), err: stderr.toString() }, called);
    }),
    { numRuns: 12 },
  );
});

/* eslint-enable jest/expect-expect */

test.each([
  ['closed input', '<&-'],
  ['no input', '</dev/null'],
  ['input that never ends', '</dev/zero'],
  ['a directory as input', '</'],
  ['nobody to hear it', '</dev/null >&- 2>&-'],
])('%s does not hang it', (_, redirection) => {
  const shell = (operation: string): number | null =>
    spawnSync('sh', ['-c', `exec "$0" guest ${operation} - ${redirection}`, SCRIPT], { timeout: 60_000 })
      .status;
  expect(shell('migrate begin')).toBe(1);
  expect(shell('reconnect begin')).toBe(0);
});
