import type { Host, HostMachine, HostProcessor, ModelUsable } from '../../../types/host.ts';
import { archOfKubernetes, X86 } from '../../cpu/arches.ts';
import { NO_PROCESSOR, vendorName } from '../../cpu/cpuid.ts';
import { issue } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import type { JsonValue } from '../json.ts';
import { hostFrom } from './build.ts';
import { isObject, listOf, memberOf, stringIn, valueAt } from './json-values.ts';
import { expandListed, mapsFor, refuse, weakHost, type Reading } from './listed.ts';
import type { AgreedFeatures } from './sets.ts';
import { hostOfNfd, nfdFlags } from './nfd.ts';

/** A node, and what its labels say by prefix. */
interface Node {
  readonly name: string;
  readonly value: JsonValue;
  readonly labels: readonly (readonly [key: string, value: string])[];
}

const BELOW = '.node.kubevirt.io/';

/**
 * The nodes of `kubectl get nodes -o json` (a list, or one node), by the labels that KubeVirt's node labeller gives them
 * from its own `virsh domcapabilities` and `hypervisor-cpu-baseline --features`; else by those of Node Feature
 * Discovery. Nodes without either run no virtual machines: they are left out, with a note.
 *
 * @see https://kubevirt.io/user-guide/compute/node_assignment/
 */
export function readNodes(values: readonly JsonValue[], reading: Reading): readonly Host[] {
  const nodes = values.flatMap(nodesIn);
  const running = nodes.filter(isLabelled);
  const idle = nodes.filter((node) => !isLabelled(node)).map((node) => node.name);
  if (running.length === 0) throw noNode(nodes, reading);
  const hosts = running.map((node) =>
    hostOfNode({ ...node, name: (nodes.length === 1 ? reading.name : undefined) ?? node.name }, reading),
  );
  if (idle.length === 0) return hosts;
  const [first, ...others] = hosts;
  const skipped = issue('nodes-skipped', { hosts: running.map(({ name }) => name), nodes: idle });
  return first === undefined ? hosts : [frozen({ ...first, issues: [...first.issues, skipped] }), ...others];
}

function nodesIn(value: JsonValue): readonly Node[] {
  const items = memberOf(value, 'items') ?? value;
  return (Array.isArray(items) ? listOf(items) : [value]).map((node) => {
    const labels = valueAt(node, 'metadata', 'labels');
    const all = isObject(labels) ? [...labels] : [];
    return {
      name: stringIn(memberOf(node, 'metadata'), 'name') ?? 'node',
      value: node,
      // Labels are texts, but a tool that rewrites YAML may leave the quotes around "true" out.
      labels: all.flatMap(([key, text]) =>
        typeof text === 'string' || typeof text === 'boolean' ? [[key, String(text)] as const] : [],
      ),
    };
  });
}

/** Does KubeVirt run guests there, or does Node Feature Discovery say what its CPU has? */
function isLabelled({ labels }: Node): boolean {
  return labels.some(
    ([key, value]) =>
      key.includes(BELOW) ||
      (key === 'kubevirt.io/schedulable' && value === 'true') ||
      nfdFlags([[key, value]]).length > 0,
  );
}

function hostOfNode(node: Node, reading: Reading): Host {
  const features = listed(node, 'cpu-feature');
  const [model] = listed(node, 'host-model-cpu');
  const arch = archOfKubernetes(labelOf(node, 'kubernetes.io/arch'));
  const facts = {
    name: node.name,
    source: 'kubevirt' as const,
    file: reading.file,
    arch,
    model,
    virtType:
      valueAt(node.value, 'status', 'allocatable', 'devices.kubevirt.io/kvm') === '0' ? 'qemu' : 'kvm',
    processor: processorOf(node),
    machines: machinesOf(node, arch),
  };
  if (features.length === 0 && nfdFlags(node.labels).length > 0) return hostOfNfd(node, arch, reading);
  if (features.length === 0) {
    const unknown = issue('unknown-presence', { hosts: [node.name], source: 'kubevirt', arch });
    return hostFrom({ ...facts, issues: [unknown] });
  }
  if (!X86.has(arch)) return hostFrom({ ...facts, features: [...features].sort(), issues: [weak(node)] });
  const agreed = agreedOn(features, node, reading);
  const vendor = vendorName(mapsFor(reading), listed(node, 'cpu-vendor')[0]);
  const host = weakHost(
    { ...facts, vendor, issues: staleness(node) },
    agreed,
    agreed.features.includes('vmx') ? 'vmx-controls' : 'none',
    reading,
  );
  return frozen({ ...host, usableModels: usableModels(node, agreed) });
}

/**
 * The feature labels are libvirt's own expansion. A model says more, or other: the labels leave out what the host-model
 * disables of it. What only the model has is uncertain.
 */
function agreedOn(features: readonly string[], node: Node, reading: Reading): AgreedFeatures {
  const [model] = listed(node, 'host-model-cpu');
  const required = listed(node, 'host-model-required-features');
  const names = [...new Set([...features, ...required])];
  const own = expandListed({ model: model ?? '486', names, host: node.name }, reading);
  const common = [...new Set(names)].sort();
  const sure = new Set(common);
  const uncertain = model === undefined ? [] : own.features.filter((name) => !sure.has(name));
  return { ...own, features: common, uncertain };
}

/** What stands behind a prefix in the labels that are not off. */
function listed({ labels }: Node, prefix: string): readonly string[] {
  const start = `${prefix}${BELOW}`;
  return labels.flatMap(([key, value]) =>
    key.startsWith(start) && value !== 'false' ? [key.slice(start.length)] : [],
  );
}

function labelOf({ labels }: Node, name: string): string | undefined {
  return labels.find(([key]) => key === name)?.[1];
}

function processorOf(node: Node): HostProcessor | undefined {
  const frequency = Number(labelOf(node, `cpu-timer${BELOW}tsc-frequency`));
  if (!Number.isInteger(frequency) || frequency <= 0) return undefined;
  const scaling = labelOf(node, `cpu-timer${BELOW}tsc-scalable`) === 'true';
  return { ...NO_PROCESSOR, tsc: { frequency, scaling } };
}

function machinesOf(node: Node, arch: string): readonly HostMachine[] {
  const unstated = { canonical: undefined, maxCpus: undefined, deprecated: false, virtType: undefined };
  return listed(node, 'machine-type').map((name) => ({ name, ...unstated, arch }));
}

/** The labels name the models that are usable, less those an administrator calls obsolete. */
function usableModels(node: Node, { cpuMaps }: AgreedFeatures): Readonly<Record<string, ModelUsable>> {
  const labelled = listed(node, 'cpu-model');
  if (labelled.length === 0) return {};
  const all = cpuMaps.flatMap(({ models }) => models.map(({ name }) => [name, 'unknown'] as const));
  return Object.fromEntries([...all, ...labelled.map((name) => [name, 'yes'] as const)]);
}

/** An annotation keeps the labeller from looking again. */
function staleness(node: Node): Host['issues'] {
  const annotations = valueAt(node.value, 'metadata', 'annotations');
  const isFrozen = isObject(annotations) && annotations.has('node-labeller.kubevirt.io/skip-node');
  return isFrozen ? [issue('labels-frozen', { hosts: [node.name] })] : [];
}

function weak({ name }: Node): Host['issues'][number] {
  return issue('weak-source', { hosts: [name], grade: 'B', source: 'kubevirt' });
}

function noNode(nodes: readonly Node[], reading: Reading): Error {
  const names = nodes.map(({ name }) => name).join(', ');
  const reason =
    nodes.length === 0
      ? 'this list of nodes is empty'
      : `no node here carries CPU labels of KubeVirt (${names})`;
  const hint =
    'Is KubeVirt running? Give the output of "kubectl get nodes -l kubevirt.io/schedulable=true -o json".';
  return refuse(reading, 'no-cpu-model', reason, hint);
}
