import type { Host } from '../types/host.ts';
import type { ReportData, ReportVerdict } from '../types/report.ts';
import { formatIssue } from '../lib/issues/format.ts';
import { outcomeOf, whereWords } from '../lib/report/guests-html.ts';
import { rewritten } from './results.ts';
import type { GivenGuest } from './session.ts';
import { download } from './texts.ts';

/** Puts a button to rewrite beside each verdict that a rewrite makes good. */
export function addRewrites(
  results: HTMLElement,
  guests: readonly GivenGuest[],
  hosts: readonly Host[],
  { guests: judged }: ReportData,
): void {
  const articles = results.querySelectorAll('article');
  for (const [i, { verdicts, name }] of judged.entries()) {
    const places = articles[i]?.querySelectorAll('.verdict') ?? [];
    const guest = guests[i];
    if (guest === undefined) continue;
    for (const [j, verdict] of verdicts.entries())
      if (outcomeOf(verdict) === 'rewrite') places[j]?.append(rewriteButton(name, guest, hosts, verdict));
  }
}

function rewriteButton(
  name: string,
  guest: GivenGuest,
  hosts: readonly Host[],
  verdict: ReportVerdict,
): HTMLElement {
  const place = document.createElement('div');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = `Download ${name} rewritten for ${whereWords(verdict)}`;
  const answer = document.createElement('p');
  answer.role = 'status';
  button.addEventListener('click', () => {
    void rewritten(hosts, guest, verdict).then((result) => {
      if (!result.ok) {
        answer.textContent = result.issues.map((found) => formatIssue(found)).join(' ');
        return;
      }
      download(guest.file.replace(/(?:\.xml)?$/i, '.safe.xml'), result.xml, 'application/xml');
      answer.textContent = 'Define it with virsh define; it takes effect at the next full stop and start.';
      place.querySelector('details')?.remove();
      place.append(shown(result.xml));
    });
  });
  place.append(button, answer);
  return place;
}

/** The text to look at, one click further. */
function shown(text: string): HTMLElement {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Show it';
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.textContent = text;
  details.append(summary, pre);
  return details;
}
