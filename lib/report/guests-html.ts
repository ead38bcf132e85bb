import type { ReportGuest, ReportVerdict } from '../../types/report.ts';
import { hasErrors } from '../issues/issues.ts';
import { disableLines } from './costs.ts';
import { issueItems } from './findings-html.ts';
import { hostNames } from './hosts-html.ts';
import { markup, NOTHING, type Html } from './html.ts';
import { count } from './words.ts';

/** What may be done with a guest: nothing has to change, a rewrite makes it safe, or something is in the way. */
export type Outcome = 'safe' | 'rewrite' | 'refused';

/** The verdict of some hosts in one word. */
export function outcomeOf({ check: { safe, issues } }: ReportVerdict): Outcome {
  if (safe) return 'safe';
  return hasErrors(issues) ? 'refused' : 'rewrite';
}

const WORDS: Readonly<Record<Outcome, string>> = {
  safe: 'Safe to move as it is',
  rewrite: 'Safe after a rewrite',
  refused: 'Not safe',
};

/** The verdict in a few words. */
export function outcomeWords(verdict: ReportVerdict): string {
  const outcome = outcomeOf(verdict);
  const { length } = verdict.check.disable;
  return outcome === 'rewrite' && length > 0
    ? `${WORDS.rewrite}, which disables ${count(length, 'feature')}`
    : WORDS[outcome];
}

/** Whom a verdict is about. */
export function whereWords({ pool, hosts }: ReportVerdict): string {
  return pool === undefined ? `all ${count(hosts.length, 'host')} as one pool` : `pool ${pool + 1}`;
}

/** The verdict on every guest, with each reason. */
export function guestsSection(guests: readonly ReportGuest[]): Html {
  return markup`<section aria-labelledby="guests"><h2 id="guests">Guests</h2>
${guests.map(guestArticle)}</section>
`;
}

function guestArticle({ name, file, verdicts }: ReportGuest): Html {
  return markup`<article><h3>${name}${file === name ? NOTHING : markup` <small>${file}</small>`}</h3>
${verdicts.map(verdictHtml)}</article>
`;
}

function verdictHtml(verdict: ReportVerdict): Html {
  const { check, hosts } = verdict;
  const reasons = [
    ...disableLines(check.disable).map((line) => markup`<li>${line}</li>`),
    ...issueItems(check.issues),
  ];
  return markup`<div class="verdict ${outcomeOf(verdict)}"><p><b>${outcomeWords(verdict)}</b> among ${whereWords(verdict)}: ${hostNames(hosts)}</p>${reasons.length === 0 ? NOTHING : markup`<ul>${reasons}</ul>`}</div>
`;
}
