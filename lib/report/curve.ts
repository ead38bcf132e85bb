import type { PoolsPlan } from '../../types/pools.ts';
import { markup, type Html } from './html.ts';

const WIDTH = 360;
const HEIGHT = 180;
const LEFT = 16;
const RIGHT = 56;
const TOP = 28;
const BOTTOM = 34;

/** Loss over the number of pools as SVG; classes give it its colours. The numbers stand at the points. */
export function curve({ partitions, knee }: PoolsPlan): Html {
  const most = Math.max(1, ...partitions.map(({ loss }) => loss.score));
  const numbers = partitions.map(({ pools }) => pools.length);
  const [from = 1, to = 1] = [numbers[0], numbers.at(-1)];
  const points = partitions.map(({ pools, loss }, i) => ({
    x: LEFT + 24 + ((pools.length - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT - 48),
    y: TOP + (1 - loss.score / most) * (HEIGHT - TOP - BOTTOM),
    pools: pools.length,
    score: loss.score,
    isKnee: i === knee,
  }));
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const floor = HEIGHT - BOTTOM;
  const words = points.map(({ pools, score }) => `${pools}: ${score}`).join(', ');
  return markup`<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Loss by the number of pools: ${words}">
<path class="axis" d="M${LEFT} ${floor}H${WIDTH - RIGHT}"/><path class="line" d="${path}"/>${points.map(
    ({ x, y, pools, score, isKnee }) => markup`
<circle class="${isKnee ? 'knee' : 'point'}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${isKnee ? 6 : 4}"/>
<text class="value" x="${(x + 8).toFixed(1)}" y="${(y - 9).toFixed(1)}">${score.toLocaleString('en')}</text>
<text class="${isKnee ? 'tick knee' : 'tick'}" x="${x.toFixed(1)}" y="${floor + 16}" text-anchor="middle">${pools}</text>`,
  )}
<text class="tick" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 4}" text-anchor="middle">pools</text></svg>`;
}
