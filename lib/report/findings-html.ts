import type { Issue, Severity } from '../../types/issue.ts';
import { markup, NOTHING, type Html } from './html.ts';
import { inCommandWords } from './wording.ts';

const WEIGHTS: readonly Severity[] = ['error', 'warning', 'note'];

/** Findings, the heaviest first. What the lines on what is disabled say is not said again. */
export function issueItems(issues: readonly Issue[]): readonly Html[] {
  return WEIGHTS.flatMap((weight) =>
    issues
      .filter(({ severity, code }) => severity === weight && (code !== 'security-loss' || weight === 'error'))
      .map(inCommandWords)
      .map(({ message, code, line }) => {
        const place = line === undefined ? '' : ` (line ${line})`;
        return markup`<li class="${weight}"><b>${weight}</b>: ${message}${place} <code>${code}</code></li>`;
      }),
  );
}

/** Findings about the hosts. */
export function findingsSection(issues: readonly Issue[]): Html {
  if (issues.length === 0) return NOTHING;
  return markup`<section aria-labelledby="findings"><h2 id="findings">Findings</h2><ul>${issueItems(issues)}</ul></section>
`;
}
