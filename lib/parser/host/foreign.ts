import type { InputErrorCode } from '../../../types/issue.ts';

/** Texts that are taken for a host now and then, and describe none, or cannot be read. */
export type Foreign =
  | 'binary'
  | 'cpu-map'
  | 'cpuid-decoded'
  | 'html'
  | 'incus-text'
  | 'kubectl-describe'
  | 'kubectl-table'
  | 'kubernetes-object'
  | 'kubevirt-guest'
  | 'lscpu-in-another-language'
  | 'no-such-command'
  | 'node-labels'
  | 'onehost-text'
  | 'openstack-table'
  | 'own-output'
  | 'proxmox-models'
  | 'pvesh-table'
  | 'qemu-cpu-help'
  | 'virsh-cpu-models'
  | 'virsh-error'
  | 'virsh-nodeinfo'
  | 'virsh-version'
  | 'virt-host-validate'
  | 'virt-launcher-log'
  | 'virt-manager-log';

const DOMCAPABILITIES = 'Give the output of "virsh domcapabilities" of that host.';
const NODES = 'Give the output of "kubectl get nodes -o json".';

/** What a text is, and the command that gives a good one. */
const FOREIGN: Readonly<Record<Foreign, readonly [what: string, instead: string]>> = {
  binary: ['binary data', `If it is compressed, unpack it first. ${DOMCAPABILITIES}`],
  'cpu-map': ['a CPU map: which features a libvirt knows, not what a host has', DOMCAPABILITIES],
  'cpuid-decoded': ['the output of "cpuid" in words', 'Give the output of "cpuid -r -1".'],
  html: ['an HTML page, perhaps one that asks for a login', DOMCAPABILITIES],
  'incus-text': [
    'what "incus info --resources" prints for people, without the flags of the CPU',
    'Give the output of "incus query /1.0/resources".',
  ],
  'kubectl-describe': ['the output of "kubectl describe"', NODES],
  'kubectl-table': ['a table of nodes without their labels', NODES],
  'kubernetes-object': ['an object of Kubernetes, but no node', NODES],
  'kubevirt-guest': ['a virtual machine of KubeVirt: a guest for "virt-migratable check", not a host', NODES],
  'lscpu-in-another-language': [
    'the output of lscpu in a language other than English',
    'Give the output of "LC_ALL=C lscpu".',
  ],
  'no-such-command': ["a shell's complaint: the command is not installed there", DOMCAPABILITIES],
  'node-labels': ['a set of labels without the node that has them', NODES],
  'onehost-text': ['the output of "onehost show"', 'Give the output of "onehost show -j".'],
  'openstack-table': ['a table of OpenStack', 'Give the output of "openstack hypervisor show -f json".'],
  'own-output': [
    'output of virt-migratable itself, not a host',
    'Give the files that "virt-migratable capture" wrote.',
  ],
  'proxmox-models': [
    'a list of CPU models that Proxmox VE knows, not what its nodes have',
    'Give the output of "pvesh get /cluster/qemu/cpu-flags --output-format json".',
  ],
  'pvesh-table': [
    'a table of pvesh',
    'Give the output of "pvesh get /cluster/qemu/cpu-flags --output-format json".',
  ],
  'qemu-cpu-help': [
    'the output of "qemu -cpu help": what that QEMU knows, not what the host has',
    DOMCAPABILITIES,
  ],
  'virsh-cpu-models': [
    'the output of "virsh cpu-models": names that libvirt knows, not what the host has',
    DOMCAPABILITIES,
  ],
  'virsh-error': ['an error message of virsh', 'Correct what virsh complains of, and run it again.'],
  'virsh-nodeinfo': ['the output of "virsh nodeinfo", which lists no CPU features', DOMCAPABILITIES],
  'virsh-version': ['the output of "virsh version", which says nothing of the CPU', DOMCAPABILITIES],
  'virt-host-validate': ['the output of virt-host-validate, which lists no CPU features', DOMCAPABILITIES],
  'virt-launcher-log': ['a log of KubeVirt’s virt-launcher: it shows guests, not hosts', NODES],
  'virt-manager-log': ['a log of virt-manager: it shows guests, not hosts', DOMCAPABILITIES],
};

/** Is this the name of such a text? */
export function isForeign(shape: string): shape is Foreign {
  return Object.hasOwn(FOREIGN, shape);
}

/** What is wrong with a text that describes no host: for an input error at its beginning. */
export function foreignProblem(what: Foreign): {
  readonly code: InputErrorCode;
  readonly reason: string;
  readonly hint: string;
} {
  const [description, hint] = FOREIGN[what];
  return { code: 'not-a-host', reason: `this is ${description}`, hint };
}
