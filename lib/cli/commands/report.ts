import packageJson from '../../../package.json' with { type: 'json' };
import type { Host } from '../../../types/host.ts';
import type { PoolsPlan } from '../../../types/pools.ts';
import type { ReportData, ReportGuest } from '../../../types/report.ts';
import { reportCsv } from '../../report/csv.ts';
import { reportDocument } from '../../report/document.ts';
import { reportMarkdown } from '../../report/markdown.ts';
import { reportPicture } from '../../report/picture.ts';
import { STYLE } from '../../report/style.ts';
import { recommended } from '../../report/words.ts';
import { guestVerdicts } from '../../verdicts.ts';
import { CommandError } from '../errors.ts';
import { writeOrPrint } from '../files/write.ts';
import { domainsIn, type GuestDomain } from '../guests/domains.ts';
import type { Guest } from '../guests/guest.ts';
import { inFile } from '../guests/guests.ts';
import { planOf } from '../hosts/plan.ts';
import { hostsOf } from '../hosts/read.ts';
import { judgement, limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import type { ReportInput } from '../report/results.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a report can be, and how each is made. */
const FORMATS = {
  html: (data) => reportDocument(data, { version: packageJson.version, style: STYLE }),
  svg: ({ plan }) => reportPicture(plan),
  markdown: reportMarkdown,
  csv: reportCsv,
  json: ({ hosts, plan, guests }) =>
    json({ command: 'report', ...plan, verdicts: guests, inputs: hosts.map(inputFacts) }),
} as const satisfies Readonly<Record<string, (data: ReportData) => string>>;
type Format = keyof typeof FORMATS;

/** The endings of files, by what is written into them. */
const ENDINGS: Readonly<Record<string, Format>> = {
  html: 'html',
  htm: 'html',
  svg: 'svg',
  md: 'markdown',
  markdown: 'markdown',
  csv: 'csv',
  json: 'json',
};

/** Writes what can be said of hosts and guests as one page, picture, text or table. */
export async function report(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const { format, path } = outputOf(args.text('output'));
  const hosts = await hostsOf(args, terminal, args.positionals);
  const guests = domainsIn(args.texts('with-guests'), args, terminal);
  const plan = planOf(args, hosts, { guests: guests.map(({ domain }) => domain) });
  tellIssues(plan.issues, terminal);
  writeOrPrint(path, FORMATS[format](dataOf(args, hosts, plan, guests)), terminal);
  return exitCodeFor(plan.issues);
}

/** A form by its name, or a file by whose ending the form is told. */
function outputOf(given = 'html'): { readonly format: Format; readonly path?: string } {
  if (Object.hasOwn(FORMATS, given)) return { format: given as Format };
  const format = ENDINGS[/\.([a-z]+)$/i.exec(given)?.[1]?.toLowerCase() ?? ''];
  if (format !== undefined) return { format, path: given };
  const names = Object.keys(FORMATS).join(', ');
  throw new CommandError(
    'bad-value',
    `--output: "${given}" is no file that ends in .html, .svg, .md, .csv or .json, and none of ${names}`,
  );
}

function dataOf(
  args: Arguments,
  hosts: readonly Host[],
  plan: PoolsPlan,
  read: readonly GuestDomain[],
): ReportData {
  const texts = read.map(({ guest: { text, file }, domain }) => ({
    name: domain.name ?? file.path,
    file: file.path,
    text,
  }));
  const options = { pool: judgement(args), check: { read: limits(args) } };
  const judged = guestVerdicts(hosts, recommended(plan), texts, options);
  return { hosts, plan, guests: judged.map((one, i) => placedIn(read[i]?.guest, one)) };
}

/** Findings at their places in the whole file, which may hold several guests. */
function placedIn(guest: Guest | undefined, judged: ReportGuest): ReportGuest {
  if (guest === undefined) return judged;
  const verdicts = judged.verdicts.map(({ check, ...where }) => ({
    ...where,
    check: { ...check, issues: inFile(check.issues, guest) },
  }));
  return { ...judged, verdicts };
}

/** What a host is known from. */
function inputFacts({
  name,
  source,
  grade,
  file,
  libvirtVersion,
  qemuVersion,
  machine,
  virtType,
}: Host): ReportInput {
  return { name, source, grade, file, libvirtVersion, qemuVersion, machine, virtType };
}
