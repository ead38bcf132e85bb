import type { GuestLoss } from '../../types/facts.ts';
import type { Host } from '../../types/host.ts';
import type { HostGrade } from '../../types/host-source.ts';
import { foldNames } from '../text/fold.ts';
import { groupedBy } from '../text/remembered.ts';
import { markup, NOTHING, wide, type Html } from './html.ts';
import { costLines, count } from './words.ts';

const LONGEST = 60;

/** Names of hosts, folded; where that is long, their number, and all of them one click further. */
export function hostNames(names: readonly string[]): Html {
  const folded = foldNames(names).join(', ');
  if (isShort(names, folded)) return markup`${folded}`;
  return markup`<details class="names"><summary>${count(names.length, 'host')}: ${folded.slice(0, LONGEST)}…</summary>${folded}</details>`;
}

/** The same with their number in any case. */
export function countedNames(names: readonly string[]): Html {
  const counted = isShort(names, foldNames(names).join(', '))
    ? markup`${count(names.length, 'host')}<br>`
    : NOTHING;
  return markup`${counted}${hostNames(names)}`;
}

function isShort({ length }: readonly string[], folded: string): boolean {
  return folded.length <= LONGEST || length < 3;
}

/** What losses mean, as items of a list. */
export function costItems(losses: readonly GuestLoss[]): readonly Html[] {
  return costLines(losses).map(
    ({ cost, features, words }) =>
      markup`<li class="${cost ?? 'none'}">${features.join(', ')}: ${words}</li>`,
  );
}

const GRADES: Readonly<Record<HostGrade, string>> = {
  A: 'what a guest gets there',
  B: "the hypervisor's list, perhaps incomplete",
  C: 'the physical CPU: proves what cannot work, not what will',
};

/** Where each host is known from, and what that is worth; hosts that are told alike are one line. */
export function inputsSection(hosts: readonly Host[]): Html {
  const alike = groupedBy(hosts, (host) => {
    const { source, grade, libvirtVersion, qemuVersion, machine, virtType, model } = host;
    return JSON.stringify([grade, source, libvirtVersion, qemuVersion, machine, virtType, model]);
  });
  const kinds = [...alike.values()].map((all) => ({ first: all[0] as Host, hosts: all }));
  const rows = kinds.sort((a, b) => (a.first.grade < b.first.grade ? 1 : -1)).map(inputRow);
  return markup`<section aria-labelledby="inputs"><h2 id="inputs">Where this is from</h2>
${wide(
  'Inputs',
  markup`<table><thead><tr><th scope="col">Hosts</th><th scope="col">Grade</th><th scope="col">Source</th><th scope="col">libvirt</th><th scope="col">QEMU</th><th scope="col">Machine type</th><th scope="col">Model</th></tr></thead>
<tbody>${rows}</tbody></table>`,
)}</section>
`;
}

function inputRow({ first, hosts }: { readonly first: Host; readonly hosts: readonly Host[] }): Html {
  const { grade, source, libvirtVersion, qemuVersion, machine, virtType, model } = first;
  const files = hosts.flatMap(({ file, name }) => (file === undefined || file === name ? [] : [file]));
  return markup`<tr><th scope="row">${hostNames(hosts.map(({ name }) => name))}${filesOf(files)}</th><td><b>${grade}</b>: ${GRADES[grade]}</td><td>${source}${virtType === undefined ? '' : `, ${virtType}`}</td><td>${libvirtVersion ?? 'not stated'}</td><td>${qemuVersion ?? 'not stated'}</td><td>${machine ?? '–'}</td><td>${model ?? '–'}</td></tr>
`;
}

function filesOf(files: readonly string[]): Html {
  if (files.length === 0) return NOTHING;
  const text = foldNames(files).join(', ');
  if (files.length === 1) return markup`<br/><small>${text}</small>`;
  return markup`<details><summary><small>${count(files.length, 'file')}</small></summary><small>${text}</small></details>`;
}
