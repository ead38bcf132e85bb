import type { PoolsPlan } from '../../types/pools.ts';
import { foldNames } from '../text/fold.ts';
import { markup, NOTHING, raw, type Html } from './html.ts';
import { poolMatrices, type Matrix, type MatrixRow } from './matrix.ts';
import { lossesIn } from './pools-html.ts';
import { count, recommended, savedPercent } from './words.ts';

const ROW = 20;
const CELL = 14;
const GAP = 10;
const NAMES = 210;
const BARS = 220;
const TOP = 54;
/** Room for the words above the matrix, and for the line below the picture. */
const HEAD = 8 * CELL;
const LEGEND = 660;
/** Letters that have room beside the matrix, whatever the font. */
const LONGEST_NAME = 24;

/** Both themes, as a picture in a page of documentation may stand on either. */
const STYLE = `text{font:12px system-ui,sans-serif;fill:#1b1f24}.soft{fill:#57606a}.head{font-weight:700;font-size:14px}
.yes{fill:#2f6fd0}.no{fill:none;stroke:#8c959f}.unknown{fill:none;stroke:#9a6700;stroke-dasharray:2}.grave{fill:#b3261e}.solid{fill:#2f6fd0}.pale{fill:#a9c3ec}
@media(prefers-color-scheme:dark){text{fill:#e6e9ee}.soft{fill:#a3adb9}.yes,.solid{fill:#7cb4ff}.no{stroke:#6b7480}.unknown{stroke:#f0b849}.grave{fill:#ff8a80}.pale{fill:#3a5478}}`;

/** Hosts, what they differ in, and what guests lose there, as one picture. */
export function reportPicture(plan: PoolsPlan): string {
  const matrices = poolMatrices(plan);
  const widest = Math.max(0, ...matrices.map(({ columns }) => columns.length));
  const bars = NAMES + (widest === 0 ? 0 : Math.max(widest * CELL, HEAD)) + GAP * 2;
  const width = Math.max(bars + BARS, LEGEND);
  const { rows, height } = rowsOf(plan, matrices, bars);
  const pools = count(recommended(plan).length, 'pool');
  const title =
    plan.knee === 0 ? pools : `${pools}: guests lose ${savedPercent(plan)} % less than in the fewest`;
  const head =
    widest === 0 ? NOTHING : markup`<text class="soft" x="${NAMES}" y="44">features that differ</text>`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + 40}" width="${width}" height="${height + 40}" role="img"><title>${title}</title><style>${raw(STYLE)}</style>
<text class="head" x="8" y="22">${title}</text>${head}<text class="soft" x="${bars}" y="44">features lost there</text>${rows}<text class="soft" x="8" y="${height + 24}">${legend(plan, matrices)}</text>
</svg>
`.html;
}

/** What the signs mean that are there. */
function legend({ knee }: PoolsPlan, matrices: readonly Matrix[]): string {
  const columns = matrices.flatMap((matrix) => matrix.columns);
  const marks = matrices.flatMap(({ pools }) =>
    pools.flatMap(({ rows }) => rows.flatMap((row) => row.marks)),
  );
  return [
    ...(columns.length > 0 ? ['■ guests see it, □ they do not'] : []),
    ...(marks.includes('unknown') ? ['dashed: unknown'] : []),
    ...(columns.some(({ cost }) => cost === 'security') ? ['! lacking it costs a defence'] : []),
    ...(knee > 0 ? ['pale: in the fewest pools, full: divided'] : []),
  ].join('; ');
}

function rowsOf(
  plan: PoolsPlan,
  matrices: readonly Matrix[],
  bars: number,
): { readonly rows: Html; readonly height: number } {
  const [before, after] = [lossesIn(plan.partitions[0]), lossesIn(plan.partitions[plan.knee])];
  const most = Math.max(1, ...[...before.values()].map(({ features }) => features));
  const parts: Html[] = [];
  let y = TOP;
  for (const { columns, pools } of matrices) {
    parts.push(
      ...columns.map(({ cost }, i) =>
        cost === 'security'
          ? markup`<text class="grave" x="${NAMES + i * CELL + 3}" y="${y + 8}">!</text>`
          : NOTHING,
      ),
    );
    y += 12;
    for (const { pool, rows } of pools) {
      parts.push(markup`<text class="soft" x="8" y="${y + 13}">Pool ${pool + 1}</text>`);
      y += ROW;
      for (const row of rows) {
        const number = plan.profiles.indexOf(row.profile);
        const lost = [before, after].map((losses) => losses.get(number)?.features ?? 0);
        const lengths = lost.map((features) => (features / most) * (BARS - 40));
        parts.push(rowOf(row, y), barOf(lengths, lost[1] ?? 0, bars, y));
        y += ROW;
      }
    }
  }
  return { rows: markup`${parts}`, height: y };
}

function rowOf({ profile, marks }: MatrixRow, y: number): Html {
  const name = foldNames(profile.hosts).join(', ');
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  const cells = marks.map(
    (mark, i) =>
      markup`<rect class="${mark}" x="${NAMES + i * CELL + 1.5}" y="${y + 3.5}" width="10" height="12"/>`,
  );
  return markup`<text x="20" y="${y + 14}">${shown}</text>${cells}
`;
}

function barOf([before = 0, after = 0]: readonly number[], count: number, x: number, y: number): Html {
  return markup`<rect class="pale" x="${x}" y="${y + 3}" width="${before.toFixed(1)}" height="13"/><rect class="solid" x="${x}" y="${y + 6}" width="${after.toFixed(1)}" height="7"/><text x="${(x + before + 6).toFixed(1)}" y="${y + 14}">${count}</text>
`;
}
