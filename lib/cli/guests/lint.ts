import { hasErrors } from '../../issues/issues.ts';
import { lintIn } from '../../lint.ts';
import { jsonLine } from '../report/json.ts';
import { styled, words } from '../terminal/words.ts';
import { asData, countsOf, isReported, toldIssues, type GuestAnswer, type Work } from './answer.ts';
import { reportedGuest } from './findings.ts';
import type { Guest } from './guest.ts';
import { inFile, labelOf, readingOf } from './guests.ts';

/** What is wrong with a guest, whatever hosts it is for. */
export function lintGuest(guest: Guest, work: Work): GuestAnswer {
  const { args, pool, colour } = work;
  const result = lintIn(pool, guest.text, readingOf(guest, args));
  const issues = inFile(result.issues, guest);
  const { domain } = result;
  const isFine = !hasErrors(issues);
  const verdict = isFine ? 'no error' : 'errors';
  const facts = { domain: domain.name, ok: isFine, issues };
  return {
    guest: labelOf(guest, domain.name),
    verdict,
    code: isFine ? 0 : 1,
    line: words`${styled(verdict, isFine ? 'green' : 'red', colour.out)}${countsOf(issues)}`,
    told: toldIssues(issues, work, guest.file),
    reasons: [],
    ...(isReported(args) && { report: reportedGuest(guest, { domain, isFine, issues, disable: [] }, []) }),
    ...(asData(work) && { json: jsonLine({ command: 'lint', file: guest.file.path, ...facts } as const) }),
  };
}
