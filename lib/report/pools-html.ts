import type { PlannedPool, PoolLoss, PoolPartition, PoolsPlan } from '../../types/pools.ts';
import { remembered } from '../text/remembered.ts';
import { curve } from './curve.ts';
import { costItems, countedNames, hostNames } from './hosts-html.ts';
import { markup, NOTHING, wide, type Html } from './html.ts';
import {
  advice,
  count,
  LOSS_SCALE,
  lossWords,
  percentLess,
  reachedLevel,
  recommended,
  savedPercent,
} from './words.ts';

/** The recommended pools: what each has in common, what it loses, and because of whom. */
export function poolsSection(plan: PoolsPlan): Html {
  const pools = recommended(plan);
  if (pools.length === 0) return NOTHING;
  const rows = pools.map((pool, i) => poolRow(plan, pool, i));
  return markup`<section aria-labelledby="pools"><h2 id="pools">${pools.length === 1 ? 'One pool' : `${pools.length} pools`}</h2>
${wide(
  'Pools',
  markup`<table class="pools" role="table"><thead role="rowgroup"><tr role="row">${POOL_HEADS.map((head) => markup`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows}</tbody></table>`,
)}
${adviceList(plan)}</section>
`;
}

const POOL_HEADS = ['Pool', 'Hosts', 'Level', 'Model', 'Features kept', 'Lost, and because of whom'] as const;

/** On a phone a row is shown as lines, each with the name of its column; the roles keep it a row of a table. */
function poolRow(plan: PoolsPlan, pool: PlannedPool, number: number): Html {
  const { hosts, model, common, tooSmall } = pool;
  const small = tooSmall ? markup`<br/><small>fewer hosts than wanted</small>` : NOTHING;
  const cells = [
    markup`${countedNames(hosts)}${small}`,
    markup`${reachedLevel(pool)[0] ?? '–'}`,
    markup`${model ?? '–'}`,
    markup`${common.length}`,
    lostBecause(plan, pool),
  ];
  return markup`<tr role="row"><th scope="row" role="rowheader">${number + 1}</th>${cells.map((cell, i) => markup`<td role="cell" data-head="${POOL_HEADS[i + 1] ?? ''}">${cell}</td>`)}</tr>
`;
}

/** Features by who lacks them; then what losing them means. */
function lostBecause({ profiles }: PoolsPlan, { lost, costs }: PlannedPool): Html {
  if (lost.length === 0) return markup`nothing`;
  const byLackers = new Map<string, { readonly profiles: readonly number[]; readonly features: string[] }>();
  for (const { feature, missingIn, unknownIn } of lost) {
    const lackers = [...missingIn, ...unknownIn];
    remembered(byLackers, lackers.join(), () => ({ profiles: lackers, features: [] })).features.push(feature);
  }
  const groups = [...byLackers.values()].sort((a, b) => a.profiles.length - b.profiles.length);
  const items = groups.map(({ profiles: numbers, features }) => {
    const names = numbers.flatMap((i) => profiles[i]?.hosts ?? []);
    const [only, another] = features;
    const what =
      another === undefined
        ? markup`<b>${only ?? ''}</b>`
        : markup`<b>${count(features.length, 'feature')}</b> (${features.join(', ')})`;
    return markup`<li>${what} because of ${hostNames(names)}</li>`;
  });
  const means = costItems(costs.filter(({ cost }) => cost !== undefined));
  const more =
    means.length === 0
      ? NOTHING
      : markup`<details><summary>${count(means.length, 'consequence')}</summary><ul>${means}</ul></details>`;
  return markup`<ul>${items}</ul>${more}`;
}

function adviceList(plan: PoolsPlan): Html {
  const sentences = advice(plan);
  if (sentences.length === 0) return NOTHING;
  return markup`<h3>Hosts to leave out</h3><ul>${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul>
`;
}

/** What is lost with one pool, two, three …: the curve, and its numbers as a table. */
export function curveSection(plan: PoolsPlan): Html {
  const { partitions, knee } = plan;
  if (partitions.length < 2) return NOTHING;
  const first = partitions[0]?.loss.score ?? 0;
  return markup`<section aria-labelledby="curve"><h2 id="curve">How many pools?</h2>
<p>${count(partitions[knee]?.pools.length ?? 0, 'pool')}: ${savedPercent(plan)} % less is lost than with the fewest. In the picture ${LOSS_SCALE}.</p>
<div class="beside"><figure>${curve(plan)}</figure>
${wide(
  'Losses by the number of pools',
  markup`<table><thead><tr><th scope="col">Pools</th><th scope="col">Loss</th><th scope="col">Saved</th><th scope="col">Guests lose, summed over the hosts</th></tr></thead>
<tbody>${partitions.map((partition, i) => curveRow(partition, first, i === knee))}</tbody></table>`,
)}</div></section>
`;
}

function curveRow({ pools, loss, proved }: PoolPartition, first: number, isKnee: boolean): Html {
  const saved = percentLess(first, loss.score);
  const notes = [...(isKnee ? ['recommended'] : []), ...(proved ? [] : ['not proved best'])].join(', ');
  return markup`<tr${isKnee ? markup` class="knee"` : NOTHING}><th scope="row">${pools.length}</th><td>${loss.score.toLocaleString('en')}</td><td>${saved} %</td><td>${lossWords(loss)}${notes === '' ? '' : ` (${notes})`}</td></tr>
`;
}

/** What one guest of each kind of host loses in the fewest pools and in the recommended ones, as bars. */
export function barsSection(plan: PoolsPlan): Html {
  const [before, after] = [lossesIn(plan.partitions[0]), lossesIn(plan.partitions[plan.knee])];
  const most = Math.max(0, ...[...before.values()].map(({ features }) => features));
  if (most === 0) return NOTHING;
  const fewest = plan.partitions[0]?.pools.length ?? 1;
  const isDivided = plan.knee > 0;
  const rows = plan.profiles.map(({ hosts }, i) => {
    const bars = [before.get(i), ...(isDivided ? [after.get(i)] : [])];
    return markup`<tr><th scope="row">${hostNames(hosts)}</th>${bars.map((loss, at) => barCell(loss, most, at === 0 && isDivided))}</tr>
`;
  });
  const heads = [fewest, ...(isDivided ? [recommended(plan).length] : [])].map(
    (number) => markup`<th scope="col">${number === 1 ? 'In one pool' : `In ${number} pools`}</th>`,
  );
  return markup`<section aria-labelledby="bars"><h2 id="bars">What a guest loses on each host</h2>
${wide(
  'Losses on each host',
  markup`<table class="bars"><thead><tr><th scope="col">Hosts</th>${heads}</tr></thead>
<tbody>${rows}</tbody></table>`,
)}</section>
`;
}

function barCell(loss: PoolLoss | undefined, most: number, pale: boolean): Html {
  if (loss === undefined) return markup`<td>in no pool</td>`;
  const width = Math.round((1000 * loss.features) / most) / 10;
  return markup`<td><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="${pale ? 'pale' : 'solid'}" width="${width}" height="8"/></svg>${lossWords(loss)}</td>`;
}

/** The loss of one host of each profile. */
export function lossesIn(partition: PoolPartition | undefined): ReadonlyMap<number, PoolLoss> {
  const losses = new Map<number, PoolLoss>();
  for (const { profiles, lossOfOne } of partition?.pools ?? [])
    for (const [i, profile] of profiles.entries())
      if (lossOfOne[i] !== undefined) losses.set(profile, lossOfOne[i]);
  return losses;
}
