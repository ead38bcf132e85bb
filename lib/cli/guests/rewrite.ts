import { join } from 'node:path';
import type { Rewritten, RewriteResult, RewrittenPerHost } from '../../../types/plan.ts';
import type { Pool } from '../../../types/pool.ts';
import { disablesWritten } from '../../diff/cpu/changes.ts';
import { CommandError } from '../errors.ts';
import { list } from '../../issues/words.ts';
import { applyEdits } from '../../text/edit.ts';
import { outputName, type Output } from '../files/output.ts';
import type { TextFile } from '../files/read.ts';
import { planOptions } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { changeFacts, jsonLine } from '../report/json.ts';
import type { RewriteResultFacts } from '../report/results.ts';
import { unifiedDiff } from '../report/patch.ts';
import { whyOff } from '../../report/reasons.ts';
import { besidesDisables, exitCodeFor } from '../report/words.ts';
import { styled, words } from '../terminal/words.ts';
import {
  countsOf,
  NOT_WRITTEN,
  toldIssues,
  type FileAnswer,
  type GuestAnswer,
  type Work,
  type Write,
} from './answer.ts';
import type { Guest } from './guest.ts';
import { errorInFile, inFile, inItsPlace, labelOf, readingOf } from './guests.ts';

/** What becomes of a guest, in either form. */
export type Result = RewriteResult | RewrittenPerHost;

/**
 * A guest rewritten as the command line asks. Each host's own form is judged by that host's libvirt alone, but a record is
 * noted in all of them alike.
 */
export function rewritten(pool: Pool, args: Arguments, guest: Pick<Guest, 'text' | 'file'>): Result {
  const options = { read: readingOf(guest, args), ...planOptions(args) };
  const record = args.has('record');
  return args.text('form') === 'per-host' && !record
    ? pool.rewritePerHost(guest.text, options)
    : pool.rewrite(guest.text, { ...options, record });
}

/** The documents that the command line asks for: one for all hosts, or one for each, or that of one. */
export function outputsOf(result: Rewritten | RewrittenPerHost, args: Arguments): readonly Output[] {
  if ('xml' in result && args.text('form') !== 'per-host') return [{ text: result.xml }];
  const host = args.text('for');
  if (host !== undefined) return [{ host, text: result.forHost(host).xml }];
  return Object.entries(result.perHost).map(([name, text]) => ({ host: name, text }));
}

/** The guests of a file rewritten. The file is written if all of them can be; what stands between them stays. */
export function rewriteFile(file: TextFile, guests: readonly Guest[], work: Work): FileAnswer {
  refuseManifests(guests);
  const all = guests.map((guest) => ({ guest, result: attempted(guest, work) }));
  const answers = all.map(({ guest, result }) => answerOf(guest, result, work));
  const fine = all.flatMap(({ guest, result }) => (result.ok ? [{ guest, result }] : []));
  if (fine.length < all.length) return { guests: answers.map((answer) => leftAlone(answer, work)) };
  const outputs = joinedOutputs(file, fine, work.args);
  if (!work.args.has('diff')) return { guests: answers, writes: writesOf(file, outputs, work.args) };
  const data = work.args.has('json') ? '' : outputs.map((output) => diffOf(file, output)).join('');
  return { guests: answers, data };
}

/** A manifest is no domain: what to write into it, `check` says. */
export function refuseManifests(guests: readonly Guest[]): void {
  const found = guests.find(({ manifest }) => manifest !== undefined);
  if (found !== undefined)
    throw new CommandError(
      'bad-value',
      `${found.file.path} holds virtual machines of KubeVirt, which are not rewritten: "virt-migratable check" prints what to write into them`,
    );
}

function attempted(guest: Guest, { pool, args }: Work): Result {
  try {
    return rewritten(pool, args, guest);
  } catch (error) {
    throw errorInFile(error, guest);
  }
}

/** Nothing is written to a file of which one guest is refused. */
function leftAlone(answer: GuestAnswer, { colour }: Work): GuestAnswer {
  if (answer.verdict !== 'changed') return answer;
  const line = words`${styled(NOT_WRITTEN, 'red', colour.out)}: another guest of the file is refused`;
  return { ...answer, verdict: NOT_WRITTEN, code: 1, line };
}

/** The whole file for each host, or for all. */
function joinedOutputs(
  file: TextFile,
  all: readonly { readonly guest: Guest; readonly result: Rewritten | RewrittenPerHost }[],
  args: Arguments,
): readonly Output[] {
  const parts = all.map(({ guest, result }) => ({ guest, outputs: outputsOf(result, args) }));
  return (parts[0]?.outputs ?? []).map(({ host }, i) => {
    const edits = parts.map(({ guest, outputs }) => inItsPlace(guest, outputs[i]?.text ?? guest.text));
    return { ...(host !== undefined && { host }), text: applyEdits(file.text, edits) };
  });
}

function diffOf({ path, text: before }: TextFile, { host, text }: Output): string {
  return before === text ? '' : unifiedDiff(host === undefined ? path : `${path} (${host})`, before, text);
}

function writesOf(file: TextFile, outputs: readonly Output[], args: Arguments): readonly Write[] {
  if (args.has('check')) return [];
  const directory = args.text('output');
  if (directory !== undefined)
    return outputs.map(({ host = '', text }) => ({
      path: join(
        directory.replaceAll('{host}', () => host),
        outputName(file.path),
      ),
      text,
      source: file,
    }));
  const changed = args.has('in-place') ? outputs.filter(({ text }) => text !== file.text) : [];
  return changed.map(({ text }) => ({ path: file.path, text, source: file }));
}

function answerOf(guest: Guest, result: Result, work: Work): GuestAnswer {
  const { args } = work;
  const isChanged = result.ok && outputsOf(result, args).some(({ text }) => text !== guest.text);
  const isWaiting = args.has('check') || args.has('diff');
  const ifChanged = isWaiting ? 'would change' : 'changed';
  const answer = answerFor(guest, result, isChanged ? ifChanged : 'as it was', work);
  const issues = inFile(result.issues, guest);
  return {
    ...answer,
    code: isChanged && args.has('check') ? 1 : answer.code,
    ...(args.has('json') && {
      json: jsonLine({ command: 'rewrite', file: guest.file.path, ...factsOf(result), issues }),
    }),
  };
}

/** What is to be said of a guest that was rewritten, where nothing refused it with this verdict. */
export function answerFor(guest: Guest, result: Result, wanted: string, work: Work): GuestAnswer {
  const issues = inFile(result.issues, guest);
  const verdict = result.ok ? wanted : 'refused';
  const style = !result.ok ? 'red' : verdict === 'as it was' ? 'green' : 'yellow';
  const disable = disablesWritten(result.plan);
  const names = disable.map(({ feature }) => feature);
  return {
    guest: labelOf(guest, result.domain.name),
    verdict,
    code: result.ok ? 0 : exitCodeFor(issues),
    line: words`${styled(verdict, style, work.colour.out)}${names.length === 0 ? '' : `: disable ${list(names)}`}${countsOf(issues)}`,
    told: toldIssues(besidesDisables(issues), work, guest.file),
    reasons: disable.map((one) => [one.feature, whyOff(one, 'it')]),
  };
}

/** What a rewrite is, for programs; without the findings and the hosts. */
export function factsOf(result: Result): Omit<RewriteResultFacts, 'command' | 'issues' | 'baseline'> {
  const { plan, domain } = result;
  const base = { domain: domain.name, ok: result.ok };
  const { levels } = plan;
  if (!result.ok) return { ...base, levels };
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
  };
}
