import type { WeighedConsequence } from '../../types/facts.ts';
import type { PlannedDisable } from '../../types/plan.ts';
import { byCost, COST_NAMES, COST_ORDER } from '../cpu/facts/guest-losses.ts';
import { areFew, every, hostList, list } from '../issues/words.ts';
import { groupedBy } from '../text/remembered.ts';
import { whyOff } from './reasons.ts';
import { isRare } from './wording.ts';

/** Features that cost the guest one thing, by why they are off. */
interface Group {
  readonly consequence: WeighedConsequence | undefined;
  readonly byReason: ReadonlyMap<string, readonly PlannedDisable[]>;
}

/** More groups than these take more than a screen: the lightest are summed up, unless all are wanted. */
const MOST_GROUPS = 11;

/**
 * What is disabled, why, and what that costs the guest, in lines: security first, then boot, then speed. What is not
 * known to cost anything comes last, counted where it is much. Of very many, `all` or the gravest and a summary.
 */
export function disableLines(
  disable: readonly PlannedDisable[],
  { all = false, before = '' }: { readonly all?: boolean; readonly before?: string } = {},
): readonly string[] {
  const groups = groupsOf(disable);
  const isShort = all || groups.length <= MOST_GROUPS + 1;
  const shown = groups.slice(0, isShort ? groups.length : MOST_GROUPS).map(lineOf);
  return [...shown, ...(isShort ? [] : [summaryOf(groups.slice(MOST_GROUPS))])].map((line) => before + line);
}

function groupsOf(disable: readonly PlannedDisable[]): readonly Group[] {
  const reasonFor = (one: PlannedDisable): string => whyOff(one, 'it');
  const groups = groupedBy(disable, (one) => {
    const { cost, text } = one.consequence ?? {};
    return cost === undefined ? reasonFor(one) : `${cost} ${text}`;
  });
  return [...groups.values()]
    .map((all) => {
      const consequence = all[0]?.consequence;
      const byReason = groupedBy(all, reasonFor);
      return { consequence: consequence?.cost === undefined ? undefined : consequence, byReason };
    })
    .sort((a, b) => byCost(a.consequence ?? {}, b.consequence ?? {}));
}

/** The features of groups, by what they cost: `27 more (--verbose says which hosts lack them): …`. */
function summaryOf(groups: readonly Group[]): string {
  const parts = COST_ORDER.flatMap((cost) => {
    const names = groups
      .filter(({ consequence }) => consequence?.cost === cost)
      .flatMap(({ byReason }) => [...byReason.values()].flatMap(namesOf));
    if (names.length === 0) return [];
    return [`${cost === undefined ? 'no consequence is known of' : COST_NAMES[cost]} ${list(names.sort())}`];
  });
  const count = groups.reduce((sum, { byReason }) => sum + [...byReason.values()].flat().length, 0);
  return `${count} more (--verbose says which hosts lack them): ${parts.join('; ')}.`;
}

function lineOf({ consequence, byReason }: Group): string {
  const named = consequence === undefined ? list : every;
  const parts = [...byReason.values()];
  const what = parts.map((all) => `${named(namesOf(all))}: ${reasonOf(all)}`).join('; ');
  if (consequence === undefined) return `${what}. No consequence is known.`;
  const [only = [], another] = parts;
  return `${what}. ${costWords(consequence)}${another === undefined ? remedy(only) : ''}`;
}

function namesOf(all: readonly PlannedDisable[]): readonly string[] {
  return all.map(({ feature }) => feature);
}

function reasonOf(all: readonly PlannedDisable[]): string {
  const [first] = all;
  return first === undefined ? '' : whyOff(first, pronounFor(all));
}

function pronounFor({ length }: readonly unknown[]): 'it' | 'them' {
  return length === 1 ? 'it' : 'them';
}

/** `Security: the guest cannot switch off speculative store bypass (CVE-2018-3639).` */
export function costWords({ cost, text, coveredBy, without }: WeighedConsequence): string {
  if (coveredBy !== undefined) return `No harm: the guest keeps ${every(coveredBy)}.`;
  if (without !== undefined) return `No harm: it is of no use without ${without}.`;
  return cost === undefined ? `No harm: ${text}.` : `${COST_NAMES[cost]}: ${text}.`;
}

/** What brings features back: microcode brings controls, nothing but another host brings instructions. */
function remedy([first, ...others]: readonly PlannedDisable[]): string {
  const { consequence, presentOn = [], missingOn = [] } = first ?? {};
  if (consequence === undefined || presentOn.length === 0 || missingOn.length === 0) return '';
  const { cost, kind } = consequence;
  const lacking = { presentOn, missingOn };
  if (cost === 'security' && kind === 'control')
    return ` Update ${microcodeOf(lacking)}, or leave ${pronounFor(missingOn)} out.`;
  const needed = others.length === 0 ? 'it' : 'them';
  return cost === 'boot' ? ` Leave ${hostsNamed(lacking)} out if the guest needs ${needed}.` : '';
}

type Lacking = Pick<PlannedDisable, 'presentOn' | 'missingOn'>;

function microcodeOf(lacking: Lacking): string {
  const { presentOn, missingOn } = lacking;
  const isNamed = !areFew([...presentOn, ...missingOn]) && !isRare(lacking);
  if (isNamed) return `${missingOn.length === 1 ? 'its' : 'their'} microcode`;
  return `the microcode of ${hostsNamed(lacking)}`;
}

/** The hosts that lack it: of many, the sentence has just named them, or those that have it. */
function hostsNamed(lacking: Lacking): string {
  const { presentOn, missingOn } = lacking;
  if (areFew([...presentOn, ...missingOn])) return hostList(missingOn);
  if (isRare(lacking)) return 'the others';
  return missingOn.length === 1 ? 'that host' : 'these hosts';
}
