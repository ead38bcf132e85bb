import { COMMAND_ERRORS } from '../errors.ts';
import { withoutMarks } from './help.ts';
import { HOST_DOCUMENTS } from './host-documents.ts';
import { wrapped } from './wrap.ts';

const LONGEST_CODE = Math.max(...Object.keys(COMMAND_ERRORS).map(({ length }) => length));

/** A section of the manual that is not about single options: paragraphs, and lines that are shown as they are. */
export interface ManualSection {
  readonly heading: string;
  readonly blocks: readonly (string | readonly string[])[];
}

/** What comes before commands and options. */
export const MANUAL_START: readonly ManualSection[] = [
  {
    heading: 'DESCRIPTION',
    blocks: [
      'Reads what libvirt reports about two or more hosts, finds the CPU features that not all of them have, and disables those in the libvirt domain XML. Every other byte of the XML stays as it is. A guest that is started from the result sees the same features on every one of the hosts, and so can be moved among them while it runs.',
      'Neither QEMU nor libvirt checks this for guests whose CPU mode is host-passthrough or maximum: such a guest migrates without any warning to a host that lacks what it uses, and fails there later.',
      'Unknown is never taken for absent: a host that cannot be read stops the whole run.',
      'Results go to standard output, messages to standard error. If nobody reads one of them any more, the command still does its work and exits with the same code. One that is closed from the start (`>&-`) counts as /dev/null.',
    ],
  },
];

/** What comes behind them. */
export const MANUAL_END: readonly ManualSection[] = [
  {
    heading: 'HOSTS',
    blocks: [
      'A host is a file with one of these, the best first (`virt-migratable help hosts` lists them as well). The grade stays with the host, and what is not of grade A is a weak source.',
      HOST_DOCUMENTS.flatMap(([grade, documents]) => wrapped(`${grade}  ${documents}`, 72)).map(withoutMarks),
      'Where a host is named, a directory, a pattern in quotes (`hosts/*.xml`; `*`, `?`, `[a-z]`, `{a,b}`), a document with many hosts (`kubectl get nodes -o json`) and `-` for standard input do as well.',
      'A host can also be a libvirt URI such as qemu+ssh://kvm-01/system. It is asked through your own virsh(1) for guests like the domain: its type, emulator, architecture and machine type. Nothing runs through a shell.',
    ],
  },
  {
    heading: 'ERRORS',
    blocks: [
      'With `--json` or `--output yaml`, an error is an object with a code and a message. What is wrong in a document has a code of its own (`virt-migratable help CODE` explains it), and its file, line and column. Else the code is:',
      Object.entries(COMMAND_ERRORS).map(([code, meaning]) => `${code.padEnd(LONGEST_CODE)}  ${meaning}`),
    ],
  },
  {
    heading: 'ENVIRONMENT',
    blocks: [
      '`NO_COLOR`, if set to anything, turns colours off; `FORCE_COLOR` turns them on where there is no terminal (not if it is 0). `--color` goes before both, and NO_COLOR before FORCE_COLOR.',
      '`COLUMNS` is the width that results, messages and help keep to, in place of that of the terminal. Without both, results and help have 80 columns, and each message is one line.',
      '`LIBVIRT_DEFAULT_URI` is the connection of `apply`, `undo` and `--all` without `--connect`, as for virsh(1).',
      '`VIRT_MIGRATABLE_HOSTS` has the hosts where the command line names none: a directory, or words as behind `--host` with blanks between. `VIRT_MIGRATABLE_CONFIG` is a configuration file. Options of such a file can be variables too: VIRT_MIGRATABLE_TIMEOUT=20, VIRT_MIGRATABLE_STRICT=1 (0 for not).',
    ],
  },
  {
    heading: 'CONFIGURATION',
    blocks: [
      'The nearest virt-migratable.json, .yaml or .yml, in the directory where the command runs or above it, or the file that `--config` names, states hosts and options:',
      [
        '{',
        '  "hosts": ["hosts", "kvm-09=qemu+ssh://kvm-09/system"],',
        '  "options": { "strict": true, "libvirt-version": ["9.0.0", "kvm-09=11.3.0"], "timeout": 20 }',
        '}',
      ],
      '"hosts" lists what `--host` takes, or has it by the names of the hosts. "options" has options by their long names: true or false for a switch, a list where an option may be repeated. Options that the command does not have are ignored; an unknown name is an error, and so is what is about one call (`--yes`, `--in-place`, `--output`, `--json` and the like). Paths are relative to the file.',
      'The command line goes before the environment, and that before the file, each option as a whole. Hosts of the environment or the file count only where the command line names none. A file that is found, and not named, must belong to you or root, and not be writable by everyone. `on-define-domain`, and calls of libvirt to `hook`, look for no file.',
    ],
  },
  {
    heading: 'FILES',
    blocks: [
      'A file that `capture` wrote begins with a processing instruction that states where it comes from and the libvirt version; then come the capabilities and domcapabilities of the host.',
    ],
  },
  {
    heading: 'EXAMPLES',
    blocks: [
      'Keep what two hosts report, rewrite a guest for both, and define it:',
      [
        'virt-migratable capture qemu+ssh://kvm-a/system qemu+ssh://kvm-b/system -o hosts',
        'virsh dumpxml --inactive web-01 > web-01.xml',
        'virt-migratable rewrite web-01.xml --hosts hosts -o safe.xml',
        'virsh define safe.xml',
      ],
      'The same in one step, which `virsh define web-01.xml` takes back:',
      ['virt-migratable apply web-01 --connect qemu:///system --hosts hosts'],
    ],
  },
  {
    heading: 'SEE ALSO',
    blocks: ['`virsh`(1), `qemu-cpu-models`(7)'],
  },
];
