import type { Domain } from '../../types/domain.ts';
import type { IssueOption } from '../../types/issue.ts';
import type { ReadOptions, RewriteOptions } from '../../types/options.ts';
import type { Pool } from '../../types/pool.ts';
import type { Cure, FoundIncident } from '../../types/rehearsal.ts';

/** What the options of a way mean to a rewrite; of others a rehearsal knows no use. */
const SETTINGS: Readonly<Partial<Record<IssueOption, Pick<RewriteOptions, 'cpu' | 'also'>>>> = {
  pin: { cpu: { pin: true } },
  disableParent: { cpu: { disableParent: true } },
  nested: { also: { nested: 'off' } },
  machine: { also: { machine: 'common' } },
  pmu: { also: { pmu: 'off' } },
};

/** Forms of a domain, from the one that takes least away. */
const FORMS: readonly (readonly IssueOption[])[] = [
  [],
  ['disableParent'],
  ['nested'],
  ['pin'],
  ['pin', 'disableParent'],
  ['pin', 'nested'],
];

/** How to know whether a domain is equal on all ways. */
export interface Proof {
  readonly pool: Pool;
  readonly read: ReadOptions;
  readonly isEqual: (xml: string) => boolean;
}

/** What keeps the guest equal: the first form of it that is proved to, and steps that incidents name. */
export function curesFor(
  domain: Domain,
  incidents: readonly FoundIncident[],
  proof: Proof,
): readonly Cure[] {
  const form = formFor(domain, proof);
  const steps = new Map<string, Cure>();
  for (const { incident, certain } of incidents) {
    if (incident.outcome === 'warns' || (!certain && form !== undefined)) continue;
    const known = steps.get(incident.cure);
    const sources = [...new Set([...(known?.sources ?? []), ...incident.sources])];
    steps.set(incident.cure, Object.freeze({ ...STEP, text: incident.cure, sources: Object.freeze(sources) }));
  }
  return Object.freeze([...(form === undefined ? [] : [form]), ...steps.values()]);
}

const STEP = Object.freeze({ kind: 'step', options: Object.freeze([]), proved: false } as const);

function formFor(domain: Domain, { pool, read, isEqual }: Proof): Cure | undefined {
  for (const machine of [[], ['machine']] as const)
    for (const form of FORMS) {
      const options: readonly IssueOption[] = [...form, ...machine];
      const result = pool.rewrite(domain.text, { read, ...settingsOf(options) });
      if (!result.ok || !result.changed || !isEqual(result.xml)) continue;
      return Object.freeze({
        kind: 'rewrite',
        options: Object.freeze(options),
        text: 'Rewrite the domain for the hosts of both sides, and restart the guest before the upgrade.',
        proved: true,
        xml: result.xml,
        sources: Object.freeze([]),
      });
    }
  return undefined;
}

function settingsOf(options: readonly IssueOption[]): Pick<RewriteOptions, 'cpu' | 'also'> {
  const all = options.map((option) => SETTINGS[option] ?? {});
  return {
    cpu: Object.assign({}, ...all.map(({ cpu }) => cpu)) as NonNullable<RewriteOptions['cpu']>,
    also: Object.assign({}, ...all.map(({ also }) => also)) as NonNullable<RewriteOptions['also']>,
  };
}
