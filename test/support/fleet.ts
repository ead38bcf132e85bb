import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.ts';

/** A file for a host, as `virsh domcapabilities` prints it. */
export interface HostFile {
  readonly name: string;
  readonly text: string;
}

/** What a machine room may have: model, vendor, features beyond the model, and features of it that are off. */
const MACHINES: readonly (readonly [
  model: string,
  vendor: string,
  more: readonly string[],
  off: readonly string[],
])[] = [
  ['IvyBridge-IBRS', 'Intel', ['md-clear', 'stibp', 'ssbd', 'vmx', 'pdcm', 'arat'], []],
  ['Haswell-noTSX-IBRS', 'Intel', ['md-clear', 'stibp', 'ssbd', 'vmx', 'pdcm', 'arat', 'abm'], []],
  ['Broadwell-IBRS', 'Intel', ['md-clear', 'stibp', 'ssbd', 'vmx', 'pdcm', 'arat'], ['rtm', 'hle']],
  ['Skylake-Server-IBRS', 'Intel', ['md-clear', 'stibp', 'ssbd', 'vmx', 'pku', 'umip'], ['rtm', 'hle']],
  [
    'Cascadelake-Server',
    'Intel',
    ['md-clear', 'stibp', 'vmx', 'umip', 'arch-capabilities', 'rdctl-no', 'ibrs-all', 'mds-no'],
    ['rtm', 'hle', 'mpx'],
  ],
  [
    'Icelake-Server',
    'Intel',
    [
      'md-clear',
      'stibp',
      'ssbd',
      'vmx',
      'fsrm',
      'arch-capabilities',
      'rdctl-no',
      'ibrs-all',
      'mds-no',
      'taa-no',
      'pschange-mc-no',
    ],
    ['rtm', 'hle', 'mpx'],
  ],
  ['EPYC-Rome', 'AMD', ['svm', 'arat', 'tsc_adjust', 'amd-ssbd', 'stibp'], []],
  ['EPYC-Milan', 'AMD', ['svm', 'arat', 'tsc_adjust', 'vaes', 'vpclmulqdq'], []],
];
/** What firmware or microcode may have taken away. */
const MISHAPS: readonly string[] = ['aes', 'md-clear', 'pcid', 'x2apic', 'ssbd', 'smep', 'erms', 'vmx'];

const CAPTURED = readFileSync(join(ROOT, 'examples/hosts/kvm-a.xml'), 'utf8');

/** The document of a machine of this kind; some of each have lost something. */
function machine(kind: number, mishap: number): string {
  const [model, vendor, more, off] = MACHINES[kind % MACHINES.length] ?? ['486', 'Intel', [], []];
  const lost = mishap % 3 === 1 ? [MISHAPS[mishap % MISHAPS.length] ?? ''] : [];
  const line = (policy: string) => (name: string) => `      <feature policy='${policy}' name='${name}'/>`;
  const given = more.filter((name) => !lost.includes(name)).map(line('require'));
  const taken = [...off, ...lost].map(line('disable'));
  const mode = [
    `      <model fallback='forbid'>${model}</model>`,
    `      <vendor>${vendor}</vendor>`,
    ...given,
    ...taken,
  ];
  const start = CAPTURED.indexOf('\n', CAPTURED.indexOf("<mode name='host-model'")) + 1;
  const end = CAPTURED.indexOf('    </mode>', start);
  return `${CAPTURED.slice(0, start)}${mode.join('\n')}\n${CAPTURED.slice(end)}`;
}

/** So many hosts of Intel in racks, of at most `kinds` kinds; the same for the same numbers. */
export function fleet(count: number, kinds = 24): readonly HostFile[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = (i * 7) % kinds;
    const rack = String(1 + Math.floor(i / 40)).padStart(2, '0');
    const number = String(1 + (i % 40)).padStart(2, '0');
    return { name: `r${rack}-kvm-${number}.xml`, text: machine(kind % 6, Math.floor(kind / 6)) };
  });
}

/** Ten unlike hosts, of two vendors, with names that people give. */
export function tenHosts(): readonly HostFile[] {
  return [0, 0, 1, 1, 2, 3, 4, 5, 6, 7].map((kind, i) => ({
    name: `${kind < 6 ? 'kvm' : 'epyc'}-${String(i + 1).padStart(2, '0')}.xml`,
    text: machine(kind, i),
  }));
}
