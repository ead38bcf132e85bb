/** The command was called in a way it cannot follow. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const READING = `  --libvirt-version [NAME=]V  libvirt version of all hosts, or of host NAME
  --cpu-map [NAME=]PATH       CPU map of all hosts, or of host NAME: a directory as /usr/share/libvirt/cpu_map
  --strict                    refuse hosts known by a weak source only (virsh capabilities)
  --max-depth N               accept elements nested deeper than 256
  --max-length N              accept documents longer than 16777216 characters
  --json                      the result as JSON
  --help                      this text`;

const HOSTS = `  --host [NAME=]FILE          a host: output of virsh domcapabilities (best), hypervisor-cpu-baseline or
                              capabilities; two files of one NAME describe one host; give two hosts or more
${READING}`;

const EXIT = `Exit status: 0 done or compatible, 1 a finding, 2 input that cannot be read or wrong usage.`;

/** Everything the command can do. */
export type CommandName = 'rewrite' | 'check' | 'diff' | 'baseline' | 'expand' | 'compare';

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
  diff      show which CPU features the hosts differ in
  baseline  print the CPU that all hosts share, as virsh cpu-baseline does
  expand    list every CPU feature a guest gets on a host
  compare   say whether a host can run a CPU or a domain

Get the files:
  virsh domcapabilities --virttype kvm > kvm-01.xml     (on each host)
  virsh dumpxml --inactive guest > guest.xml

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
  --override-conflicts        turn a required feature that some host lacks into a disabled one
  --climb                     where a host's libvirt does not know a name, disable its nearest known ancestor
  --allow-core-features       disable even what no guest boots without
${HOSTS}

Examples:
  virt-migratable rewrite guest.xml --host a=kvm-a.xml --host b=kvm-b.xml > safe.xml
  virsh dumpxml --inactive guest | virt-migratable rewrite - --host kvm-a.xml --host kvm-b.xml --diff
  virt-migratable rewrite guest.xml --in-place --host kvm-a.xml --host kvm-b.xml && virsh define guest.xml

${EXIT}
`,
  check: `virt-migratable check: is a domain safe to move among hosts as it is?

Usage: virt-migratable check DOMAIN.xml --host [NAME=]FILE … [options]         ("-" reads standard input)

${HOSTS}

Examples:
  virt-migratable check guest.xml --host kvm-a.xml --host kvm-b.xml
  virt-migratable check guest.xml --strict --host a=caps-a.xml --host a=domcaps-a.xml --host b=domcaps-b.xml

${EXIT}
`,
  diff: `virt-migratable diff: show which CPU features hosts differ in

Usage: virt-migratable diff --host [NAME=]FILE … [options]

${HOSTS}

Examples:
  virt-migratable diff --host kvm-a.xml --host kvm-b.xml
  virt-migratable diff --host a=kvm-a.xml --host b=kvm-b.xml --json | jq -r '.common[]'

${EXIT}
`,
  baseline: `virt-migratable baseline: print the CPU that all hosts share, as virsh cpu-baseline does

Usage: virt-migratable baseline [NAME=]HOST.xml … [options]

  --features                  list the features of the model too
  --migratable                leave out what libvirt marks as not migratable (invtsc, xsaves)
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
};
