import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, CommandError } from '../errors.ts';
import { held } from '../files/held.ts';
import { timeoutOf } from '../hosts/live.ts';
import { publicUri } from '../hosts/names.ts';
import { asking } from '../hosts/program.ts';
import { virsh } from '../hosts/virsh.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { agreed } from './agreed.ts';
import { isPath } from './files.ts';

/** A guest, where it is to be defined, and how to ask there. */
export interface Target {
  /** A name or UUID on the connection, or the path of a file. */
  readonly word: string;
  readonly uri: string;
  /** Runs virsh there. */
  readonly ask: (...words: readonly string[]) => Promise<string>;
}

export function targetOf(word: string, uri: string, args: Arguments, terminal: Terminal): Target {
  return { word, uri, ask: (...command) => virsh(uri, command, asking(timeoutOf(args), terminal)) };
}

/** What the next start would use, its passwords included: without them, defining it again would lose them. */
async function stored({ word, ask }: Target): Promise<string> {
  const text = await ask('dumpxml', '--inactive', '--security-info', '--domain', word);
  return `${text.trimEnd()}\n`;
}

/**
 * Defines a text through a file nobody else can read; a domain that changed since it was read is left alone.
 *
 * @throws CommandError for one that changed, and where virsh refuses
 */
export async function define(target: Target, before: string, text: string): Promise<void> {
  if (!isPath(target.word) && (await stored(target)) !== before)
    throw new CommandError(
      'changed-meanwhile',
      `${target.word} was changed by somebody else meanwhile: nothing was defined; run the command again`,
    );
  let directory: string | undefined;
  const remove = (): void => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  };
  const release = held(remove);
  try {
    directory = attempt('write', tmpdir(), () => mkdtempSync(join(tmpdir(), 'virt-migratable-')));
    const path = join(directory, 'domain.xml');
    attempt('write', path, () => {
      writeFileSync(path, text, { mode: 0o600 });
    });
    await target.ask('define', path);
  } finally {
    remove();
    release();
  }
}

/** What becomes of a guest. */
export interface Definition {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** What it is then. */
  readonly done: string;
}

/** Asks, and defines a guest; says when that takes effect. */
export async function definedIfAgreed(
  target: Target,
  { name, before, after, done }: Definition,
  args: Arguments,
  terminal: Terminal,
): Promise<boolean> {
  const where = publicUri(target.uri);
  if (!(await agreed(words`Define this on ${where}? [y/N] `, args, terminal))) {
    terminal.err(words`nothing was changed\n`);
    return false;
  }
  await define(target, before, after);
  terminal.tell(words`${name} is ${done} on ${where}\n${await whenItTakesEffect(name, target)}\n`);
  return true;
}

/** When a guest that was defined will notice. */
export async function whenItTakesEffect(name: string, { ask }: Target): Promise<string> {
  const facts = await ask('dominfo', '--domain', name);
  const state = /^State:(.*)$/m.exec(facts)?.[1]?.trim();
  if (state !== 'shut off')
    return 'It runs with its old CPU until it is stopped and started again; a reboot from inside is not enough.';
  return /^Managed save: +yes$/m.test(facts)
    ? 'Its saved image has the old CPU: start it, then stop and start it again, or remove the image (virsh managedsave-remove).'
    : 'Its next start has the new CPU.';
}
