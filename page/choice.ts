import type { Host } from '../types/host.ts';
import type { PoolsPlan } from '../types/pools.ts';
import { markup, NOTHING, type Html } from '../lib/report/html.ts';
import { count, levelName, lossWords } from '../lib/report/words.ts';
import { nameList } from '../lib/text/fold.ts';

/** Hosts that are ticked or not together. */
interface Kind {
  readonly names: readonly string[];
  readonly words: string;
}

/** More hosts than this are behind a tick for each kind. */
const MOST_SHOWN = 24;

/** Ticks for hosts: one for each kind, and one for each host. */
export function hostTicks(hosts: readonly Host[], plan: PoolsPlan): Html {
  const isLong = hosts.length > MOST_SHOWN;
  const kinds = kindsOf(hosts, plan);
  return markup`${kinds.map((kind, i) => (isLong && kind.names.length > 1 ? folded(kind, i) : flat(kind)))}`;
}

function kindsOf(hosts: readonly Host[], { profiles, unplanned }: PoolsPlan): readonly Kind[] {
  const grades = new Map(hosts.map(({ name, grade }) => [name, grade]));
  const kinds = profiles.map(({ hosts: names, model, level, grade, vendor }) => {
    const words = [model ?? vendor, level === undefined ? undefined : levelName(level), `grade ${grade}`];
    return { names, words: words.filter((word) => word !== undefined).join(', ') };
  });
  const unknown = unplanned.map((name) => ({
    names: [name],
    words: `unknown, grade ${grades.get(name) ?? '?'}`,
  }));
  return [...kinds, ...unknown];
}

function flat({ names, words }: Kind): Html {
  return markup`${names.map((name) => tick(name, markup`<small>${words}</small>`))}`;
}

function folded({ names, words }: Kind, number: number): Html {
  const named = `${count(names.length, 'host')}: ${nameList(names)}`;
  return markup`<div><label><input type="checkbox" data-kind="${number}" checked><span>${named} <small>${words}</small></span></label><details><summary>each of them</summary>${names.map((name) => tick(name, NOTHING, number))}</details></div>`;
}

function tick(name: string, words: Html, kind?: number): Html {
  const of = kind === undefined ? NOTHING : markup` data-of="${kind}"`;
  return markup`<label><input type="checkbox" data-host="${name}"${of} checked/><span>${name} ${words}</span></label>`;
}

/** What the choice of hosts costs, in one line, and how that compares with the choice before. */
export function choiceWords(chosen: number, plan: PoolsPlan, before: PoolsPlan | undefined): string {
  const now = lossOf(plan);
  const then = before === undefined ? undefined : lossOf(before);
  const what = `${count(chosen, 'host')} chosen; guests lose ${now.words}, summed over them.`;
  if (then === undefined || then.score === now.score) return what;
  return `${what} ${now.score < then.score ? 'Less' : 'More'} than before: ${then.words}.`;
}

function lossOf({ partitions: [first] }: PoolsPlan): { readonly score: number; readonly words: string } {
  return first === undefined
    ? { score: 0, words: 'nothing' }
    : { score: first.loss.score, words: lossWords(first.loss) };
}
