import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a run of the command leaves behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How to run it, where that matters. */
export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export const COMMAND = join(__dirname, '../../dist/cli/virt-migratable.cjs');

/** The command as the shell wants it. */
export const SHELL_COMMAND = `'${process.execPath}' '${COMMAND}'`;

/** Both captured hosts, their libvirt version stated, so that nothing is left to be noted. */
export const HOSTS = ['--host', 'a=kvm-a.xml', '--host', 'b=kvm-b.xml', '--libvirt-version', '9.0.0'];

/** The guest rewritten for them. */
export const REWRITE = ['rewrite', 'guest.xml', ...HOSTS];

/** The first captured host again, for one more file of it. */
export const TWIN = { 'kvm-a-twin.xml': readFileSync(join(__dirname, '../../examples/hosts/kvm-a.xml')) };

const folders: string[] = [];
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

/** A new folder with both captured hosts and these files; removed behind the last test. */
export function folder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
  folders.push(path);
  for (const name of ['kvm-a.xml', 'kvm-b.xml'])
    copyFileSync(join(__dirname, '../../examples/hosts', name), join(path, name));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** Runs the built command in a folder, as no terminal. */
export function run(cwd: string, words: readonly string[], options: RunOptions = {}): Ran {
  return spawned(process.execPath, [COMMAND, ...words], cwd, options);
}

/** Runs a line of shell in a folder. */
export function shell(cwd: string, line: string, options: RunOptions = {}): Ran {
  return spawned('sh', ['-c', line], cwd, options);
}

function spawned(file: string, words: readonly string[], cwd: string, { input = '', env }: RunOptions): Ran {
  const { NO_COLOR: _, ...inherited } = process.env;
  const result = spawnSync(file, words, {
    cwd,
    input,
    env: { ...inherited, TERM: 'xterm', ...env },
    maxBuffer: 1 << 28,
  });
  return { code: result.status, out: result.stdout.toString(), err: result.stderr.toString() };
}

/** The bytes of a file, to be compared as text that loses nothing. */
export function bytesOf(cwd: string, name: string): string {
  return readFileSync(join(cwd, name), 'latin1');
}

/** Who may do what with a file. */
export function modeOf(cwd: string, name: string): number {
  return statSync(join(cwd, name)).mode & 0o7777;
}

/** What is in a folder. */
export function namesIn(cwd: string): readonly string[] {
  return readdirSync(cwd).sort();
}

/** Stands for a text that contains this, or matches it. */
export function text(like: string | RegExp): unknown {
  return typeof like === 'string' ? expect.stringContaining(like) : expect.stringMatching(like);
}

/** A guest that follows its host, with these lines in its `<cpu>`. */
export function domain(...features: readonly string[]): string {
  const cpu = "  <cpu mode='host-passthrough' check='none' migratable='on'";
  const lines = features.map((feature) => `    ${feature}\n`).join('');
  return `<domain type='kvm'>
  <name>guest</name>
  <os>
    <type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type>
  </os>
${features.length === 0 ? `${cpu}/>\n` : `${cpu}>\n${lines}  </cpu>\n`}</domain>
`;
}

/** The line that turns a feature off. */
export function off(name: string): string {
  return `<feature policy='disable' name='${name}'/>`;
}

/** What the guest must become for both hosts, and for each of them. */
export const SHARED = domain(off('clflushopt'), off('clwb'), off('lahf_lm'));
export const FOR_A = domain(off('clwb'), off('lahf_lm'));
export const FOR_B = domain(off('clflushopt'));

/** Why, as the command tells it. */
export const REASONS = [
  'clflushopt: b has it, a lacks it. No consequence is known.',
  'clwb, lahf_lm: a has them, b lacks them. No consequence is known.',
];

/** The level of a guest on the two captured hosts, as `rewrite` says it. */
export const LEVEL_LINE = 'level of the guest: x86-64-v1\n';
