import type { Issue } from '../../types/issue.ts';
import type { PlannedPool, PoolsPlan } from '../../types/pools.ts';
import type { ReportData, ReportGuest } from '../../types/report.ts';
import { foldNames } from '../text/fold.ts';
import { printable } from '../text/printable.ts';
import { disableLines } from './costs.ts';
import { outcomeWords, whereWords } from './guests-html.ts';
import { matricesOf, type Mark, type Matrix } from './matrix.ts';
import { letters } from './matrix-html.ts';
import { inCommandWords } from './wording.ts';
import {
  advice,
  costLines,
  LOSS_SCALE,
  lossWords,
  reachedLevel,
  recommended,
  summary,
  type CostLine,
} from './words.ts';

const SIGNS: Readonly<Record<Mark, string>> = { yes: '●', no: '–', unknown: '?' };
/** What Markdown, or HTML within it, would take for something else than text. */
const SPECIAL = /[\\`*_{}[\]()<>#+!|~&]/g;

/** The report as Markdown, for tickets and wikis: the same words and tables. */
export function reportMarkdown(data: ReportData): string {
  const { plan, guests, hosts } = data;
  const matrices = matricesOf(plan);
  const parts = [
    '# Hosts, pools and guests',
    ...summary(data).map(plain),
    section(
      'Pools',
      table(['Pool', 'Hosts', 'Level', 'Model', 'Features kept', 'Lost'], recommended(plan).map(poolCells)),
    ),
    section('Hosts to leave out', bullets(advice(plan))),
    curvePart(plan),
    ...guests.map(guestPart),
    ...matrices.map((matrix, i) => matrixPart(matrix, matrices.length === 1 ? '' : String(i + 1))),
    section('Findings', bullets(plan.issues.map(issueWords))),
    section(
      'Where this is from',
      table(
        ['Host', 'Grade', 'Source', 'File'],
        hosts.map(({ name, grade, source, file = '' }) => [name, grade, source, file]),
      ),
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function curvePart({ partitions }: PoolsPlan): string {
  if (partitions.length < 2) return '';
  const losses = table(
    ['Pools', 'Loss', 'Guests lose'],
    partitions.map(({ pools, loss }) => [pools.length, loss.score, lossWords(loss)].map(String)),
  );
  return section('How many pools?', `Loss: ${LOSS_SCALE}.\n\n${losses}`);
}

function plain(text: string): string {
  return printable(text).replace(SPECIAL, '\\$&');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${plain(sentence)}`).join('\n');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '--|').join('')}`, ...rows.map(line)].join('\n');
}

function namesOf(names: readonly string[]): string {
  return foldNames(names).join(', ');
}

function poolCells(pool: PlannedPool, number: number): readonly string[] {
  const { hosts, model, common, lost, costs } = pool;
  const means = costLines(costs.filter(({ cost }) => cost !== undefined)).map(meaningOf);
  const names = lost.map(({ feature }) => feature).join(', ');
  const words = [names === '' ? 'nothing' : `${names}.`, ...means].join(' ');
  return [
    String(number + 1),
    namesOf(hosts),
    reachedLevel(pool)[0] ?? '–',
    model ?? '–',
    String(common.length),
    words,
  ];
}

function guestPart({ name, file, verdicts }: ReportGuest): string {
  const body = verdicts.map((verdict) => {
    const { disable, issues } = verdict.check;
    const reasons = [...disableLines(disable), ...issues.map(issueWords)];
    return [`**${plain(outcomeWords(verdict))}** among ${plain(whereWords(verdict))}.`, bullets(reasons)]
      .join('\n\n')
      .trimEnd();
  });
  // Guests of several files may have one name.
  const title = file === name ? name : `${name} (${file})`;
  return section(`Guest ${plain(title)}`, body.join('\n\n'));
}

function matrixPart({ columns, pools }: Matrix, prefix: string): string {
  const heads = ['Hosts', ...columns.map((_, i) => prefix + letters(i))];
  const rows = pools.flatMap((pool) =>
    pool.rows.map(({ profile, marks }) => [namesOf(profile.hosts), ...marks.map((mark) => SIGNS[mark])]),
  );
  const blocks = columns.map(({ features, lackedBy, losses }, i) => [
    prefix + letters(i),
    features.join(', '),
    String(lackedBy),
    costLines(losses).map(meaningOf).join(' '),
  ]);
  const legend = table(
    ['Column', 'Features', 'Hosts without', 'What it means to guests that lose it'],
    blocks,
  );
  return section('Hosts and the features they differ in', `${table(heads, rows)}\n\n${legend}`);
}

function issueWords(found: Issue): string {
  const { severity, message, code } = inCommandWords(found);
  return `${severity}: ${message} [${code}]`;
}

function meaningOf({ features, words }: CostLine): string {
  return `${features.join(', ')}: ${words}`;
}
