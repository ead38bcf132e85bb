import type { Baseline } from '../../../types/baseline.ts';
import type { Domain } from '../../../types/domain.ts';
import type { PlanOptions } from '../../../types/options.ts';
import type { DomainChange, DomainPlan, ElementChange, PlannedDisable } from '../../../types/plan.ts';
import { settingsOf } from '../../diff/settings.ts';
import { settingsTaken } from '../../diff/ways.ts';
import { hasErrors } from '../../issues/issues.ts';
import { every, hostList } from '../../issues/words.ts';
import { changeFacts } from './json.ts';
import { wordLines, type Words } from '../terminal/words.ts';
import type { Explanation } from './results.ts';
import { groundsOfElement, groundsOfLine, RULES, type Case } from './rules.ts';
import { costWords } from '../../report/costs.ts';
import { whyOff } from '../../report/reasons.ts';
import { inCommandWords } from '../../report/wording.ts';
import type { Table } from './table.ts';
import { counted, markup } from './words.ts';

/**
 * Everything a plan changes, then everything that the domain says, or hosts differ in, and that stays as it is. Nothing
 * where an error stops the plan: that is what there is to say then.
 */
export function explanations(
  domain: Domain,
  baseline: Baseline,
  plan: DomainPlan,
  options: PlanOptions = {},
): readonly Explanation[] {
  if (hasErrors(plan.issues)) return [];
  const about = { domain, baseline, plan, settings: settingsTaken(settingsOf(options), plan) };
  const changes = plan.shared.map((change) => explained(about, change));
  return [...changes, ...ownLists(plan), ...ownLines(domain, plan), ...untouched(domain, baseline, plan)];
}

function explained(about: Case, change: DomainChange): Explanation {
  const { domain, plan } = about;
  const base = { action: 'change', ownFormOf: hostsWith(plan, change) } as const;
  if (change.kind !== 'add' && change.kind !== 'replace')
    return { ...base, what: elementWords(domain, change), ...groundsOfElement(change, about) };
  const planned = plan.disable.find(({ feature }) => feature === change.name);
  const before = change.kind === 'replace' ? ` (was ${change.feature.policy})` : '';
  const what = `${change.policy} ${change.name}${before}`;
  if (planned === undefined || change.policy !== 'disable')
    return { ...base, what, ...groundsOfLine(change, about) };
  return { ...base, what, ...factsOf(planned), why: whyOff(planned, 'it'), rule: RULES[planned.reason] };
}

/** What QEMU of each host is told, in that host's form and by its gate. */
function ownLists({ issues }: DomainPlan): readonly Explanation[] {
  const lists = issues.flatMap((one) => (one.code === 'levelled-on-arrival' ? one.lists : []));
  return lists.map(({ hosts, off }) => ({
    action: 'change',
    what: `tell QEMU to turn off ${every(off)}`,
    why: "not every host's libvirt knows a name for it",
    rule: RULES.arrival,
    ownFormOf: hosts,
    isOwn: true,
  }));
}

function factsOf(
  planned: PlannedDisable,
): Pick<Explanation, 'consequence' | 'presentOn' | 'missingOn' | 'unknownOn'> {
  const { consequence, presentOn, missingOn, unknownOn } = planned;
  return { ...(consequence !== undefined && { consequence }), presentOn, missingOn, unknownOn };
}

/** Which hosts' own forms have a change: the same one, or one that says the same. */
function hostsWith({ perHost }: DomainPlan, change: DomainChange): readonly string[] {
  const said = JSON.stringify(changeFacts([change]));
  return Object.entries(perHost)
    .filter(([, changes]) =>
      changes.some((own) => own === change || JSON.stringify(changeFacts([own])) === said),
    )
    .map(([host]) => host);
}

function elementWords({ text }: Domain, change: ElementChange): string {
  const tagAt = (at: number): string => /^<[^\s/>]+/.exec(text.slice(at, at + 256))?.[0] ?? '<…';
  switch (change.kind) {
    case 'set-attribute':
      return `set ${tagAt(change.startTag.start)} ${change.name}='${change.value}'>`;
    case 'remove-attribute':
      return `remove ${change.name} from ${tagAt(change.startTag.start)}>`;
    case 'add-element':
      return `add ${markup(change.element)} to ${tagAt(change.parent.span.start)}>`;
    case 'replace-element':
      return `put ${markup(change.element)} in place of ${tagAt(change.span.start)}>`;
    case 'remove-element':
      return `remove ${tagAt(change.span.start)}>`;
    case 'set-text':
      return `set a text to "${change.text}"`;
  }
}

/** Feature lines of the domain that stay, each with what it is there for. */
function ownLines({ cpu }: Domain, plan: DomainPlan): readonly Explanation[] {
  const replaced = new Set(plan.shared.flatMap((change) => (change.kind === 'replace' ? [change.name] : [])));
  const planned = new Map(plan.disable.map((one) => [one.feature, one]));
  return (cpu?.features ?? [])
    .filter(({ name }) => !replaced.has(name))
    .map(({ policy, name }): Explanation => {
      const one = planned.get(name);
      const why =
        one === undefined ? `it is the domain's own line` : `needed, and there already: ${whyOff(one, 'it')}`;
      const cost = one === undefined ? {} : factsOf(one);
      return { action: 'stay', what: `${policy} ${name}`, ...cost, why, rule: RULES.own, ownFormOf: [] };
    });
}

/** What hosts differ in and nothing is done about. */
function untouched({ cpu }: Domain, { losses }: Baseline, plan: DomainPlan): readonly Explanation[] {
  const handled = new Set([
    ...plan.disable.flatMap(({ feature, cause = feature }) => [feature, cause]),
    ...(cpu?.features ?? []).map(({ name }) => name),
  ]);
  const noted = new Map(
    plan.issues.flatMap((one) =>
      one.severity === 'note' && 'feature' in one
        ? [[one.feature, inCommandWords(one).message] as const]
        : [],
    ),
  );
  return losses
    .filter(({ feature }) => !handled.has(feature))
    .map(({ feature }): Explanation => {
      const note = noted.get(feature);
      const rule = note === undefined ? RULES.outside : RULES.unseen;
      return { action: 'stay', what: feature, why: note ?? rule.says, rule, ownFormOf: [] };
    });
}

/** `3 changes, 2 left as they are`. */
export function changeCounts(all: readonly Explanation[]): string {
  const changes = all.filter(({ action }) => action === 'change').length;
  const left = all.length - changes;
  return `${counted(changes, 'change')}, ${left} left as ${left === 1 ? 'it is' : 'they are'}`;
}

/** Explanations for a person, a block to each. */
export function explanationText(all: readonly Explanation[]): Words {
  const blocks = all.flatMap(({ action, what, why, rule, consequence, ownFormOf, isOwn }, i) => {
    const own = isOwn === true ? '' : 'shared, and ';
    const form = ownFormOf.length === 0 ? [] : [`  form  ${own}that of ${hostList(ownFormOf)} alone`];
    return [
      ...(i === 0 ? [] : ['']),
      action === 'change' ? what : `leave ${what}`,
      `  why   ${why}`,
      `  rule  ${rule.name}: ${rule.says}`,
      `        ${rule.source}`,
      ...(consequence === undefined
        ? []
        : [`  cost  ${costWords(consequence)}`, `        ${consequence.source}`]),
      ...form,
    ];
  });
  return wordLines(blocks);
}

/** The same in a line each. */
export function explanationTable(all: readonly Explanation[]): Table {
  return {
    head: ['action', 'what', 'why', 'rule', 'cost', 'source'],
    rows: all.map(({ action, what, why, rule, consequence }) => {
      const cost = consequence === undefined ? '' : costWords(consequence);
      return [action, what, why, rule.name, cost, consequence?.source ?? rule.source];
    }),
  };
}
