import type { RewriteResult } from '../../../types/plan.ts';
import type { RecordedChange } from '../../../types/record.ts';
import { rewriteDomain } from '../../rewrite.ts';
import { turnedOff } from '../../diff/cpu/changes.ts';
import { domainPath, planningOptions, readHosts, readingOptions, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { askHosts } from '../live.ts';
import { inPlaceContradictions, printDiffs, refuse, write, type Output } from '../output.ts';
import { baselineFacts, changeFacts, json } from '../report/json.ts';
import { exitCodeFor, otherChanges, reasonFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';
import { virtioOptions } from '../virtio.ts';

/** Disables in the domain what not all hosts have. Nothing is written unless everything could be read and planned. */
export async function rewrite(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  refuseContradictions(args);
  const source = readText(domainPath('rewrite', args), terminal);
  const hosts = readHosts(args, terminal, args.texts('host'), await askHosts(args, terminal, source));
  const options = { ...readingOptions(args), ...planningOptions(args), file: source.path };
  const result = rewriteDomain(source.text, hosts, { ...options, ...virtioOptions(args, terminal, hosts) });
  const outputs = outputsOf(result, args);
  const code = exitCodeFor(result.issues);
  tellIssues(result.issues, terminal, source);
  tellChanges(result, terminal);
  if (args.has('json')) terminal.out(json(factsOf(result)));
  if (code !== 0) return code;
  if (args.has('diff')) await printDiffs(source, outputs, args, terminal);
  if (args.has('check')) return outputs.some(({ text }) => text !== source.text) ? 1 : 0;
  write(source, outputs, args, terminal);
  return 0;
}

/** Options that exclude each other, with what to say. */
function refuseContradictions(args: Arguments): void {
  const form = args.text('form') ?? 'shared';
  const chosen = args.text('for') !== undefined;
  const output = args.text('output');
  const manyOutputs = form === 'per-host' && !chosen;
  const template = output?.includes('{host}');
  refuse([
    [!['shared', 'per-host'].includes(form), `--form is shared or per-host, not "${form}"`],
    [chosen && form !== 'per-host', '--for goes with --form per-host'],
    [form === 'shared' && template === true, '{host} in --output goes with --form per-host'],
    ...inPlaceContradictions(args),
    [args.has('in-place') && manyOutputs, '--in-place writes one XML: choose a host with --for NAME'],
    [manyOutputs && template === false, 'one XML for each host: --output needs {host} in the file name'],
  ]);
}

function outputsOf({ shared, perHost }: RewriteResult, args: Arguments): readonly Output[] {
  if (args.text('form') !== 'per-host') return [{ text: shared }];
  const wanted = args.text('for');
  const all = Object.entries(perHost).map(([host, text]): Output => ({ host, text }));
  const chosen = all.filter(({ host }) => wanted === undefined || host === wanted);
  if (chosen.length === 0)
    throw new UsageError(
      `--for ${wanted ?? ''}: there is no such host (${all.map(({ host }) => host).join(', ')})`,
    );
  return chosen;
}

/** Each feature that goes, with the hosts that decide it, and each that is let go; then whatever else changes. */
export function tellChanges({ plan, recorded, changed: isChanged }: RewriteResult, terminal: Terminal): void {
  const changed = turnedOff(plan.shared);
  const before = recordedFeatures(recorded?.before);
  const after = recordedFeatures(recorded?.after);
  const reasons = plan.disable.filter(({ feature }) => changed.has(feature));
  for (const planned of reasons) {
    if (!before.has(planned.feature)) terminal.err(`disable ${reasonFor(planned)}\n`);
  }
  for (const feature of before) {
    if (!after.has(feature)) terminal.err(`let go ${feature}: no host asks for it any more\n`);
  }
  if (!isChanged) return;
  const told = new Set([...reasons.map(({ feature }) => feature), ...before]);
  for (const words of otherChanges(plan.shared, told)) terminal.err(`${words}\n`);
}

function recordedFeatures(changes: readonly RecordedChange[] = []): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => (change.kind === 'feature' ? [change.name] : [])));
}

function factsOf(result: RewriteResult): object {
  const { shared, perHost, changed, plan, baseline, issues, domain, recorded } = result;
  return {
    command: 'rewrite',
    domain: domain.name,
    changed,
    shared,
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
