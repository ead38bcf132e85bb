import type { CommandName, CommandWords, Positional } from './spec.ts';

const DOMAIN: Positional = { argument: 'DOMAIN.xml', complete: 'file' };
const GUESTS: Positional = { ...DOMAIN, repeats: true, optional: true };
const MANY =
  'Many guests are files, directories (every .xml, .yaml and .json in them), patterns in quotes ("vms/**/*.xml"), or files with several domains; or with --connect, names of guests, or --all. Each has a line, and the counts come last. Exit 2 if one cannot be read, 1 if one has a finding; the others are done all the same.';
const HOST: Positional = { argument: '[NAME=]HOST', complete: 'host-file', optional: true };
const HOSTS_NEEDED = '--host [NAME=]FILE|URI …';

const SEVERAL = 'HOST is a file, a directory, a pattern in quotes, a URI, or "-" for standard input.';

/** What each command is for and takes, but for its options; the most used first. */
export const COMMAND_WORDS: Readonly<Record<CommandName, CommandWords>> = {
  check: {
    group: 'guests',
    summary: 'report whether a domain is safe to move among hosts as it is',
    forms: [{ positionals: [GUESTS], needs: HOSTS_NEEDED }],
    notes: [
      '"-" for DOMAIN.xml reads standard input.',
      'For a running guest, give its live XML: the command then also reports which hosts can take the guest now.',
      MANY,
    ],
    examples: [
      'virt-migratable check guest.xml --host kvm-a.xml --host kvm-b.xml',
      'virt-migratable check guests/ --host kvm-a.xml --host kvm-b.xml',
      'virt-migratable check --all --connect qemu:///system --host kvm-a.xml --host kvm-b.xml',
      'virsh dumpxml guest | virt-migratable check - --from kvm-a --host kvm-a.xml --host kvm-b.xml',
    ],
  },
  rewrite: {
    group: 'guests',
    summary: 'disable in a domain every CPU feature that not all hosts have',
    forms: [{ positionals: [GUESTS], needs: HOSTS_NEEDED }],
    notes: [
      '"-" for DOMAIN.xml reads standard input. Every byte that does not have to change stays as it is.',
      'If anything is in the way of a guest, nothing is written of its file.',
      MANY,
    ],
    examples: [
      'virt-migratable rewrite guest.xml --host a=kvm-a.xml --host b=kvm-b.xml > safe.xml',
      'virsh dumpxml --inactive guest | virt-migratable rewrite - --host kvm-a.xml --host kvm-b.xml --diff',
      'virt-migratable rewrite guests/ -o safe/ --host kvm-a.xml --host kvm-b.xml',
      'virt-migratable rewrite guest.xml --in-place --host kvm-a.xml --host kvm-b.xml && virsh define guest.xml',
    ],
  },
  explain: {
    group: 'guests',
    summary: 'explain what rewrite would change and what not: which host is the cause, and which rule',
    forms: [{ positionals: [GUESTS], needs: HOSTS_NEEDED }],
    notes: ['"-" for DOMAIN.xml reads standard input.', MANY],
    examples: ['virt-migratable explain guest.xml --host kvm-a.xml --host kvm-b.xml'],
  },
  lint: {
    group: 'guests',
    summary: 'report what is wrong with domains whatever hosts they are for',
    forms: [{ positionals: [GUESTS] }],
    notes: [
      'Needs no host: reports what cannot be read, what libvirt or QEMU refuses everywhere, what keeps a guest from moving, and what depends on its host. Whether it is safe to move, `check` says.',
      '"-" for DOMAIN.xml reads standard input.',
      MANY,
    ],
    examples: [
      'virt-migratable lint "vms/**/*.xml"',
      'virt-migratable lint guests/ --output sarif > lint.sarif',
    ],
    exit: { 0: 'no error', 1: 'an error in a domain' },
  },
  apply: {
    group: 'guests',
    summary: 'rewrite a domain where it is defined, after showing what changes',
    forms: [
      {
        positionals: [{ argument: 'DOMAIN', complete: 'domain', repeats: true, optional: true }],
        needs: `--connect URI ${HOSTS_NEEDED}`,
      },
    ],
    notes: [
      'DOMAIN is a name or UUID on that connection, whose inactive XML is read; with a slash or .xml it is a file.',
      'Shows a unified diff, asks, runs `virsh define`, and reports when it takes effect: a running guest keeps its CPU until it is stopped and started again; a reboot from inside is not enough.',
      'Of many domains (or --all), every change is shown, then you are asked once; one that cannot be defined is named, and the others are done.',
      'Without --yes and without a terminal, nothing is done.',
    ],
    examples: [
      'virt-migratable apply web-01 --connect qemu:///system --host hosts/kvm-01.xml --host qemu+ssh://kvm-02/system',
      'virt-migratable apply --all --dry-run --connect qemu:///system --hosts hosts',
    ],
    exit: {
      0: 'defined, or nothing to change',
      1: 'a finding, you did not agree, or --dry-run found a change',
    },
  },
  undo: {
    group: 'guests',
    summary: 'remove from a domain what "rewrite --record" added',
    forms: [{ positionals: [{ argument: 'DOMAIN.xml|NAME', complete: 'domain' }] }],
    notes: [
      '"-" for DOMAIN.xml reads standard input.',
      'With --connect (default $LIBVIRT_DEFAULT_URI), NAME is a name or UUID there, whose inactive XML is read: what changes is shown, you are asked, and it is defined.',
      'What somebody changed since then stays. A domain without a record stays as it is.',
    ],
    examples: [
      'virsh dumpxml --inactive guest | virt-migratable undo - > before.xml && virsh define before.xml',
      'virt-migratable undo web-01 --connect qemu:///system',
    ],
    exit: { 1: 'you did not agree' },
  },
  capture: {
    group: 'hosts',
    summary: 'ask hosts what a guest gets there, and keep a file for each',
    forms: [
      {
        positionals: [{ argument: '[NAME=]URI', repeats: true, complete: 'uri' }],
        needs: '--output DIR',
      },
    ],
    notes: [
      'Runs `virsh`, as you are, with each URI: capabilities, domcapabilities, version. All hosts are asked at once; if one cannot be read, nothing is written, unless --keep-going is given. Where both virsh and the host know it (libvirt 12.2), every feature is asked for (--expand-cpu-features).',
      'The files have both documents and the libvirt version, so --host takes them as they are. User names and passwords in a URI are not kept.',
    ],
    examples: [
      'virt-migratable capture qemu+ssh://kvm-01/system qemu+ssh://kvm-02/system -o hosts --domain guest.xml',
      'virt-migratable capture here=qemu:///system there=qemu+ssh://root@10.0.0.2/system -o hosts --virttype kvm',
    ],
    exit: { 1: 'with --keep-going: some hosts did not answer' },
  },
  diff: {
    group: 'hosts',
    summary: 'show which CPU features hosts differ in',
    forms: [{ positionals: [{ ...HOST, repeats: true }] }],
    notes: [SEVERAL],
    examples: [
      'virt-migratable diff kvm-a.xml kvm-b.xml',
      'virt-migratable diff --hosts hosts',
      "virt-migratable diff --host a=kvm-a.xml --host b=kvm-b.xml --json | jq -r '.common[]'",
    ],
  },
  pools: {
    group: 'hosts',
    summary: 'say which hosts belong together, what each costs the others, and whom to leave out',
    forms: [{ positionals: [{ ...HOST, repeats: true }] }],
    notes: [
      SEVERAL,
      'What guests lose is compared in this order: guests that cannot run, defences, x86-64 levels, what makes them slower, features in all; each summed over the hosts. Up to 16 kinds of hosts every division is looked at; above, a good one is found and is called not proved best.',
    ],
    examples: [
      'virt-migratable pools hosts',
      'virt-migratable pools hosts --max 3 --weight kvm-07=40 --with-guests web-01.xml --join new.xml',
      "virt-migratable pools fleet.ndjson --json | jq '.partitions[.knee].pools[].hosts'",
    ],
  },
  rehearse: {
    group: 'hosts',
    summary:
      'say what an upgrade of libvirt, QEMU, kernel or microcode does to guests, from captures before and after it',
    forms: [{ positionals: [GUESTS], needs: '--before DIR --after DIR' }],
    notes: [
      'For each guest: does it arrive on an upgraded host (forward), and come back to one that is not (back); does it see another CPU or machine at its next start; and what cures it, as a command to paste. A guest is its definition (`virsh dumpxml --inactive`). Without guests: what became of the hosts, and trouble that others had with such an upgrade.',
      'To know an upgrade before it happens, upgrade one host, or a machine with the same processor, and capture it.',
      '`virt-migratable help ID` says more of trouble that is named, and docs/incidents.md has all that is known.',
    ],
    examples: [
      'virt-migratable capture qemu+ssh://kvm-a/system -o before && (upgrade kvm-a) && virt-migratable capture qemu+ssh://kvm-a/system -o after',
      'virt-migratable rehearse --before before --after after guests/ --kernel-before 6.1 --kernel-after 6.12',
      'virt-migratable rehearse --before before --after after --all --connect qemu:///system',
    ],
    exit: { 0: 'every guest stays equal', 1: 'a guest gets stuck or changes, or it is unknown' },
  },
  baseline: {
    group: 'hosts',
    summary: 'print the CPU that all hosts share, as virsh cpu-baseline does',
    forms: [{ positionals: [{ ...HOST, repeats: true }] }],
    notes: [SEVERAL],
    examples: [
      'virt-migratable baseline --features kvm-a.xml kvm-b.xml',
      'virt-migratable baseline --lock pool.json hosts/kvm-01.xml hosts/kvm-02.xml',
    ],
  },
  expand: {
    group: 'hosts',
    summary: 'list every CPU feature a guest gets on a host',
    forms: [{ positionals: [HOST] }],
    examples: ['virt-migratable expand kvm-a.xml --libvirt-version 9.0.0'],
  },
  compare: {
    group: 'hosts',
    summary: 'report whether a host can run a CPU or a domain',
    forms: [
      {
        positionals: [{ argument: 'CPU.xml|DOMAIN.xml', complete: 'file' }, HOST],
      },
    ],
    examples: ['virt-migratable compare guest.xml kvm-a.xml'],
    exit: { 0: 'identical or superset', 1: 'incompatible' },
  },
  report: {
    group: 'hosts',
    summary:
      'write all that can be said of hosts, pools and guests as one file: words, matrix, bars, curve, verdicts',
    forms: [{ positionals: [{ ...HOST, repeats: true }] }],
    notes: [
      SEVERAL,
      'The HTML needs no other file, runs no script and loads nothing: mail it, print it, keep it with the change.',
    ],
    examples: [
      'virt-migratable report hosts --with-guests web-01.xml -o report.html',
      'virt-migratable report hosts -o pools.svg',
    ],
  },
  page: {
    group: 'hosts',
    summary: 'print a web page that compares hosts, divides them into pools and rewrites guests in a browser',
    forms: [{ positionals: [] }],
    notes: [
      'The page is one file that needs no other and opens no connection. Open it from disk, or serve it from anywhere: whoever opens it drops the files of hosts and guests on it.',
    ],
    examples: ['virt-migratable page > page.html'],
  },
  profile: {
    group: 'hosts',
    summary: 'print what a pool needs to know of hosts, a line of JSON each, to be folded',
    forms: [{ positionals: [{ ...HOST, repeats: true }] }],
    notes: [
      SEVERAL,
      '`pools`, `diff` and `baseline` take the lines, and what `fold` makes of them, as hosts. They have CPU features alone: `check` looks at no machine types and devices then.',
    ],
    examples: ['virt-migratable profile hosts > hosts.ndjson'],
  },
  fold: {
    group: 'hosts',
    summary: 'fold lines of profile, or folds, into one: a line for all hosts that are alike',
    forms: [{ positionals: [{ argument: 'FILE', optional: true, repeats: true, complete: 'file' }] }],
    notes: [
      'Without FILE, and for "-", standard input is read. Folding parts of a fleet and then the folds comes to the same, in whatever order; a host that is in several parts counts once.',
    ],
    examples: ['virt-migratable fold rack-*.ndjson > fleet.ndjson && virt-migratable pools fleet.ndjson'],
  },
  hook: {
    group: 'gates',
    summary: 'install the gate that libvirt asks before a guest starts, arrives or comes back on this host',
    forms: [
      { positionals: [{ argument: 'install', choices: ['install'] }], needs: HOSTS_NEEDED },
      { positionals: [{ argument: 'status', choices: ['status'] }] },
      { positionals: [{ argument: 'uninstall', choices: ['uninstall'] }] },
      {
        positionals: ['GUEST', 'OPERATION', 'SUB-OPERATION', 'EXTRA'].map((argument) => ({
          argument,
          complete: 'nothing',
        })),
      },
    ],
    notes: [
      'The gate refuses a guest that is not safe here, and judges from its own copies of the host files alone. `install` without --host installs it again from these copies.',
      '`status` says for which hosts the gate is installed, since when and by which version, and what is wrong with it; it exits with 1 where something is.',
      'The last form is a call of libvirt, with the XML of the guest on standard input. It exits with 0 to go on, and with 1 to refuse, with the reason in one line on standard error.',
    ],
    examples: [
      'virt-migratable hook install --host kvm-a=a.xml --host kvm-b=b.xml --self kvm-a && systemctl reload libvirtd',
      'virsh dumpxml guest | virt-migratable hook guest prepare begin -',
    ],
  },
  'on-define-domain': {
    group: 'gates',
    summary: "rewrite a domain as KubeVirt's hook of that name",
    forms: [{ positionals: [], needs: '--vmi JSON --domain XML' }],
    notes: [
      'Prints the complete XML in any case, changed or not, and nothing when it fails: then the virtual machine does not start.',
      'The argument --version v1alpha3 of the sidecar is the protocol between KubeVirt and its shim; the shim calls a program "onDefineDomain" with --vmi and --domain. See examples/kubevirt.',
    ],
    examples: ['exec virt-migratable on-define-domain --hosts /etc/virt-migratable/hosts "$@"'],
  },
  completion: {
    group: 'shell',
    summary: "print what makes a shell complete the command's words",
    forms: [
      { positionals: [{ argument: 'bash|zsh|fish|hosts', choices: ['bash', 'zsh', 'fish', 'hosts'] }] },
    ],
    notes: [
      'The first example of --help belongs into ~/.bashrc, the second into ~/.zshrc; run the third once.',
      '"hosts" prints what the hosts of --host, --hosts and the configuration are called, for the shell to offer; no host is asked.',
    ],
    examples: [
      'eval "$(virt-migratable completion bash)"',
      'eval "$(virt-migratable completion zsh)"',
      'virt-migratable completion fish > ~/.config/fish/completions/virt-migratable.fish',
    ],
  },
};
