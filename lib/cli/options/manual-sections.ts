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
      'Results go to standard output, messages to standard error. If nobody reads one of them any more, the command still does its work and exits with the same code.',
    ],
  },
];

/** What comes behind them. */
export const MANUAL_END: readonly ManualSection[] = [
  {
    heading: 'HOSTS',
    blocks: [
      'A host is a file that `capture` wrote, or a file with the output of `virsh domcapabilities` (best), of `virsh hypervisor-cpu-baseline --features`, or of `virsh capabilities` (the physical CPU, which is not what a guest gets: a weak source); or the answer of QEMU to the QMP command query-cpu-model-expansion, as JSON.',
      'Where a host is named, a directory, a pattern in quotes (`hosts/*.xml`; `*`, `?`, `[a-z]`, `{a,b}`), a document with many hosts (`kubectl get nodes -o json`) and `-` for standard input do as well. What a directory or a pattern stands for comes in natural order: kvm-2 before kvm-10.',
      'A host can also be a libvirt URI such as qemu+ssh://kvm-01/system. It is asked through your own virsh(1) for guests like the domain: its type, emulator, architecture and machine type. Nothing runs through a shell.',
    ],
  },
  {
    heading: 'ERRORS',
    blocks: [
      'With `--json`, an error is an object with a code and a message: `usage`, `bad-config`, `not-found`, `unreadable`, `unwritable`, `changed-meanwhile`, `no-hosts`, `no-such-host`, `host-unreachable`, `host-timeout`, `not-installed`, `not-comparable`, `system`, `internal`, or the code of what is wrong in a document, with its file, line and column.',
    ],
  },
  {
    heading: 'ENVIRONMENT',
    blocks: [
      '`NO_COLOR`, if set to anything, turns colours off; `FORCE_COLOR` turns them on where there is no terminal (not if it is 0). `--color` goes before both, and NO_COLOR before FORCE_COLOR.',
      '`COLUMNS` is the width of help texts where there is no terminal.',
      '`LIBVIRT_DEFAULT_URI` is the connection where `--connect` is not given, as for virsh(1).',
      '`VIRT_MIGRATABLE_HOSTS` has the hosts where the command line names none: a directory, or several words as behind `--host` with blanks between. `VIRT_MIGRATABLE_CONFIG` is a configuration file. Any option that a configuration file may have can be set by a variable too: VIRT_MIGRATABLE_LIBVIRT_VERSION for `--libvirt-version`, VIRT_MIGRATABLE_STRICT=1 for `--strict` (0 for not).',
      '`LIBVIRT_DEFAULT_URI` is where guests are defined if there is no `--connect`, as for `virsh`.',
    ],
  },
  {
    heading: 'CONFIGURATION',
    blocks: [
      'The nearest file virt-migratable.json, virt-migratable.yaml or virt-migratable.yml, in the directory where the command runs or one above it, or the one that `--config` names, can state hosts and options:',
      [
        '{',
        '  "hosts": ["hosts", "kvm-09=qemu+ssh://kvm-09/system"],',
        '  "options": { "strict": true, "libvirt-version": ["9.0.0", "kvm-09=11.3.0"], "timeout": 20 }',
        '}',
      ],
      '"hosts" is a list of what `--host` takes, or such values by the names of the hosts. "options" has options by their long names: true or false for a switch, a list where an option can be given several times. An option that the command in use does not have is not used. What is about one call is not for the file: `--yes`, `--in-place`, `--output`, `--json` and the like. Paths are relative to the file. An unknown name is an error.',
      'The command line goes before the environment, and that before the file, each option as a whole. Hosts of the environment or the file count only where the command line names none. A file that is found, and not named, must belong to you or to root, and must not be writable by everyone. `on-define-domain`, and calls of libvirt to `hook`, look for no file.',
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
