/** The command was called in a way it cannot follow. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const READING = `  --libvirt-version [NAME=]V  libvirt version of all hosts, or of host NAME
  --cpu-map [NAME=]PATH       CPU map of all hosts, or of host NAME: a directory as /usr/share/libvirt/cpu_map
  --strict                    refuse hosts known by a weak source only (virsh capabilities), and a guest that
                              would see another family, model or stepping after a move
  --max-depth N               accept elements nested deeper than 256
  --max-length N              accept documents longer than 16777216 characters
  --json                      the result as JSON
  --help                      this text`;

const HOSTS = `  --host [NAME=]FILE|URI      a host: output of virsh domcapabilities (best), hypervisor-cpu-baseline or
                              capabilities, or QMP's answer to query-cpu-model-expansion (JSON); two files of one
                              NAME describe one host; give two hosts or more;
                              a URI (qemu+ssh://a/system) is asked through virsh
  --timeout SECONDS           how long a host given as URI may take (60)
${READING}`;

const CONTEXT = `  --domain FILE               ask for guests like this domain: its type, architecture, machine and emulator
  --virttype TYPE             ask for guests of this type (kvm, qemu)
  --arch ARCH                 ask for guests of this architecture
  --machine MACHINE           ask for guests with this machine type
  --emulatorbin PATH          ask for guests with this emulator`;

const VIRTIO = `  --virtio NAME=FILE          what virtio devices offer on host NAME, one for each host: answers of its QEMU to QMP
                              x-query-virtio-status and device-list-properties, or feature names, one to a line
  --qemu-properties           where libvirt has no switch for such a feature, hand QEMU a property`;

const JUDGING = `  --any-machine               go on with hosts that were asked about another machine type, with a warning`;

const PLANNING = `${JUDGING}
  --machine common            replace a machine type that some host lacks, or that is an alias, by the newest of its
                              family that every host has
  --maxphysaddr common        limit physical address bits to the fewest of a host, where they differ
  --pmu off                   take the performance counters away
  --drop-nested               disable vmx and svm: nothing runs inside the guest
  --override-conflicts        turn a required feature that some host lacks into a disabled one
  --climb                     where a host's libvirt does not know a name, disable its nearest known ancestor
  --allow-core-features       disable even what no guest boots without
  --guard                     check='full' and a require line for every common feature: libvirt itself then refuses a
                              host that lacks one
  --exhaustive                also disable every other feature all hosts can name: a richer host changes nothing
  --pin                       replace the CPU by a named model that every host has, equal to what hosts share
  --model NAME                with --pin: that model
  --set-migratable            turn migratable='off' into 'on'
  --record                    note in <metadata> what is added, so that a later run can take away what is no longer
                              needed, and only that
${VIRTIO}`;

const EXIT = `Exit status: 0 done or compatible, 1 a finding, 2 input that cannot be read or wrong usage.`;

/** Everything the command can do. */
export type CommandName =
  | 'rewrite'
  | 'check'
  | 'diff'
  | 'baseline'
  | 'expand'
  | 'compare'
  | 'completion'
  | 'capture'
  | 'apply'
  | 'hook'
  | 'on-define-domain'
  | 'explain'
  | 'undo';

/** Help texts by command; the empty name is the command itself. */
export const HELP: Readonly<Record<'' | CommandName, string>> = {
  '': `virt-migratable: make KVM/QEMU guests migratable between unlike hosts

Usage:
  virt-migratable rewrite DOMAIN.xml --host [NAME=]FILE --host [NAME=]FILE …
  virt-migratable check DOMAIN.xml --host [NAME=]FILE --host [NAME=]FILE …
  virt-migratable diff --host [NAME=]FILE --host [NAME=]FILE …

Commands:
  rewrite   disable in the domain every CPU feature that not all hosts have
  check     say whether the domain is safe to move among the hosts as it is
  explain   tell what rewrite would change and what not, because of which host, by which rule
  undo      take back what "rewrite --record" added
  diff      show which CPU features the hosts differ in
  baseline  print the CPU that all hosts share, as virsh cpu-baseline does
  expand    list every CPU feature a guest gets on a host
  compare   say whether a host can run a CPU or a domain
  capture   ask hosts what a guest gets there, and keep a file for each
  apply     rewrite a domain where it is defined, after showing what changes
  completion
            print what makes bash, zsh or fish complete these words
  hook      install the gate that libvirt asks before a guest starts or arrives
  on-define-domain
            rewrite a domain as KubeVirt's hook of that name

Get the files:
  virt-migratable capture qemu+ssh://kvm-01/system qemu+ssh://kvm-02/system -o hosts
  virsh dumpxml --inactive guest > guest.xml
  virsh domcapabilities --virttype kvm --machine MACHINE > kvm-01.xml   (or by hand, on each host; the guest's machine)

"virt-migratable COMMAND --help" shows the options of a command; --version the version.
${EXIT}
`,
  rewrite: `virt-migratable rewrite: disable in a domain every CPU feature that not all hosts have

Usage: virt-migratable rewrite DOMAIN.xml --host [NAME=]FILE … [options]       ("-" reads standard input)

  -o, --output FILE           write there instead of standard output; with --form per-host, {host} in FILE is
                              replaced by the host's name
  --in-place                  replace DOMAIN.xml, in one step, keeping its mode
  --form shared|per-host      one XML for all hosts (default), or one for each
  --for NAME                  with --form per-host: only the XML for host NAME
  --diff                      print a unified diff instead of the XML
  --check                     write nothing; exit 1 if the domain would change
${PLANNING}
${HOSTS}

Examples:
  virt-migratable rewrite guest.xml --host a=kvm-a.xml --host b=kvm-b.xml > safe.xml
  virsh dumpxml --inactive guest | virt-migratable rewrite - --host kvm-a.xml --host kvm-b.xml --diff
  virt-migratable rewrite guest.xml --in-place --host kvm-a.xml --host kvm-b.xml && virsh define guest.xml

${EXIT}
`,
  check: `virt-migratable check: is a domain safe to move among hosts as it is?

Usage: virt-migratable check DOMAIN.xml --host [NAME=]FILE … [options]         ("-" reads standard input)

  --lock FILE                 say what changed on the hosts since the baseline was locked there; DOMAIN.xml may be
                              left out then
  --from NAME                 the host a running guest is on (its live XML: virsh dumpxml without --inactive)
${VIRTIO}
${JUDGING}
${HOSTS}

Examples:
  virt-migratable check guest.xml --host kvm-a.xml --host kvm-b.xml
  virt-migratable check guest.xml --strict --host a=caps-a.xml --host a=domcaps-a.xml --host b=domcaps-b.xml

${EXIT}
`,
  explain: `virt-migratable explain: tell what rewrite would change and what not, and why

Usage: virt-migratable explain DOMAIN.xml --host [NAME=]FILE … [options]       ("-" reads standard input)

${PLANNING}
${HOSTS}

Example:
  virt-migratable explain guest.xml --host kvm-a.xml --host kvm-b.xml

${EXIT}
`,
  undo: `virt-migratable undo: take back what "rewrite --record" added to a domain

Usage: virt-migratable undo DOMAIN.xml [options]                               ("-" reads standard input)

  -o, --output FILE           write there instead of standard output
  --in-place                  replace DOMAIN.xml, in one step, keeping its mode
  --diff                      print a unified diff instead of the XML
  --max-depth N               accept elements nested deeper than 256
  --max-length N              accept documents longer than 16777216 characters
  --json                      the result as JSON
  --help                      this text

What somebody changed since then is theirs and stays. A domain without a record stays as it is.

Example:
  virsh dumpxml --inactive guest | virt-migratable undo - > before.xml && virsh define before.xml

${EXIT}
`,
  diff: `virt-migratable diff: show which CPU features hosts differ in

Usage: virt-migratable diff --host [NAME=]FILE … [options]

${HOSTS}

How hosts given as URIs are asked:
${CONTEXT}

Examples:
  virt-migratable diff --host kvm-a.xml --host kvm-b.xml
  virt-migratable diff --host a=kvm-a.xml --host b=kvm-b.xml --json | jq -r '.common[]'

${EXIT}
`,
  baseline: `virt-migratable baseline: print the CPU that all hosts share, as virsh cpu-baseline does

Usage: virt-migratable baseline [NAME=]HOST.xml … [options]

  --features                  list the features of the model too
  --migratable                leave out what libvirt marks as not migratable (invtsc, xsaves)
  --lock FILE                 keep the baseline there, for check --lock
${READING}

Example:
  virt-migratable baseline --features kvm-a.xml kvm-b.xml

${EXIT}
`,
  expand: `virt-migratable expand: list every CPU feature a guest gets on a host

Usage: virt-migratable expand HOST.xml [options]

${READING}

Example:
  virt-migratable expand kvm-a.xml --libvirt-version 9.0.0

${EXIT}
`,
  compare: `virt-migratable compare: say whether a host can run a CPU or a domain

Usage: virt-migratable compare CPU.xml|DOMAIN.xml HOST.xml [options]

${READING}

Example:
  virt-migratable compare guest.xml kvm-a.xml

Exit status: 0 identical or superset, 1 incompatible, 2 input that cannot be read or wrong usage.
`,
  completion: `virt-migratable completion: print what makes a shell complete the command's words

Usage: virt-migratable completion bash|zsh|fish

  --help                      this text

Examples:
  eval "$(virt-migratable completion bash)"                             (in ~/.bashrc; likewise zsh in ~/.zshrc)
  virt-migratable completion fish > ~/.config/fish/completions/virt-migratable.fish

${EXIT}
`,
  capture: `virt-migratable capture: ask hosts what a guest gets there, and keep a file for each

Usage: virt-migratable capture [NAME=]URI … --output DIR [options]

  -o, --output DIR            write DIR/NAME.xml for each host; NAME is the machine in the URI if none is given
${CONTEXT}
  --timeout SECONDS           how long each host may take (60)
  --json                      the result as JSON
  --help                      this text

Runs virsh, as you are, with each URI: capabilities, domcapabilities, version. All hosts are asked at once; if one
cannot be read, nothing is written. The files hold both documents and the libvirt version, so --host takes them as
they are and needs no --libvirt-version.

Examples:
  virt-migratable capture qemu+ssh://kvm-01/system qemu+ssh://kvm-02/system -o hosts --domain guest.xml
  virt-migratable capture here=qemu:///system there=qemu+ssh://root@10.0.0.2/system -o hosts --virttype kvm

${EXIT}
`,
  apply: `virt-migratable apply: rewrite a domain where it is defined, after showing what changes

Usage: virt-migratable apply DOMAIN --connect URI --host [NAME=]FILE|URI … [options]

  -c, --connect URI           where the domain is defined, as to virsh
  -y, --yes                   define without a question
${PLANNING}
${HOSTS}

DOMAIN is a name or UUID on that connection, whose inactive XML is read; with a slash or .xml it is a file. Shows a
unified diff, asks, runs "virsh define", and says when it takes effect: a running guest keeps its CPU until it is
stopped and started again.

Example:
  virt-migratable apply web-01 --connect qemu:///system --host hosts/kvm-01.xml --host qemu+ssh://kvm-02/system

Exit status: 0 defined or nothing to change, 1 a finding or not agreed, 2 input that cannot be read or wrong usage.
`,
  hook: `virt-migratable hook: let libvirt ask whether a guest may start, arrive or come back on this host

Usage: virt-migratable hook install --host [NAME=]FILE|URI … [options] (again without --host: from its own copies)
       virt-migratable hook uninstall [options]
       virt-migratable hook GUEST OPERATION SUB-OPERATION EXTRA       (as libvirt calls it; XML on standard input)

  --self NAME                 which of the hosts this one is; the one with this machine's name by default
  --hooks-dir DIR             libvirt's directory of hooks; default /etc/libvirt/hooks
  --state-dir DIR             where to keep the host files and the prepared verdict; default HOOKS-DIR/virt-migratable
  --on-error deny|allow       what holds where there is no verdict: facts missing, stale or damaged, XML that cannot
                              be read, a guest of another kind than the hosts were asked about; default deny
  --max-age DAYS              facts older than this are stale; so are those whose host files changed since
  --rescue                    let a host-passthrough or maximum guest arrive that would gain features of this host
                              only, with these turned off by QEMU's -global; libvirt marks it as tainted
  --log FILE                  append a line for each verdict
${CONTEXT}
${HOSTS}

Examples:
  virt-migratable hook install --host kvm-a=a.xml --host kvm-b=b.xml --self kvm-a && systemctl reload libvirtd
  virsh dumpxml guest | virt-migratable hook guest prepare begin -

Exit status of a call by libvirt: 0 go on, 1 refused (one line on standard error says why).
`,
  'on-define-domain': `virt-migratable on-define-domain: rewrite a domain as KubeVirt's hook of that name

Usage: virt-migratable on-define-domain --vmi JSON --domain XML [options]

  --vmi JSON                  the VirtualMachineInstance; its name is told in messages
  --domain XML                the domain itself, not a file
  --host [NAME=]FILE          a host of the pool; give two or more, or
  --hosts DIR                 a directory with a NAME.xml for each; $VIRT_MIGRATABLE_HOSTS, else
                              /etc/virt-migratable/hosts
${PLANNING}
${READING}

Prints the complete XML in any case, changed or not, and nothing when it fails: then the virtual machine does not start.
The sidecar's own argument --version v1alpha3 is the protocol between KubeVirt and its shim; the shim calls a program
"onDefineDomain" with --vmi and --domain. See examples/kubevirt.

Example, as /usr/bin/onDefineDomain:
  #!/bin/sh
  exec virt-migratable on-define-domain --hosts /etc/virt-migratable/hosts "$@"

${EXIT}
`,
};
