import { parseDomain } from '../../parser/domain/domain.ts';
import { planOptions } from '../options/library.ts';
import { changeCounts, explanations, explanationText } from '../report/explain.ts';
import { jsonLine } from '../report/json.ts';
import { exitCodeFor } from '../report/words.ts';
import { styled, words } from '../terminal/words.ts';
import { asData, countsOf, toldIssues, type GuestAnswer, type Work } from './answer.ts';
import type { Guest } from './guest.ts';
import { inFile, labelOf, readingOf } from './guests.ts';

/** What a rewrite would change in one guest of many, and what not, and why. */
export function explainGuest(guest: Guest, work: Work): GuestAnswer {
  const { args, pool, colour } = work;
  const domain = parseDomain(guest.text, readingOf(guest, args));
  const options = planOptions(args);
  const plan = pool.plan(domain, options);
  const issues = inFile(plan.issues, guest);
  const code = exitCodeFor(issues);
  const all = explanations(domain, pool.baseline, plan, options);
  const facts = { domain: domain.name, explanations: all, levels: plan.levels, issues };
  const counts =
    code === 0 ? changeCounts(all) : words`${styled('an error stops the rewrite', 'red', colour.out)}`;
  return {
    guest: labelOf(guest, domain.name),
    verdict: code !== 0 ? 'an error stops the rewrite' : plan.shared.length > 0 ? 'to change' : 'as wanted',
    code,
    line: words`${counts}${countsOf(issues)}`,
    ...(all.length > 0 && { block: words`\n${explanationText(all)}\n` }),
    told: toldIssues(issues, work, guest.file),
    reasons: all.flatMap(({ action, what, why }) => (action === 'change' ? [[what, why] as const] : [])),
    ...(asData(work) && {
      json: jsonLine({ command: 'explain', file: guest.file.path, ...facts }),
    }),
  };
}
