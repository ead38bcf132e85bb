import type { Host } from '../../types/host.ts';
import type { ReportData } from '../../types/report.ts';
import { matricesOf, type Mark, type Matrix } from './matrix.ts';
import { recommended } from './words.ts';

/** A spreadsheet takes a cell that begins so for a formula. @see https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** One line for each host: its pool, what it is, and every feature that hosts differ in (`yes`, `no`, `unknown`). */
export function reportCsv({ hosts, plan }: ReportData): string {
  const matrices = matricesOf(plan);
  const features = [
    ...new Set(matrices.flatMap(({ columns }) => columns.flatMap((column) => column.features))),
  ].sort();
  const marks = new Map(matrices.flatMap(marksByHost));
  const pools = new Map(
    recommended(plan).flatMap((pool, i) => pool.hosts.map((name) => [name, i + 1] as const)),
  );
  const heads = ['host', 'pool', 'vendor', 'model', 'source', 'grade', 'libvirt', 'file', ...features];
  const lines = hosts.map((host) => [
    ...factsOf(host, pools.get(host.name)),
    ...features.map((feature) => marks.get(host.name)?.get(feature) ?? ''),
  ]);
  return [heads, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** What each host of a matrix has of each feature. */
function marksByHost({ columns, pools }: Matrix): readonly (readonly [string, ReadonlyMap<string, Mark>])[] {
  return pools.flatMap(({ rows }) =>
    rows.flatMap(({ profile, marks }) => {
      const known = new Map(
        columns.flatMap(({ features }, i) => features.map((name) => [name, marks[i] ?? 'unknown'] as const)),
      );
      return profile.hosts.map((name) => [name, known] as const);
    }),
  );
}

function factsOf(
  { name, vendor = '', model = '', source, grade, libvirtVersion = '', file = '' }: Host,
  pool: number | undefined,
): readonly string[] {
  return [name, String(pool ?? ''), vendor, model, source, grade, libvirtVersion, file];
}

/** @see https://www.rfc-editor.org/rfc/rfc4180 */
function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
