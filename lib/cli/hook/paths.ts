import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isHookScript, valueIn } from './script.ts';
import { STATE_VERSION } from './state.ts';

/** Where the parts of a gate stand. */
export interface GatePaths {
  readonly script: string;
  readonly folder: string;
  readonly state: string;
  /** The one file that gives verdicts, copied there: it outlives what it was installed from. */
  readonly program: string;
  readonly copies: string;
}

/** A host file to be kept beside the state. */
export interface HostCopy {
  /** The host's name, or that of a text of several. */
  readonly host: string;
  /** The text has hosts that name themselves. */
  readonly several: boolean;
  readonly text: string;
}

const SCRIPT_NAME = 'virt-migratable';
/** State and program of one version go together: a call that runs while another version is installed finds its own. */
const OWN_FILE = /^gate(?:\.\d+)?\.(?:json|cjs)$/;
/** A folder in which a new gate is made ready, by the process that does. */
const STAGED = /^\.staged-\d+-[\da-z]+$/;
/** Longer names than most file systems take, numbers and endings included. */
const LONGEST_NAME = 200;

/**
 * The gate's places in this directory of hooks. Where no directory for the state is given, it is the one that the gate
 * there has, or else one of its own beside the hooks.
 *
 * @see https://libvirt.org/hooks.html
 */
export function gatePaths(hooksDir: string, stateDir: string | undefined): GatePaths {
  const script = join(hooksDir, 'qemu.d', SCRIPT_NAME);
  const folder = stateDir ?? folderOf(script) ?? join(hooksDir, 'virt-migratable');
  return {
    script,
    folder,
    state: join(folder, `gate.${STATE_VERSION}.json`),
    program: join(folder, `gate.${STATE_VERSION}.cjs`),
    copies: join(folder, 'hosts'),
  };
}

/** The folder that a script of this version works from. */
function folderOf(script: string): string | undefined {
  try {
    const text = readFileSync(script, 'utf8');
    const program = isHookScript(text) ? valueIn('program', text) : undefined;
    return program === undefined ? undefined : dirname(program);
  } catch {
    return undefined;
  }
}

/** A new folder's path, beside the state and so on its file system. */
export function stagingPath({ folder }: GatePaths): string {
  return join(folder, `.staged-${process.pid}-${Math.random().toString(36).slice(2, 10)}`);
}

/** Files and folders in the gate's folder that this command writes, of whatever version, its copies of hosts apart. */
export function ownFilesIn({ folder }: GatePaths): readonly string[] {
  return pathsIn(folder, OWN_FILE);
}

/** What installations that were stopped have left in the gate's folder. */
export function stagedIn({ folder }: GatePaths): readonly string[] {
  return pathsIn(folder, STAGED);
}

function pathsIn(folder: string, pattern: RegExp): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
}

/** Does everything in the gate's folder come from this command? */
export function hasOnlyOwn({ folder }: GatePaths): boolean {
  return readdirSync(folder).every((name) => name === 'hosts' || OWN_FILE.test(name) || STAGED.test(name));
}

/**
 * What installations that were stopped have left among libvirt's hooks, or beside them: versions before 0.2 made the
 * script ready in `qemu.d`, where libvirt runs every executable.
 */
export function leftBeside({ script }: GatePaths): readonly string[] {
  const pattern = new RegExp(`^\\.(?:${SCRIPT_NAME}\\.\\d+|vm-\\d+-[\\da-z]+)\\.tmp$`);
  return [dirname(script), dirname(dirname(script))].flatMap((folder) => pathsIn(folder, pattern));
}

/**
 * A file name for each copy: the host's, numbered where a host has several files. No host's own name has a plus sign
 * once it is encoded, so that no two can meet.
 */
export function copyNames(copies: readonly HostCopy[]): readonly string[] {
  const counts = new Map<string, number>();
  return copies.map(({ host }) => {
    const count = (counts.get(host) ?? 0) + 1;
    counts.set(host, count);
    return `${shortened(encodeURIComponent(host))}${count === 1 ? '' : `+${count}`}.xml`;
  });
}

function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.slice(0, LONGEST_NAME - digest.length)}+${digest}`;
}
