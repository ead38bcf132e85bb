import { attempt, CommandError, isSystemError, systemReason, usageError } from '../../lib/cli/errors.ts';
import { main } from '../../lib/cli/main.ts';
import { reportFailure } from '../../lib/cli/report/failure.ts';
import type { Terminal } from '../../lib/cli/terminal/terminal.ts';
import { LibvirtXmlError } from '../../lib/issues/issues.ts';
import { statSync } from 'node:fs';

/** A terminal that keeps what is printed. */
function memory(own: Partial<Terminal> = {}): {
  readonly terminal: Terminal;
  readonly printed: () => string;
} {
  let printed = '';
  const print = ({ text }: { readonly text: string }): void => void (printed += text);
  const terminal: Terminal = {
    data: (text) => void (printed += text),
    out: print,
    err: print,
    tell: print,
    detail: () => undefined,
    stdin: () => undefined,
    colour: { out: false, err: false },
    watched: false,
    interactive: false,
    verbose: false,
    width: () => 80,
    messageWidth: () => undefined,
    lineWidth: () => undefined,
    ...own,
  };
  return { terminal, printed: () => printed };
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

const overflow = thrownBy(function deeper(): unknown {
  return [deeper()];
});
const missing = thrownBy(() => statSync('/no/such/file'));

test.each<[string, unknown, number, string, RegExp]>([
  ['wrong usage', usageError('no'), 2, 'usage', /^error: no\n$/],
  [
    'more lines',
    new CommandError('host-unreachable', 'a', ['b', 'c\nd']),
    2,
    'host-unreachable',
    /^error: a\nb\nc\?d\n$/,
  ],
  [
    'a document',
    new LibvirtXmlError('bad-xml', 'why\nnot', { text: '<a\u009b>', offset: 0, file: 'x\u001by' }),
    2,
    'bad-xml',
    /^x\?y:1:1: error: why\?not\n<a\?>\n\^\n$/,
  ],
  [
    'a refusal of the system',
    missing,
    2,
    'system',
    /^error: stat \/no\/such\/file: no such file or directory\n$/,
  ],
  [
    'a full disk',
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' }),
    2,
    'system',
    /^error: write: no space left on device\n$/,
  ],
  [
    'a folder that is gone',
    Object.assign(new Error('ENOENT: process.cwd failed with error no such file or directory, uv_cwd'), {
      code: 'ENOENT',
      syscall: 'uv_cwd',
    }),
    2,
    'system',
    /^error: uv_cwd: .*no such file or directory\n$/,
  ],
  [
    'a range of ours',
    new RangeError('edit overlaps'),
    70,
    'internal',
    /^error: virt-migratable \S+ has a bug: RangeError: edit overlaps; please report it .*\n$/,
  ],
  [
    'a stack that overflows',
    overflow,
    70,
    'internal',
    /RangeError: Maximum call stack size exceeded; please report/,
  ],
  [
    'a slip',
    new TypeError("Cannot read properties of undefined (reading 'x')"),
    70,
    'internal',
    /TypeError: Cannot read/,
  ],
  [
    'an error of Node.js for what we gave it',
    Object.assign(new TypeError('The "path" argument'), { code: 'ERR_INVALID_ARG_TYPE' }),
    70,
    'internal',
    /please report/,
  ],
  ['what is no error', 'a text\u001b', 70, 'internal', /has a bug: a text\?; please report/],
])('%s', (_, error, code, jsonCode, words) => {
  const { terminal, printed } = memory();
  expect(reportFailure(error, [], terminal)).toBe(code);
  expect(printed()).toMatch(words);
  const asJson = memory();
  expect(reportFailure(error, ['--json'], asJson.terminal)).toBe(code);
  const [json = ''] = /^\{.*?\n\}\n/s.exec(asJson.printed()) ?? [];
  expect(JSON.parse(json)).toMatchObject({ schemaVersion: 1, error: { code: jsonCode } });
});

test.each([
  ['EACCES', 'read', 'permission-denied'],
  ['EPERM', 'write', 'permission-denied'],
  ['ENOENT', 'read', 'not-found'],
  ['EISDIR', 'read', 'unreadable'],
  ['ENOSPC', 'write', 'unwritable'],
] as const)('%s in a %s is %s', (code, doing, expected) => {
  const refused = Object.assign(new Error(`${code}: why, open 'x'`), { code, syscall: 'open' });
  const error = thrownBy(() =>
    attempt(doing, 'x', () => {
      throw refused;
    }),
  );
  expect(error).toMatchObject({ code: expected, message: `cannot ${doing} x: why` });
});

test('where even that cannot be printed, the code stays', () => {
  const { terminal } = memory({
    data: () => {
      throw new CommandError('unwritable', 'full');
    },
  });
  expect(reportFailure(usageError('no'), ['--json'], terminal)).toBe(2);
});

test('a bug has its place with --verbose', () => {
  let detail = '';
  const { terminal } = memory({ detail: ({ text }) => void (detail += text) });
  reportFailure(new Error('ours'), [], terminal);
  expect(detail).toMatch(/^ +at .*failure\.test\.ts/m);
});

describe('the command', () => {
  test.each<[string, () => never, number]>([
    [
      'a bug',
      () => {
        throw new RangeError('Maximum call stack size exceeded');
      },
      70,
    ],
    [
      'the system',
      () => {
        throw missing as Error;
      },
      2,
    ],
  ])('is stopped by %s', async (_, out, code) => {
    const { terminal } = memory({ out });
    expect(await main(['--version'], () => terminal)).toBe(code);
  });
});

test('the reason of the system is told without its name for it and the path', () => {
  expect(isSystemError(missing) && systemReason(missing)).toBe('no such file or directory');
  const renamed = Object.assign(new Error("EXDEV: cross-device link not permitted, rename 'a, b' -> 'c'"), {
    code: 'EXDEV',
    syscall: 'rename',
  });
  expect(isSystemError(renamed) && systemReason(renamed)).toBe('cross-device link not permitted');
});
