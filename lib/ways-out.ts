import type { Domain } from '../types/domain.ts';
import type { Issue, IssueCode, IssueOption } from '../types/issue.ts';
import { newCase } from './diff/new-case.ts';
import { planned } from './diff/plan.ts';
import type { PoolFacts } from './diff/pool/facts.ts';
import type { Settings } from './diff/settings.ts';
import { issue } from './issues/issues.ts';

/** What another way of saying the same CPU may get around; of other errors no option is the way out. */
const CURABLE: ReadonlySet<IssueCode> = new Set([
  'feature-not-expressible',
  'feature-unnamed',
  'no-common-model',
  'model-not-usable',
  'qemu-feature-differs',
  'emulated-cpu-differs',
]);

/** Ways that keep the guest equal on all hosts, from the one that takes least away, with the options that ask for them. */
const WAYS: readonly (readonly [options: readonly IssueOption[], settings: Partial<Settings>])[] = [
  [['pin'], { pin: '' }],
  [['onArrival'], { onArrival: true }],
  [['disableParent'], { disableParent: true }],
  [['pin', 'disableParent'], { pin: '', disableParent: true }],
  [['nested'], { nested: 'off' }],
  [['onArrival', 'nested'], { onArrival: true, nested: 'off' }],
  [['pin', 'nested'], { pin: '', nested: 'off' }],
  [['pin', 'disableParent', 'nested'], { pin: '', disableParent: true, nested: 'off' }],
  [['per-host'], { form: 'per-host' }],
];

/** The first way in which a domain that is refused as asked can be made equal on all hosts, if there is one. */
export function wayOut(
  pool: PoolFacts,
  domain: Domain,
  settings: Settings,
  issues: readonly Issue[],
): readonly Issue[] {
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (!errors.every(({ code }) => CURABLE.has(code))) return [];
  const isFree = !settings.guard && settings.pin === undefined && settings.virtio !== 'properties';
  const ways = isFree ? WAYS : WAYS.filter(([, way]) => way.onArrival !== true);
  const found = ways.find(([, way]) => !planned(newCase(domain, pool, { ...settings, ...way })).stops);
  return found === undefined ? [] : [issue('way-out', { options: found[0] })];
}
