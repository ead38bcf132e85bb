import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RewriteResult } from '../../../types/plan.ts';
import { attempt, CommandError } from '../errors.ts';
import { held } from '../files/held.ts';
import { readTextFile, type TextFile } from '../files/read.ts';
import { timeoutOf } from '../hosts/live.ts';
import { publicUri } from '../hosts/names.ts';
import { poolOf } from '../hosts/pool.ts';
import { asking } from '../hosts/program.ts';
import { virsh } from '../hosts/virsh.ts';
import { limits, planOptions } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { changeFacts, json } from '../report/json.ts';
import { printDiff } from '../report/patch.ts';
import type { ApplyResult } from '../report/results.ts';
import { besidesDisables, exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words, type Words } from '../terminal/words.ts';
import { tellChanges, tellLevel } from './rewrite.ts';

/** A domain, where it is to be defined, and how to ask there. */
interface Target {
  readonly word: string;
  readonly uri: string;
  /** Runs virsh there. */
  readonly ask: (...words: readonly string[]) => Promise<string>;
}

/** Rewrites a domain for its hosts, shows what changes, asks, and defines it. */
export async function apply(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const target = targetOf(args, terminal);
  if (!args.has('yes') && !terminal.interactive)
    throw new CommandError(
      'not-confirmed',
      'nobody can be asked here: use --yes to define without a question',
    );
  const source = await domainText(target, terminal);
  const pool = await poolOf(args, terminal, source);
  const result = pool.rewrite(source.text, {
    read: { ...limits(args), file: source.path },
    record: args.has('record'),
    ...planOptions(args),
  });
  tellLevel(result, terminal);
  tellIssues(besidesDisables(result.issues), terminal, source);
  if (result.ok) tellChanges(result, terminal);
  const tell = (defined: boolean): void => {
    if (args.has('json')) terminal.data(json(applyFacts(result, defined)));
  };
  if (!result.ok || !result.changed) {
    if (result.ok) terminal.tell(words`${target.word}: nothing has to change\n`);
    tell(false);
    return exitCodeFor(result.issues);
  }
  if (!args.has('json')) printDiff(source.path, source.text, result.xml, terminal);
  if (!args.has('yes') && !(await agreed(words`Define this on ${publicUri(target.uri)}? [y/N] `, terminal))) {
    terminal.err(words`nothing was changed\n`);
    tell(false);
    return 1;
  }
  await define(target, source, result.xml);
  terminal.tell(fitted(await outcome(result.domain.name ?? target.word, target), terminal.messageWidth()));
  tell(true);
  return 0;
}

function targetOf(args: Arguments, terminal: Terminal): Target {
  const [word = ''] = args.positionals;
  const uri = args.text('connect');
  if (uri === undefined)
    throw new CommandError('missing-argument', 'no connection given: use --connect URI, as for virsh');
  return { word, uri, ask: (...command) => virsh(uri, command, asking(timeoutOf(args), terminal)) };
}

/** A path has a slash or ends in .xml; everything else is a name or UUID on the connection. */
function isPath(word: string): boolean {
  return word === '-' || word.includes('/') || word.endsWith('.xml');
}

async function domainText(target: Target, terminal: Terminal): Promise<TextFile> {
  if (isPath(target.word)) return readTextFile(target.word, terminal);
  return { path: target.word, text: await stored(target), mode: undefined };
}

/** What the next start would use, its passwords included: without them, defining it again would lose them. */
async function stored({ word, ask }: Target): Promise<string> {
  const text = await ask('dumpxml', '--inactive', '--security-info', '--domain', word);
  return `${text.trimEnd()}\n`;
}

async function agreed(question: Words, terminal: Terminal): Promise<boolean> {
  terminal.err(question);
  const person = createInterface({ input: process.stdin });
  const answer = await new Promise<string>((resolve) => {
    person.once('line', resolve);
    person.once('close', () => {
      resolve('');
    });
  });
  person.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

/** Defines the text through a file nobody else can read; a domain that changed since it was read is left alone. */
async function define(target: Target, source: TextFile, text: string): Promise<void> {
  if (!isPath(target.word) && (await stored(target)) !== source.text)
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

/** That it is done, and when the guest will notice. */
async function outcome(name: string, { uri, ask }: Target): Promise<Words> {
  const facts = await ask('dominfo', '--domain', name);
  const state = /^State:(.*)$/m.exec(facts)?.[1]?.trim();
  const saved = /^Managed save: +yes$/m.test(facts);
  const done = words`${name} is defined on ${publicUri(uri)}\n`;
  if (state !== 'shut off')
    return words`${done}It runs with its old CPU until it is stopped and started again; a reboot from inside is not enough.\n`;
  if (saved)
    return words`${done}Its saved image has the old CPU: start it, then stop and start it again, or remove the image (virsh managedsave-remove).\n`;
  return words`${done}Its next start has the new CPU.\n`;
}

function applyFacts(result: RewriteResult, defined: boolean): ApplyResult {
  const { domain, plan, issues } = result;
  const { disable, levels, shared } = plan;
  return {
    command: 'apply',
    domain: domain.name,
    ok: result.ok,
    changed: result.ok && result.changed,
    defined,
    plan: { disable, levels, shared: changeFacts(shared) },
    issues,
  };
}
