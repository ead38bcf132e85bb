import type { Cost, WeighedConsequence } from '../../types/facts.ts';
import type { PlannedDisable } from '../../types/plan.ts';
import { every, hostList, list } from '../issues/words.ts';
import { whyOff } from './reasons.ts';

const COSTS = { security: 'Security', boot: 'Boot', speed: 'Speed' } as const satisfies Record<Cost, string>;

/** The gravest first. */
const ORDER: readonly (Cost | undefined)[] = ['security', 'boot', 'speed', undefined];

/** Features that cost the guest one thing, by why they are off. */
interface Group {
  readonly consequence: WeighedConsequence | undefined;
  readonly byReason: Map<string, PlannedDisable[]>;
}

/**
 * What is disabled, why, and what that costs the guest, in lines: security first, then boot, then speed. What is not
 * known to cost anything comes last, counted where it is much.
 */
export function disableLines(disable: readonly PlannedDisable[]): readonly string[] {
  const groups = new Map<string, Group>();
  for (const one of disable) {
    const consequence = one.consequence?.cost === undefined ? undefined : one.consequence;
    const reason = whyOff(one, 'it');
    const key = consequence === undefined ? reason : `${consequence.cost ?? ''} ${consequence.text}`;
    const group = groups.get(key) ?? { consequence, byReason: new Map<string, PlannedDisable[]>() };
    group.byReason.set(reason, [...(group.byReason.get(reason) ?? []), one]);
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => ORDER.indexOf(a.consequence?.cost) - ORDER.indexOf(b.consequence?.cost))
    .map(lineOf);
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
  return cost === undefined ? `No harm: ${text}.` : `${COSTS[cost]}: ${text}.`;
}

/** What brings features back: microcode brings controls, nothing but another host brings instructions. */
function remedy([first, ...others]: readonly PlannedDisable[]): string {
  const { consequence, presentOn = [], missingOn = [] } = first ?? {};
  if (consequence === undefined || presentOn.length === 0 || missingOn.length === 0) return '';
  const { cost, kind } = consequence;
  const lacking = hostList(missingOn);
  if (cost === 'security' && kind === 'control')
    return ` Update the microcode of ${lacking}, or leave ${pronounFor(missingOn)} out.`;
  const needed = others.length === 0 ? 'it' : 'them';
  return cost === 'boot' ? ` Leave ${lacking} out if the guest needs ${needed}.` : '';
}
