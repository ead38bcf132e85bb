import type { Baseline } from '../../../types/baseline.ts';
import type { Domain, DomainFeature } from '../../../types/domain.ts';
import type {
  DisableReason,
  DomainChange,
  DomainPlan,
  ElementChange,
  NewElement,
  PlannedDisable,
} from '../../../types/plan.ts';
import { hasErrors } from '../../issues.ts';
import { changeFacts } from './json.ts';
import { reasonFor } from './words.ts';

/** What a change, or a line that stays, rests on: a name for it, one sentence, and where it is written. */
export interface Rule {
  readonly name: string;
  readonly says: string;
  readonly source: string;
}

/** One thing that changes, or stays, and why. */
export interface Explanation {
  readonly action: 'change' | 'stay';
  /** `disable clwb`, `<cpu check='full'>` … */
  readonly what: string;
  readonly why: string;
  readonly rule: Rule;
  /** Hosts whose own form has the change too. */
  readonly ownFormOf: readonly string[];
}

const LIBVIRT_CPU = 'https://libvirt.org/formatdomain.html#cpu-model-and-topology';
const LIBVIRT_NIC = 'https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options';
const QEMU_COMPATIBILITY = 'https://www.qemu.org/docs/master/devel/migration/compatibility.html';

const RULES: Readonly<Record<DisableReason | 'other' | 'device' | 'own' | 'unseen' | 'outside', Rule>> = {
  'hosts-differ': {
    name: 'hosts-differ',
    says: 'a guest may see only what every host has; disabling what a host lacks anyway does nothing there',
    source: QEMU_COMPATIBILITY,
  },
  'model-exceeds-hosts': {
    name: 'model-exceeds-hosts',
    says: 'a named model starts only where all its features are, or are disabled',
    source: LIBVIRT_CPU,
  },
  'parent-disabled': {
    name: 'parent-disabled',
    says: 'a feature that builds on another is of no use to a guest without it',
    source: 'Intel SDM volume 1 and AMD APM volume 3, on detecting features',
  },
  'name-unknown': {
    name: 'name-unknown',
    says: 'libvirt refuses a domain that names a feature it does not know',
    source: LIBVIRT_CPU,
  },
  'nested-dropped': {
    name: 'nested-dropped',
    says: 'the state of guests inside the guest migrates only between like hosts, and this run drops them',
    source: 'https://www.qemu.org/docs/master/system/i386/cpu.html',
  },
  other: { name: 'option', says: 'an option of this run asks for it', source: LIBVIRT_CPU },
  device: {
    name: 'virtio-feature',
    says: 'QEMU refuses a guest whose device uses what the destination does not offer',
    source: `${LIBVIRT_NIC} and ${QEMU_COMPATIBILITY}`,
  },
  own: { name: 'own-line', says: 'what a domain says already is left as it is', source: LIBVIRT_CPU },
  unseen: { name: 'unseen', says: 'no migratable guest sees the difference', source: LIBVIRT_CPU },
  outside: {
    name: 'outside-the-model',
    says: 'a named model shows a guest its own features and those asked for, whatever the host has',
    source: LIBVIRT_CPU,
  },
};

/**
 * Everything a plan changes, then everything that the domain says, or hosts differ in, and that stays as it is. Nothing
 * where an error stops the plan: that is what there is to say then.
 */
export function explanations(domain: Domain, baseline: Baseline, plan: DomainPlan): readonly Explanation[] {
  if (hasErrors(plan.issues)) return [];
  const changes = plan.shared.map((change) => explained(domain, plan, change));
  return [...changes, ...ownLines(domain, plan), ...untouched(domain, baseline, plan)];
}

function explained(domain: Domain, plan: DomainPlan, change: DomainChange): Explanation {
  const base = { action: 'change', ownFormOf: hostsWith(plan, change) } as const;
  if (change.kind !== 'add' && change.kind !== 'replace') {
    const devices = isInCpu(domain, change)
      ? []
      : plan.issues.filter(({ code }) => code === 'virtio-feature');
    const rule = devices.length > 0 ? RULES.device : RULES.other;
    const why = devices.map(({ message }) => message).join('; ') || rule.says;
    return { ...base, what: elementWords(domain, change), why, rule };
  }
  const planned = plan.disable.find(({ feature }) => feature === change.name);
  const before = change.kind === 'replace' ? ` (was ${change.feature.policy})` : '';
  const what = `${change.policy} ${change.name}${before}`;
  if (planned === undefined || change.policy !== 'disable')
    return { ...base, what, why: RULES.other.says, rule: RULES.other };
  return { ...base, what, why: whyOf(planned), rule: RULES[planned.reason] };
}

function whyOf(planned: PlannedDisable): string {
  return reasonFor(planned).slice(planned.feature.length + ': '.length);
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

function isInCpu({ cpu }: Domain, change: ElementChange): boolean {
  const at = placeOf(change);
  return cpu !== undefined && at >= cpu.span.start && at < cpu.span.end;
}

function placeOf(change: ElementChange): number {
  switch (change.kind) {
    case 'set-attribute':
    case 'remove-attribute':
      return change.startTag.start;
    case 'add-element':
      return change.parent.span.start;
    case 'replace-element':
    case 'remove-element':
    case 'set-text':
      return change.span.start;
  }
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

/** A new element as a person would write it in one line. */
function markup({ name, attributes = {}, text = '', children = [] }: NewElement): string {
  const stated = Object.entries(attributes).map(([key, value]) => ` ${key}='${value}'`);
  const inside = text + children.map(markup).join('');
  return inside === '' ? `<${name}${stated.join('')}/>` : `<${name}${stated.join('')}>${inside}</${name}>`;
}

/** Feature lines of the domain that stay, each with what it is there for. */
function ownLines({ cpu }: Domain, plan: DomainPlan): readonly Explanation[] {
  const replaced = new Set(plan.shared.flatMap((change) => (change.kind === 'replace' ? [change.name] : [])));
  const planned = new Map(plan.disable.map((one) => [one.feature, one]));
  return (cpu?.features ?? [])
    .filter(({ name }) => !replaced.has(name))
    .map((feature): Explanation => {
      const one = planned.get(feature.name);
      const why =
        one === undefined ? `it is the domain's own line` : `needed, and there already: ${whyOf(one)}`;
      return { action: 'stay', what: lineWords(feature), why, rule: RULES.own, ownFormOf: [] };
    });
}

function lineWords({ policy, name }: DomainFeature): string {
  return `${policy} ${name}`;
}

/** What hosts differ in and nothing is done about. */
function untouched({ cpu }: Domain, { losses }: Baseline, plan: DomainPlan): readonly Explanation[] {
  const handled = new Set([
    ...plan.disable.flatMap(({ feature, cause = feature }) => [feature, cause]),
    ...(cpu?.features ?? []).map(({ name }) => name),
  ]);
  const noted = new Map(
    plan.issues.flatMap(({ severity, feature, message }) =>
      severity === 'note' && feature !== undefined ? [[feature, message] as const] : [],
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

/** Explanations for a person, a block to each. */
export function explanationText(all: readonly Explanation[]): string {
  return all
    .map(({ action, what, why, rule, ownFormOf }) => {
      const form =
        ownFormOf.length === 0 ? [] : [`  form  shared, and that of ${ownFormOf.join(', ')} alone`];
      const rows = [
        `  why   ${why}`,
        `  rule  ${rule.name}: ${rule.says}`,
        `        ${rule.source}`,
        ...form,
      ];
      return `${action === 'change' ? what : `leave ${what}`}\n${rows.join('\n')}\n`;
    })
    .join('\n');
}
