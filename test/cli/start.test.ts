import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const ARGUMENTS = ['rewrite', 'guest.xml', '--host', 'hosts/kvm-a.xml', '--host', 'hosts/kvm-b.xml'];
const COMPILED = `
  const { compiled } = require(process.argv[1]);
  console.log(['./command.cjs', './xmlbuilder2.cjs'].map((name) => compiled(name).cachedDataRejected).join());
`;

const folder = mkdtempSync(join(tmpdir(), 'virt-migratable-start-'));
const command = join(folder, 'dist/cli/virt-migratable.cjs');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  mkdirSync(join(folder, 'dist'));
  cpSync(join(ROOT, 'dist/cli'), join(folder, 'dist/cli'), { recursive: true });
});

beforeAll(() => {
  symlinkSync(join(ROOT, 'lib'), join(folder, 'lib'));
});

function node(...words: readonly string[]): string {
  return execFileSync(process.execPath, words, {
    cwd: join(ROOT, 'examples'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Puts something else in the place of all bytecode. */
function replaceBytecode(change: (bytes: Buffer) => Buffer | undefined): void {
  const files = readdirSync(join(folder, 'dist/cli')).filter((name) => name.endsWith('.bytecode'));
  expect(files).toHaveLength(2);
  for (const name of files) {
    const path = join(folder, 'dist/cli', name);
    const bytes = change(readFileSync(path));
    if (bytes === undefined) rmSync(path);
    else writeFileSync(path, bytes);
  }
}

test('the build leaves bytecode that this Node takes', () => {
  expect(node('-e', COMPILED, join(ROOT, 'dist/cli/virt-migratable.cjs'))).toBe('false,false\n');
});

test.each<[string, (bytes: Buffer) => Buffer | undefined, string]>([
  ['there is none', () => undefined, ','],
  ['it is empty', () => Buffer.alloc(0), 'true,true'],
  ['it is cut', (bytes) => bytes.subarray(0, bytes.length / 2), 'true,true'],
  ['it is of another V8', (bytes) => Buffer.concat([Buffer.alloc(16), bytes.subarray(16)]), 'true,true'],
  ['it is of another source', (bytes) => bytes.fill(1, 8, 12), 'true,true'],
])('the command works from its sources where %s', (_, change, refused) => {
  replaceBytecode(change);
  expect(node('-e', COMPILED, command)).toBe(`${refused}\n`);
  expect(node(command, ...ARGUMENTS)).toBe(node(join(ROOT, 'dist/cli/virt-migratable.cjs'), ...ARGUMENTS));
});
