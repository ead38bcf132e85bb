import type { PoolsPlan } from '../../types/pools.ts';
import { costItems, hostNames } from './hosts-html.ts';
import { markup, NOTHING, wide, type Html } from './html.ts';
import { matricesOf, type Mark, type Matrix, type MatrixColumn, type MatrixPool } from './matrix.ts';
import { count } from './words.ts';

const SIGNS: Readonly<Record<Mark, Html>> = {
  yes: markup`<td class="yes"><span aria-hidden="true">●</span><span class="sr">yes</span></td>`,
  no: markup`<td class="no"><span aria-hidden="true">–</span><span class="sr">no</span></td>`,
  unknown: markup`<td class="unknown"><span aria-hidden="true">?</span><span class="sr">unknown</span></td>`,
};

/** Which kind of host has which of the features that they differ in. */
export function matrixSection(plan: PoolsPlan): Html {
  const matrices = matricesOf(plan);
  if (matrices.length === 0) return NOTHING;
  return markup`<section aria-labelledby="matrix"><h2 id="matrix">Hosts and the features they differ in</h2>
<p>● guests see it, – they do not, ? it is unknown. Features that the same hosts have are one column, with a letter; what it stands for is below. ! marks what costs guests a defence.</p>
${matrices.map(tableOf)}</section>
`;
}

function tableOf({ of, columns, pools }: Matrix, number: number): Html {
  const title = of === '' ? 'Hosts × features' : `Hosts × features: ${of}`;
  const prefix = of === '' ? '' : String(number + 1);
  return markup`${wide(
    title,
    markup`<table class="matrix">
<caption>${title}</caption><thead><tr><th scope="col">Hosts</th>${columns.map((column, i) => columnHead(column, prefix + letters(i)))}</tr></thead>
${pools.map((pool) => bodyOf(pool, columns.length))}</table>`,
  )}
${wide(
  `${title}, columns`,
  markup`<table class="blocks"><caption>The columns</caption>
<thead><tr><th scope="col">Column</th><th scope="col">Features</th><th scope="col">Lacking on</th><th scope="col">What it means to guests that lose it</th></tr></thead>
<tbody>${columns.map((column, i) => blockRow(column, prefix + letters(i)))}</tbody></table>`,
)}
`;
}

function columnHead({ cost, features }: MatrixColumn, name: string): Html {
  const mark = cost === 'security' ? markup`<b class="grave" title="a defence">!</b>` : NOTHING;
  const [first = ''] = features;
  const more = features.length === 1 ? '' : ` +${features.length - 1}`;
  return markup`<th scope="col"><span class="letter">${name}${mark}</span><span class="first">${first}${more}</span></th>`;
}

function bodyOf({ pool, rows }: MatrixPool, width: number): Html {
  return markup`<tbody><tr class="pool"><th scope="rowgroup" colspan="${width + 1}">Pool ${pool + 1}</th></tr>
${rows.map(
  ({
    profile,
    marks,
  }) => markup`<tr><th scope="row">${hostNames(profile.hosts)}</th>${marks.map((mark) => SIGNS[mark])}</tr>
`,
)}</tbody>
`;
}

function blockRow({ features, lackedBy, losses }: MatrixColumn, name: string): Html {
  const means = costItems(losses);
  return markup`<tr><th scope="row">${name}</th><td>${features.join(', ')}</td><td>${count(lackedBy, 'host')}</td><td>${means.length === 0 ? 'Nothing is known.' : markup`<ul>${means}</ul>`}</td></tr>
`;
}

const ALPHABET = 26;

/** A, B … Z, AA, AB …: short heads for many columns. */
export function letters(number: number): string {
  const last = String.fromCharCode('A'.charCodeAt(0) + (number % ALPHABET));
  return number < ALPHABET ? last : letters(Math.floor(number / ALPHABET) - 1) + last;
}
