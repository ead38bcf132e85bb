import type { Issue, IssueCode, IssueFactsByCode, IssueOption, Severity } from '../../types/issue.ts';
import type { OptionName } from './entry.ts';
import { FUNCTION, optionsOf, TEXT, type OptionKinds } from './options.ts';
import { entryOf } from './table.ts';
import { printable } from '../text/printable.ts';

const LIBRARY: Readonly<Record<IssueOption, string>> = {
  auto: 'cpu: { auto: true }',
  'below-floor': "accept: ['below-floor']",
  conflicts: "accept: ['conflicts']",
  cpuMap: 'cpuMap',
  disableParent: 'cpu: { disableParent: true }',
  guard: "cpu: 'guard'",
  identity: "refuse: ['identity']",
  libvirtVersion: 'libvirtVersion',
  machine: "also: { machine: 'common' }",
  maxphysaddr: "also: { maxphysaddr: 'common' }",
  migratable: "also: { migratable: 'on' }",
  model: 'cpu: { pin: MODEL }',
  nested: "also: { nested: 'off' }",
  onArrival: 'cpu: { onArrival: true }',
  'other-machine': "accept: ['other-machine']",
  'same-host': "accept: ['same-host']",
  'per-host': 'pool.rewritePerHost',
  pin: "cpu: 'pin'",
  pmu: "also: { pmu: 'off' }",
  properties: "also: { virtio: 'properties' }",
  unnamed: "refuse: ['unnamed']",
  'security-loss': "refuse: ['security-loss']",
  virtio: 'virtio',
  'weak-source': "refuse: ['weak-source']",
};

/** An option as a call of the library has it. */
export const libraryOption: OptionName = (option) => LIBRARY[option];

/** The sentence of a finding, with options spelt for whom reads it. */
export function sentence<Code extends IssueCode>(
  code: Code,
  facts: IssueFactsByCode[Code],
  optionName: OptionName,
): string {
  return entryOf(code).words(facts, optionName);
}

/** The same finding, its message naming options as somebody else spells them. */
export function reworded(found: Issue, optionName: OptionName): Issue {
  return { ...found, message: sentence(found.code, found, optionName) };
}

/** How to print an issue. */
export interface FormatIssueOptions {
  /** Name of the document that the issue has its place in. @default none */
  readonly file?: string;
  /** How the weight is written, in colour for example. @default as it is */
  readonly severity?: (severity: Severity) => string;
}

const FORMAT: OptionKinds<FormatIssueOptions> = { file: TEXT, severity: FUNCTION };

/**
 * An issue as one line for people: `guest.xml:3:5: error: … [policy-conflict]`. The place is there if the issue has one.
 *
 * @example
 * const domain = "<domain>\n  <cpu mode='maximum'><feature policy='require' name='avx2'/></cpu>\n</domain>";
 * disableFeatures(domain, ['avx2']).issues.map((issue) => formatIssue(issue, { file: 'guest.xml' }));
 * // → ['guest.xml:2:23: error: the domain requires avx2 (policy "require"): remove that line first [policy-conflict]']
 */
export function formatIssue(found: Issue, options: FormatIssueOptions = {}): string {
  const { message: text, code: known } = (found as Partial<Issue> | null | undefined) ?? {};
  if (typeof text !== 'string' || typeof known !== 'string')
    throw new TypeError('formatIssue takes an issue: issues.map((issue) => formatIssue(issue))');
  const { code, message, severity, line, column } = found;
  const { file, severity: wordFor = String } = optionsOf(options, FORMAT);
  const place =
    line === undefined || column === undefined
      ? []
      : [...(file === undefined ? [] : [printable(file)]), line, column];
  return `${place.map((part) => `${part}:`).join('')}${place.length === 0 ? '' : ' '}${wordFor(severity)}: ${printable(message)} [${code}]`;
}
