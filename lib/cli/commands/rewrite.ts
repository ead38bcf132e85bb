import { join } from 'node:path';
import type { Baseline } from '../../../types/baseline.ts';
import type { Rewritten, RewrittenPerHost } from '../../../types/plan.ts';
import type { RecordedChange } from '../../../types/record.ts';
import { disablesWritten } from '../../diff/cpu/changes.ts';
import { deliver, inPlaceContradictions, outputName, refuseFirst } from '../files/output.ts';
import type { TextFile } from '../files/read.ts';
import { workOf } from '../guests/answer.ts';
import { eachOnce } from '../guests/files.ts';
import { chosenGuests, sampleOf, type Chosen } from '../guests/chosen.ts';
import { guestsIn } from '../guests/guests.ts';
import { isManifest } from '../guests/manifests.ts';
import { factsOf, outputsOf, refuseManifests, rewritten, type Result } from '../guests/rewrite.ts';
import { refuseUnknownHost } from '../hosts/names.ts';
import { poolOf } from '../hosts/pool.ts';
import { statesHosts, type Arguments } from '../options/parse.ts';
import { baselineFacts, json } from '../report/json.ts';
import { disableLines } from '../../report/costs.ts';
import { levelWords } from '../report/levels.ts';
import { nextCommand } from '../report/next.ts';
import type { RewriteResultFacts } from '../report/results.ts';
import { besidesDisables, exitCodeFor, otherChanges, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words, type Words } from '../terminal/words.ts';

/** Disables in the domain what not all hosts have. Nothing is written unless everything could be read and planned. */
export async function rewrite(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  refuseContradictions(args);
  const chosen = await chosenGuests(args, terminal, ['--inactive', '--security-info']);
  return chosen.only === undefined
    ? rewriteMany(chosen, args, terminal)
    : rewriteOne(chosen.only, args, terminal);
}

/** Many are written where each has its place: over itself, or into a directory. */
async function rewriteMany(chosen: Chosen, args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const [{ content } = {}] = chosen.files;
  if (content !== undefined && isManifest(content.text)) refuseManifests(guestsIn(content, args));
  refuseManyContradictions(chosen, args);
  const pool = await poolOf(args, terminal, sampleOf(chosen.files, args, terminal));
  refuseUnknownHost('--for', args.text('for'), pool.baseline.hosts);
  const { answerMany } = await import('../guests/many.ts');
  const files = args.has('in-place') ? eachOnce(chosen.files) : chosen.files;
  return answerMany({ ...chosen, files }, workOf('rewrite', args, pool, terminal), terminal);
}

async function rewriteOne(source: TextFile, args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const pool = await poolOf(args, terminal, source);
  const result = rewritten(pool, args, { text: source.text, file: source });
  refuseUnknownHost('--for', args.text('for'), pool.baseline.hosts);
  tellLevel(result, terminal);
  tellIssues(besidesDisables(result.issues), terminal, source);
  if (result.ok) tellChanges(result, terminal);
  if (args.has('json')) terminal.data(json(rewriteFacts(result, pool.baseline)));
  if (!result.ok) {
    const next = nextCommand(result.issues, args);
    if (next !== undefined) terminal.tell(next);
    return exitCodeFor(result.issues);
  }
  const outputs = outputsOf(result, args);
  const isDry = args.has('check');
  if (!isDry || args.has('diff')) await deliver(source, outputs, args, terminal);
  return isDry && outputs.some(({ text }) => text !== source.text) ? 1 : 0;
}

/** Options that exclude each other, with what to say. */
function refuseContradictions(args: Arguments): void {
  const form = args.text('form') ?? 'shared';
  const chosen = args.text('for') !== undefined;
  const output = args.text('output');
  const manyOutputs = form === 'per-host' && !chosen;
  const template = output?.includes('{host}');
  refuseFirst([
    [chosen && form !== 'per-host', '--for needs --form per-host'],
    [form === 'shared' && template === true, '{host} in --output needs --form per-host'],
    ...inPlaceContradictions(args),
    [args.has('in-place') && manyOutputs, '--in-place writes one XML: choose a host with --for NAME'],
    [manyOutputs && template === false, 'one XML for each host: --output needs {host} in the file name'],
  ]);
}

/** The same for many. */
function refuseManyContradictions({ files }: Chosen, args: Arguments): void {
  const output = args.text('output');
  const isWritten = output !== undefined || args.has('in-place');
  const isShown = ['diff', 'check', 'json'].some((name) => args.has(name as 'diff'));
  const names = output === undefined ? [] : files.map(({ path }) => outputName(path));
  const twice = firstTwice(names);
  const unfiled = files.find(({ path, origin }) => path === '-' || origin === 'connection');
  refuseFirst([
    // Without hosts, some of the files are meant as such: that is told instead.
    [
      statesHosts(args) && !isWritten && !isShown,
      'many guests: use --in-place, or --output DIR, or look with --diff or --dry-run',
    ],
    [twice !== undefined, `two guests would be written to ${join(output ?? '', twice ?? '')}`],
    [
      args.has('in-place') && unfiled !== undefined,
      `${unfiled?.path ?? ''} is no file: --in-place cannot replace it; see apply`,
    ],
  ]);
}

function firstTwice(names: readonly string[]): string | undefined {
  const known = new Set<string>();
  return names.find((name) => known.size === known.add(name).size);
}

/** The x86-64 level that the guest keeps, in the first line; nothing where it keeps all it had. */
export function tellLevel(result: Result, terminal: Terminal): void {
  const { levels, shared } = result.plan;
  const isChanged = 'changed' in result ? result.changed : result.ok && shared.length > 0;
  const isAsBefore = !isChanged && levels?.level === levels?.best;
  const level = isAsBefore ? undefined : levelWords(levels);
  if (level !== undefined)
    terminal.tell(fitted(words`level of the guest: ${level}\n`, terminal.messageWidth()));
}

/** Each feature that goes, with the hosts that decide it, and each that is let go; then whatever else changes. */
export function tellChanges(result: Rewritten | RewrittenPerHost, terminal: Terminal): void {
  const { plan } = result;
  const recorded = 'recorded' in result ? result.recorded : undefined;
  const before = recordedFeatures(recorded?.before);
  const after = recordedFeatures(recorded?.after);
  const reasons = disablesWritten(plan);
  const added = reasons.filter(({ feature }) => !before.has(feature));
  const tell = (line: Words): void => {
    terminal.tell(fitted(line, terminal.messageWidth()));
  };
  for (const line of disableLines(added, { all: terminal.verbose, before: 'disable ' }))
    tell(words`${line}\n`);
  for (const feature of before) {
    if (!after.has(feature))
      tell(words`no longer disable ${feature}: the hosts do not differ in it any more\n`);
  }
  if ('changed' in result && !result.changed) return;
  const told = new Set([...reasons.map(({ feature }) => feature), ...before]);
  for (const change of otherChanges(plan.shared, told)) tell(words`${change}\n`);
}

function recordedFeatures(changes: readonly RecordedChange[] = []): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => (change.kind === 'feature' ? [change.name] : [])));
}

function rewriteFacts(result: Result, baseline: Baseline): RewriteResultFacts {
  const facts = { command: 'rewrite', ...factsOf(result) } as const;
  const [issues, known] = [{ issues: result.issues }, { baseline: baselineFacts(baseline) }];
  return result.ok ? { ...facts, ...known, ...issues } : { ...facts, ...issues, ...known };
}
