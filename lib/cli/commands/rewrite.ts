import type { Baseline } from '../../../types/baseline.ts';
import type { Pool } from '../../../types/pool.ts';
import type { Refused, Rewritten, RewriteResult, RewrittenPerHost } from '../../../types/plan.ts';
import type { RecordedChange } from '../../../types/record.ts';
import { turnedOff } from '../../diff/cpu/changes.ts';
import { deliver, inPlaceContradictions, refuseFirst, type Output } from '../files/output.ts';
import { readTextFile, type TextFile } from '../files/read.ts';
import { noSuchHost } from '../hosts/names.ts';
import { poolOf } from '../hosts/pool.ts';
import { limits, planOptions } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { baselineFacts, changeFacts, json } from '../report/json.ts';
import { disableLines } from '../../report/costs.ts';
import { levelWords } from '../report/levels.ts';
import type { RewriteResultFacts } from '../report/results.ts';
import { besidesDisables, exitCodeFor, otherChanges, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words, type Words } from '../terminal/words.ts';

/** Disables in the domain what not all hosts have. Nothing is written unless everything could be read and planned. */
export async function rewrite(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  refuseContradictions(args);
  const [path = ''] = args.positionals;
  const source = readTextFile(path, terminal);
  const pool = await poolOf(args, terminal, source);
  const result = rewritten(pool, args, source);
  refuseUnknownHost(args, pool.baseline);
  tellLevel(result, terminal);
  tellIssues(besidesDisables(result.issues), terminal, source);
  if (result.ok) tellChanges(result, terminal);
  if (args.has('json')) terminal.data(json(rewriteFacts(result, pool.baseline)));
  if (!result.ok) return exitCodeFor(result.issues);
  const outputs = outputsOf(result, args);
  const isDry = args.has('check');
  if (!isDry || args.has('diff')) await deliver(source, outputs, args, terminal);
  return isDry && outputs.some(({ text }) => text !== source.text) ? 1 : 0;
}

/** Each host's own form is judged by that host's libvirt alone, but a record is noted in all of them alike. */
function rewritten(pool: Pool, args: Arguments, source: TextFile): RewriteResult | RewrittenPerHost {
  const options = { read: { ...limits(args), file: source.path }, ...planOptions(args) };
  const record = args.has('record');
  return args.text('form') === 'per-host' && !record
    ? pool.rewritePerHost(source.text, options)
    : pool.rewrite(source.text, { ...options, record });
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

function refuseUnknownHost(args: Arguments, { hosts }: Baseline): void {
  const wanted = args.text('for');
  const names = hosts.map(({ name }) => name);
  if (wanted !== undefined && !names.includes(wanted)) throw noSuchHost('--for', wanted, names);
}

function outputsOf(result: Rewritten | RewrittenPerHost, args: Arguments): readonly Output[] {
  const { perHost, forHost } = result;
  if ('xml' in result && args.text('form') !== 'per-host') return [{ text: result.xml }];
  const host = args.text('for');
  if (host !== undefined) return [{ host, text: forHost(host).xml }];
  return Object.entries(perHost).map(([name, text]): Output => ({ host: name, text }));
}

/** The x86-64 level that the guest keeps, in the first line; nothing where it keeps all it had. */
export function tellLevel(result: Refused | Rewritten | RewrittenPerHost, terminal: Terminal): void {
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
  const changed = turnedOff(plan.shared);
  const before = recordedFeatures(recorded?.before);
  const after = recordedFeatures(recorded?.after);
  const reasons = plan.disable.filter(({ feature }) => changed.has(feature));
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

function rewriteFacts(
  result: Refused | Rewritten | RewrittenPerHost,
  baseline: Baseline,
): RewriteResultFacts {
  const { plan, issues, domain } = result;
  const base = { command: 'rewrite', domain: domain.name, ok: result.ok } as const;
  const { levels } = plan;
  if (!result.ok) return { ...base, levels, issues, baseline: baselineFacts(baseline) };
  const { perHost } = result;
  const recorded = 'recorded' in result ? result.recorded : undefined;
  return {
    ...base,
    ...('xml' in result && { changed: result.changed, shared: result.xml }),
    perHost,
    plan: {
      disable: plan.disable,
      levels,
      shared: changeFacts(plan.shared),
      perHost: Object.fromEntries(
        Object.entries(plan.perHost).map(([host, changes]) => [host, changeFacts(changes)]),
      ),
    },
    ...(recorded !== undefined && { recorded }),
    baseline: baselineFacts(baseline),
    issues,
  };
}
