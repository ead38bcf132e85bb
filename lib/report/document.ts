import type { ReportData } from '../../types/report.ts';
import { findingsSection } from './findings-html.ts';
import { guestsSection } from './guests-html.ts';
import { inputsSection } from './hosts-html.ts';
import { markup, NOTHING, raw, type Html } from './html.ts';
import { matrixSection } from './matrix-html.ts';
import { barsSection, curveSection, poolsSection } from './pools-html.ts';
import { summary } from './words.ts';

/** Nothing may be loaded, run or sent, whatever a name in it says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** All that is said of some hosts and guests, as the parts of a page; words first. */
export function reportSections(data: ReportData): Html {
  const { plan, guests, hosts } = data;
  return markup`${summarySection(data)}${poolsSection(plan)}${curveSection(plan)}${barsSection(plan)}${guests.length === 0 ? NOTHING : guestsSection(guests)}${matrixSection(plan)}${findingsSection(plan.issues)}${inputsSection(hosts)}`;
}

function summarySection(data: ReportData): Html {
  return markup`<section class="lead" aria-label="Summary">${summary(data).map((sentence) => markup`<p>${sentence}</p>`)}</section>
`;
}

/** What a report says of itself, and how it looks. */
export interface ReportLook {
  /** Of the program that made it. */
  readonly version: string;
  readonly style: string;
}

/** The whole report in one file that needs no other and runs nothing. */
export function reportDocument(data: ReportData, { version, style }: ReportLook): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width,initial-scale=1"/><meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}"/><title>Hosts, pools and guests</title><style>${raw(style)}</style></head>
<body><main><h1>Hosts, pools and guests</h1>
${reportSections(data)}</main>
<footer>Made by libvirt-migratable ${version}.</footer></body></html>
`.html;
}
