import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { RewriteResult } from '../../../types/plan.ts';
import { limits, planOptions, type Arguments } from '../arguments.ts';
import { readText, type TextFile } from '../files.ts';
import { timeoutOf } from '../live.ts';
import { poolOf } from '../pool.ts';
import { changeFacts, json } from '../report/json.ts';
import { unifiedDiff } from '../report/patch.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';
import { timeLimit, virsh } from '../virsh.ts';
import { tellChanges } from './rewrite.ts';

/** A domain, where it is to be defined, and how to ask there. */
interface Target {
  readonly word: string;
  readonly uri: string;
  /** Runs virsh there. */
  readonly ask: (...words: readonly string[]) => Promise<string>;
}

/** Rewrites a domain for its hosts, shows what changes, asks, and defines it. */
export async function apply(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const target = targetOf(args);
  if (!args.has('yes') && !terminal.interactive)
    throw new UsageError('nobody can be asked here: give --yes to define without a question');
  const source = await readDomain(target, terminal);
  const pool = await poolOf(args, terminal, source);
  const result = pool.rewrite(source.text, {
    read: { ...limits(args), file: source.path },
    record: args.has('record'),
    ...planOptions(args),
  });
  tellIssues(result.issues, terminal, source);
  if (result.ok) tellChanges(result, terminal);
  const tell = (defined: boolean): void => {
    if (args.has('json')) terminal.out(json(factsOf(result, defined)));
  };
  if (!result.ok || !result.changed) {
    if (result.ok) terminal.err(`${target.word}: nothing has to change\n`);
    tell(false);
    return exitCodeFor(result.issues);
  }
  if (!args.has('json')) terminal.out(unifiedDiff(source.path, source.text, result.xml, terminal.colour.out));
  if (!args.has('yes') && !(await agreed(`Define this on ${target.uri}? [y/N] `))) {
    terminal.err('nothing was changed\n');
    tell(false);
    return 1;
  }
  await define(target, source, result.xml);
  terminal.err(await outcome(result.domain.name ?? target.word, target));
  tell(true);
  return 0;
}

function targetOf(args: Arguments): Target {
  const [word, another] = args.positionals;
  const uri = args.text('connect');
  if (word === undefined)
    throw new UsageError('which domain? Usage: virt-migratable apply DOMAIN --connect URI --host …');
  if (another !== undefined) throw new UsageError(`one domain at a time: what is "${another}"?`);
  if (uri === undefined) throw new UsageError('where? Give --connect URI, as to virsh');
  return { word, uri, ask: (...words) => virsh(uri, words, timeLimit(timeoutOf(args))) };
}

/** A path has a slash or ends in .xml; everything else is a name or UUID on the connection. */
function isPath(word: string): boolean {
  return word === '-' || word.includes('/') || word.endsWith('.xml');
}

async function readDomain(target: Target, terminal: Terminal): Promise<TextFile> {
  if (isPath(target.word)) return readText(target.word, terminal);
  return { path: target.word, text: await stored(target) };
}

/** What the next start would use, its passwords included: without them, defining it again would lose them. */
async function stored({ word, ask }: Target): Promise<string> {
  const text = await ask('dumpxml', '--inactive', '--security-info', '--domain', word);
  return `${text.trimEnd()}\n`;
}

async function agreed(question: string): Promise<boolean> {
  const person = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new Promise<string>((resolve) =>
    person.once('close', () => {
      resolve('');
    }),
  );
  const answer = await Promise.race([person.question(question), gone]);
  person.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

/** Defines the text through a file nobody else can read; a domain that changed since it was read is left alone. */
async function define(target: Target, source: TextFile, text: string): Promise<void> {
  if (!isPath(target.word) && (await stored(target)) !== source.text)
    throw new UsageError(`${target.word} was changed by someone else meanwhile; nothing was defined`);
  const directory = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
  try {
    const path = join(directory, 'domain.xml');
    writeFileSync(path, text, { mode: 0o600 });
    await target.ask('define', path);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** That it is done, and when the guest will notice. */
async function outcome(name: string, { uri, ask }: Target): Promise<string> {
  const facts = await ask('dominfo', '--domain', name);
  const state = /^State:(.*)$/m.exec(facts)?.[1]?.trim();
  const saved = /^Managed save: +yes$/m.test(facts);
  const done = `${name} is defined on ${uri}\n`;
  if (state !== 'shut off')
    return `${done}It runs with its old CPU until it is stopped and started again; a reboot from inside is not enough.\n`;
  if (saved)
    return `${done}Its saved image keeps the old CPU: start it, then stop and start it again, or give the image up (virsh managedsave-remove).\n`;
  return `${done}Its next start has the new CPU.\n`;
}

function factsOf(result: RewriteResult, defined: boolean): object {
  const { domain, plan, issues } = result;
  const { disable, shared } = plan;
  return {
    command: 'apply',
    domain: domain.name,
    ok: result.ok,
    changed: result.ok && result.changed,
    defined,
    plan: { disable, shared: changeFacts(shared) },
    issues,
  };
}
