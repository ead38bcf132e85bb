import type { Domain } from '../../types/domain.ts';
import type { DomainPlan } from '../../types/plan.ts';
import type { Issue, IssueCode, IssueOption } from '../../types/issue.ts';
import { issue } from '../issues/issues.ts';
import { frozen } from '../text/frozen.ts';
import { newCase } from './new-case.ts';
import { planned, type IssuesTold, type Planned } from './planned.ts';
import type { PoolFacts } from './pool/facts.ts';
import { excludesArrival, type Settings } from './settings.ts';

/** What another way of saying the same CPU may get around; of other errors no option is the way out. */
const CURABLE: ReadonlySet<IssueCode> = new Set([
  'feature-not-expressible',
  'feature-unnamed',
  'no-common-model',
  'model-not-usable',
  'names-not-comparable',
  'qemu-feature-differs',
  'qemu-newer-than-libvirt',
  'emulated-cpu-differs',
]);

/** What libvirt is known to refuse, though it is no error of the domain: its guest starts, and does not move. */
const STUCK: ReadonlySet<IssueCode> = new Set(['derived-features-refused']);

/** What a guest may change by, though the domain can be written. Of ways that are not asked for, none may leave that open. */
const UNSURE: ReadonlySet<IssueCode> = new Set(['qemu-newer-than-libvirt']);

interface Way {
  readonly options: readonly IssueOption[];
  readonly settings: Partial<Settings>;
}

/** What the options that ask for a way set. */
const SETTINGS = {
  pin: { pin: '' },
  onArrival: { onArrival: true },
  disableParent: { disableParent: true },
  nested: { nested: 'off' },
  'per-host': { form: 'per-host' },
} as const satisfies Partial<Record<IssueOption, Partial<Settings>>>;

/** Ways that keep the guest equal on all hosts, from the one that takes least away. */
const WAYS: readonly Way[] = frozen([
  way('pin'),
  way('onArrival'),
  way('disableParent'),
  way('pin', 'disableParent'),
  way('nested'),
  way('onArrival', 'nested'),
  way('pin', 'nested'),
  way('pin', 'disableParent', 'nested'),
  way('per-host'),
]);

function way(...options: readonly (keyof typeof SETTINGS)[]): Way {
  return {
    options,
    settings: Object.assign({}, ...options.map((option) => SETTINGS[option])) as Way['settings'],
  };
}

/** The plan of a domain as asked; where that is refused and the first way that works may be taken, the plan of that way. */
export function plannedFor(
  domain: Domain,
  pool: PoolFacts,
  settings: Settings,
  told: IssuesTold = (found) => found,
): Planned {
  const asked = planned(newCase(domain, pool, settings), told);
  if (!settings.auto || (isFine(asked) && isSure(asked))) return asked;
  // A form for each host is no XML that libvirt could migrate.
  const isOpen = ({ options }: Way): boolean => options[0] !== 'per-host';
  const { issues } = asked.plan;
  const found = surest(fineWays(domain, pool, settings, issues, isOpen));
  if (found === undefined || (isFine(asked) && !isSure(found.planned))) return asked;
  const { way } = found;
  const isReason = (found: Issue): boolean => isRefusing(found) || UNSURE.has(found.code);
  const refused = [...new Set(issues.filter(isReason).map(({ code }) => code))];
  const taken = frozen(issue('way-taken', { options: way.options, refused }));
  return planned(newCase(domain, pool, { ...settings, ...way.settings }), (found) => [taken, ...told(found)]);
}

/** The first way in which a domain that is refused as asked can be made equal on all hosts, if there is one. */
export function wayOut(
  domain: Domain,
  pool: PoolFacts,
  settings: Settings,
  issues: readonly Issue[],
): readonly Issue[] {
  const [found] = fineWays(domain, pool, settings, issues);
  return found === undefined ? [] : [issue('way-out', { options: found.way.options })];
}

/** The settings of the way that a plan took. */
export function settingsTaken(settings: Settings, { issues }: Pick<DomainPlan, 'issues'>): Settings {
  const taken = issues.find((found): found is Issue<'way-taken'> => found.code === 'way-taken');
  const way = WAYS.find(({ options }) => options.join() === taken?.options.join());
  return { ...settings, ...way?.settings };
}

/** A way, and the plan that it leads to. */
interface PlannedWay {
  readonly way: Way;
  readonly planned: Planned;
}

/** The ways that nothing stops, in their order, each planned when it is asked for. `issues` are of the domain as asked. */
function* fineWays(
  domain: Domain,
  pool: PoolFacts,
  settings: Settings,
  issues: readonly Issue[],
  isOpen: (way: Way) => boolean = () => true,
): Generator<PlannedWay> {
  if (!issues.filter(isRefusing).every(({ code }) => CURABLE.has(code) || STUCK.has(code))) return;
  for (const way of WAYS.filter((one) => isOpen(one) && isFree(one.settings, settings))) {
    const found = planned(newCase(domain, pool, { ...settings, ...way.settings }));
    if (isFine(found)) yield { way, planned: found };
  }
}

/** The first that leaves nothing open, else the first. */
function surest(ways: Iterable<PlannedWay>): PlannedWay | undefined {
  let first: PlannedWay | undefined;
  for (const one of ways) {
    if (isSure(one.planned)) return one;
    first ??= one;
  }
  return first;
}

/** May a way be taken beside what is asked for? A model that was named is not replaced by another. */
function isFree({ onArrival, pin }: Way['settings'], asked: Settings): boolean {
  if (onArrival === true) return !excludesArrival(asked);
  return pin === undefined || (asked.pin === undefined && !asked.onArrival);
}

function isFine({ plan, stops }: Planned): boolean {
  return !stops && !plan.issues.some(isRefusing);
}

function isSure({ plan }: Planned): boolean {
  return !plan.issues.some(({ code }) => UNSURE.has(code));
}

function isRefusing({ code, severity }: Issue): boolean {
  return severity === 'error' || STUCK.has(code);
}
