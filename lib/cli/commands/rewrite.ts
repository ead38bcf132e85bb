import type { Baseline } from '../../../types/baseline.ts';
import type { Rewritten, RewriteResult } from '../../../types/plan.ts';
import type { RecordedChange } from '../../../types/record.ts';
import { turnedOff } from '../../diff/cpu/changes.ts';
import { deliver, inPlaceContradictions, refuseFirst, type Output } from '../files/output.ts';
import { readTextFile } from '../files/read.ts';
import { noSuchHost } from '../hosts/names.ts';
import { poolOf } from '../hosts/pool.ts';
import { limits, planOptions } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { baselineFacts, changeFacts, json } from '../report/json.ts';
import { exitCodeFor, otherChanges, reasonFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Disables in the domain what not all hosts have. Nothing is written unless everything could be read and planned. */
export async function rewrite(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  refuseContradictions(args);
  const [path = ''] = args.positionals;
  const source = readTextFile(path, terminal);
  const pool = await poolOf(args, terminal, source);
  const result = pool.rewrite(source.text, {
    read: { ...limits(args), file: source.path },
    record: args.has('record'),
    ...planOptions(args),
  });
  refuseUnknownHost(args, pool.baseline);
  tellIssues(result.issues, terminal, source);
  if (result.ok) tellChanges(result, terminal);
  if (args.has('json')) terminal.data(json(rewriteFacts(result, pool.baseline)));
  if (!result.ok) return exitCodeFor(result.issues);
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

function refuseUnknownHost(args: Arguments, { hosts }: Baseline): void {
  const wanted = args.text('for');
  const names = hosts.map(({ name }) => name);
  if (wanted !== undefined && !names.includes(wanted)) throw noSuchHost('--for', wanted, names);
}

function outputsOf({ xml, perHost, forHost }: Rewritten, args: Arguments): readonly Output[] {
  if (args.text('form') !== 'per-host') return [{ text: xml }];
  const host = args.text('for');
  if (host !== undefined) return [{ host, text: forHost(host).xml }];
  return Object.entries(perHost).map(([name, text]): Output => ({ host: name, text }));
}

/** Each feature that goes, with the hosts that decide it, and each that is let go; then whatever else changes. */
export function tellChanges({ plan, recorded, changed: isChanged }: Rewritten, terminal: Terminal): void {
  const changed = turnedOff(plan.shared);
  const before = recordedFeatures(recorded?.before);
  const after = recordedFeatures(recorded?.after);
  const reasons = plan.disable.filter(({ feature }) => changed.has(feature));
  for (const planned of reasons) {
    if (!before.has(planned.feature)) terminal.tell(words`disable ${reasonFor(planned)}\n`);
  }
  for (const feature of before) {
    if (!after.has(feature))
      terminal.tell(words`no longer disable ${feature}: the hosts do not differ in it any more\n`);
  }
  if (!isChanged) return;
  const told = new Set([...reasons.map(({ feature }) => feature), ...before]);
  for (const change of otherChanges(plan.shared, told)) terminal.tell(words`${change}\n`);
}

function recordedFeatures(changes: readonly RecordedChange[] = []): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => (change.kind === 'feature' ? [change.name] : [])));
}

function rewriteFacts(result: RewriteResult, baseline: Baseline): object {
  const { plan, issues, domain } = result;
  const base = { command: 'rewrite', domain: domain.name, ok: result.ok };
  if (!result.ok) return { ...base, issues, baseline: baselineFacts(baseline) };
  const { xml, perHost, changed, recorded } = result;
  return {
    ...base,
    changed,
    shared: xml,
    perHost,
    plan: {
      disable: plan.disable,
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
