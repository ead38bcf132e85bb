import type { Issue, IssueCode, Severity } from '../../../types/issue.ts';
import type { DomainChange, ElementChange, NewElement } from '../../../types/plan.ts';
import { formatIssue } from '../../issues/format.ts';
import { list } from '../../issues/words.ts';
import { excerptAt } from '../../text/position.ts';
import { groupedBy } from '../../text/remembered.ts';
import { RECORD_NAMESPACE } from '../../xml/namespaces.ts';
import type { TextFile } from '../files/read.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { lines, styled, words, type Words } from '../terminal/words.ts';
import { inCommandWords } from '../../report/wording.ts';

const STYLE = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, string>;
const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/** The text that findings point into, and its name. */
type Source = Pick<TextFile, 'path' | 'text'>;

/** Tells every finding on stderr, the heaviest first; an error with a place in the file shows its line. */
export function tellIssues(issues: readonly Issue[], terminal: Terminal, source?: Source): void {
  for (const severity of ORDER) {
    const tell = severity === 'error' ? terminal.err : terminal.tell;
    const counts = new Map<IssueCode, number>();
    for (const found of issues) {
      if (found.severity !== severity) continue;
      const count = (counts.get(found.code) ?? 0) + 1;
      counts.set(found.code, count);
      if (count <= MOST_OF_A_KIND) tell(issueWords(found, terminal, source));
    }
    const label = styled(severity, STYLE[severity], terminal.colour.err);
    for (const [code, count] of counts) {
      if (count > MOST_OF_A_KIND) tell(words`${label}: ${count - MOST_OF_A_KIND} more of these [${code}]\n`);
    }
  }
}

/** So many findings of a kind are shown; the rest is counted. */
const MOST_OF_A_KIND = 20;
/** A message may hold a name of a million characters. */
const LONGEST_MESSAGE = 4000;

/** Findings that the lines on what is disabled do not say as well. */
export function besidesDisables(issues: readonly Issue[]): readonly Issue[] {
  return issues.filter(({ code, severity }) => code !== 'security-loss' || severity === 'error');
}

/** Stands for the weight in a line: no printable text has it. */
const WEIGHT = '\0';

/** A finding as it is told; an error with a place in the file shows its line. */
export function issueWords(
  found: Issue,
  { colour, messageWidth }: Pick<Terminal, 'colour' | 'messageWidth'>,
  source?: Source,
): Words {
  const { severity, span } = found;
  const hasExcerpt = source !== undefined && span !== undefined && severity === 'error';
  const excerpt = hasExcerpt ? `${excerptAt(source.text, span.start, messageWidth())}\n` : '';
  const options = { severity: () => WEIGHT, ...(source && { file: source.path }) };
  const [before = '', after = ''] = cut(formatIssue(inCommandWords(found), options)).split(WEIGHT);
  const line = words`${before}${styled(severity, STYLE[severity], colour.err)}${after}`;
  return words`${fitted(line, messageWidth())}\n${lines(excerpt)}`;
}

function cut(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)} …`;
}

/** What happens to an attribute or an element. */
function wordsOfChange(change: ElementChange): string {
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
    ...countedLines(
      changes.flatMap((change) =>
        change.kind === 'add' || change.kind === 'replace' ? [] : [wordsOfChange(change)],
      ),
    ),
    ...(required.length > 0 ? [`require ${list(required)}: all hosts have it`] : []),
    ...(disabled.length > 0 ? [`disable ${list(disabled)}: not common to all hosts`] : []),
  ];
}

/** Equal lines once, with how often: a guest may have thousands of devices. */
function countedLines(all: readonly string[]): readonly string[] {
  const equal = groupedBy(all, (line) => line);
  return [...equal].map(([line, { length }]) => (length === 1 ? line : `${line} (${length} times)`));
}

/** A number with its noun: `1 host`, `12 hosts`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
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
