import type { Issue, Severity } from '../../../types/issue.ts';
import type { DomainChange, ElementChange, NewElement, PlannedDisable } from '../../../types/plan.ts';
import { formatIssue } from '../../issues/format.ts';
import { list } from '../../issues/words.ts';
import { excerptAt } from '../../text/position.ts';
import { RECORD_NAMESPACE } from '../../xml/path.ts';
import type { TextFile } from '../files/read.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { lines, styled, words, type Words } from '../terminal/words.ts';
import { inCommandWords } from './wording.ts';

const STYLE = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, string>;
const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/** The text that findings point into, and its name. */
type Source = Pick<TextFile, 'path' | 'text'>;

/** Tells every finding on stderr, the heaviest first; an error with a place in the file shows its line. */
export function tellIssues(issues: readonly Issue[], terminal: Terminal, source?: Source): void {
  for (const severity of ORDER) {
    const tell = severity === 'error' ? terminal.err : terminal.tell;
    for (const found of issues.filter((one) => one.severity === severity))
      tell(issueWords(found, terminal, source));
  }
}

/** Stands for the weight in a line: no printable text has it. */
const WEIGHT = '\0';

function issueWords(found: Issue, { colour }: Terminal, source?: Source): Words {
  const { severity, span } = found;
  const hasExcerpt = source !== undefined && span !== undefined && severity === 'error';
  const excerpt = hasExcerpt ? `${excerptAt(source.text, span.start)}\n` : '';
  const options = { severity: () => WEIGHT, ...(source && { file: source.path }) };
  const [before = '', after = ''] = formatIssue(inCommandWords(found), options).split(WEIGHT);
  return words`${before}${styled(severity, STYLE[severity], colour.err)}${after}\n${lines(excerpt)}`;
}

/** Why a feature must be off, in one sentence. */
export function reasonFor({
  feature,
  reason,
  cause,
  presentOn,
  missingOn,
  unknownOn,
}: PlannedDisable): string {
  if (reason === 'parent-disabled') return `${feature}: it depends on ${cause ?? ''}`;
  if (reason === 'name-unknown')
    return `${feature}: instead of ${cause ?? ''}, a name that not every libvirt here knows`;
  if (reason === 'nested-dropped') return `${feature}: no guest is to run inside this one`;
  const lacking = [
    ...(missingOn.length > 0
      ? [`${missingOn.join(', ')} ${missingOn.length === 1 ? 'lacks' : 'lack'} it`]
      : []),
    ...(unknownOn.length > 0 ? [`unknown on ${unknownOn.join(', ')}`] : []),
  ].join(', ');
  if (reason === 'model-exceeds-hosts') return `${feature}: the domain's model has it, ${lacking}`;
  const has =
    presentOn.length === 0 ? '' : `${presentOn.join(', ')} ${presentOn.length === 1 ? 'has' : 'have'} it, `;
  return `${feature}: ${has}${lacking}`;
}

/** What happens to an attribute or an element. */
export function wordsOfChange(change: ElementChange): string {
  switch (change.kind) {
    case 'set-attribute':
      return `set ${change.name}="${change.value}"`;
    case 'remove-attribute':
      return `remove ${change.name}`;
    case 'add-element':
      return isRewriteRecord(change.element) ? 'note that in <metadata>' : `add ${markup(change.element)}`;
    case 'replace-element':
      return `put ${markup(change.element)} in its place`;
    case 'remove-element':
      return 'remove an element';
    case 'set-text':
      return `set "${change.text}"`;
  }
}

/** The record of all the others: as text it would say them again. */
function isRewriteRecord({ attributes = {}, children = [] }: NewElement): boolean {
  return Object.values(attributes).includes(RECORD_NAMESPACE) || children.some(isRewriteRecord);
}

/** A new element as a person would write it in one line. */
export function markup({ name, attributes = {}, text = '', children = [] }: NewElement): string {
  const stated = Object.entries(attributes).map(([key, value]) => ` ${key}='${value}'`);
  const inside = text + children.map(markup).join('');
  return inside === '' ? `<${name}${stated.join('')}/>` : `<${name}${stated.join('')}>${inside}</${name}>`;
}

/** What changes beside the features that have a reason of their own, in one line for each kind of change. */
export function otherChanges(changes: readonly DomainChange[], told: ReadonlySet<string>): readonly string[] {
  const named = (policy: 'require' | 'disable'): string[] =>
    changes.flatMap((change) =>
      'policy' in change && change.policy === policy && !told.has(change.name) ? [change.name] : [],
    );
  const [required, disabled] = [named('require'), named('disable')];
  return [
    ...changes.flatMap((change) =>
      change.kind === 'add' || change.kind === 'replace' ? [] : [wordsOfChange(change)],
    ),
    ...(required.length > 0 ? [`require ${list(required)}: all hosts have it`] : []),
    ...(disabled.length > 0 ? [`disable ${list(disabled)}: not common to all hosts`] : []),
  ];
}

/** Findings in the domain or the hosts as given, rather than in how they fit together: exit code 2. */
const INPUT_CODES: ReadonlySet<string> = new Set([
  'too-few-hosts',
  'unknown-feature',
  'unknown-model',
  'unknown-presence',
  'context-mismatch',
  'virt-types-differ',
  'machine-unknown',
]);

/** The exit code that findings call for: 2 for unusable input, 1 for any other error, 0 without one. */
export function exitCodeFor(issues: readonly Issue[]): 0 | 1 | 2 {
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.some(({ code }) => INPUT_CODES.has(code))) return 2;
  return errors.length > 0 ? 1 : 0;
}
