import type { FeaturePolicy } from '../../../types/domain.ts';
import type { KubeVirtFeature, KubeVirtGuest } from '../../../types/kubevirt.ts';
import { archOfKubernetes } from '../../cpu/arches.ts';
import { FEATURE_NAME, POLICIES } from '../../cpu/names.ts';
import { notWanted } from '../../issues/given.ts';
import { FLAG, LIST, misfit, OBJECT, TEXT, type OptionKind, type OptionKinds } from '../../issues/options.ts';
import { refuseDepth } from '../../text/frozen.ts';
import { isRecord } from '../../text/json.ts';
import { encodeValue } from '../../xml/escape.ts';

/** Kinds that are guests, and where the specification of the instance stands in them. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  VirtualMachine: ['spec', 'template', 'spec'],
  VirtualMachineInstance: ['spec'],
  VirtualMachineInstancePreset: ['spec'],
  VirtualMachineInstanceReplicaSet: ['spec', 'template', 'spec'],
  VirtualMachinePool: ['spec', 'virtualMachineTemplate', 'spec', 'template', 'spec'],
};

const MODES: ReadonlySet<string> = new Set(['host-model', 'host-passthrough']);
const HINT = 'Give the object as KubeVirt has it: kubectl get vm NAME -o json.';

/**
 * The virtual machines of KubeVirt in a value that was read from JSON (or YAML): a `VirtualMachine`,
 * `VirtualMachineInstance`, what makes such instances, or a list of them. None for anything else.
 *
 * @throws LibvirtXmlError for a CPU that KubeVirt would refuse; TypeError for lists that hold themselves.
 * @see https://kubevirt.io/api-reference/main/definitions.html#_v1_cpu
 * @example
 * const vm = { kind: 'VirtualMachineInstance', metadata: { name: 'web' }, spec: { domain: { cpu: { cores: 2 } } } };
 * kubevirtGuests(vm).map(({ name, model, topology }) => [name, model, topology.cores]); // → [['web', 'host-model', 2]]
 */
export function kubevirtGuests(value: unknown): readonly KubeVirtGuest[] {
  return guestsBelow(value, 0);
}

function guestsBelow(value: unknown, depth: number): readonly KubeVirtGuest[] {
  refuseDepth(depth);
  const each = (item: unknown): readonly KubeVirtGuest[] => guestsBelow(item, depth + 1);
  if (Array.isArray(value)) return value.flatMap(each);
  const kind = textAt(value, 'kind') ?? '';
  const items = at(value, 'items');
  if (Array.isArray(items) && /^(?:VirtualMachine\w*)?List$/.test(kind)) return items.flatMap(each);
  const path = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return path === undefined ? [] : [guestAt(value, kind, path)];
}

function guestAt(value: unknown, kind: string, path: readonly string[]): KubeVirtGuest {
  const spec = at(value, ...path);
  const cpu = at(spec, 'domain', 'cpu');
  const model = textAt(cpu, 'model');
  const annotations = [at(value, ...path.slice(0, -1)), value].map((one) =>
    at(one, 'metadata', 'annotations'),
  );
  const system = annotations.map((one) => textAt(one, 'vm.kubevirt.io/os')).find((one) => one !== undefined);
  const owner = at(value, ...path.slice(0, -2));
  return Object.freeze({
    kind,
    name: textAt(value, 'metadata', 'name'),
    namespace: textAt(value, 'metadata', 'namespace'),
    path: path.join('.'),
    model: model ?? 'host-model',
    isStated: model !== undefined,
    features: Object.freeze(featuresIn(at(cpu, 'features'))),
    topology: {
      sockets: countAt(cpu, 'sockets'),
      cores: countAt(cpu, 'cores'),
      threads: countAt(cpu, 'threads'),
    },
    arch: archOfKubernetes(textAt(spec, 'architecture')),
    machine: textAt(spec, 'domain', 'machine', 'type'),
    system,
    instancetype: textAt(owner, 'instancetype', 'name'),
  });
}

function featuresIn(value: unknown): readonly KubeVirtFeature[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw notWanted('invalid-value', 'the features of its CPU are no list', HINT);
  return value.map((one: unknown) => {
    const name = textAt(one, 'name') ?? '';
    const policy = textAt(one, 'policy') ?? 'require';
    if (!FEATURE_NAME.test(name))
      throw notWanted('bad-feature-name', `"${name}" cannot be the name of a CPU feature`, HINT);
    if (!POLICIES.has(policy))
      throw notWanted(
        'invalid-value',
        `"${policy}" is no policy libvirt knows`,
        `Write one of ${[...POLICIES].join(', ')}.`,
      );
    return { name, policy: policy as FeaturePolicy };
  });
}

/**
 * The domain that libvirt gets for such a guest, as far as its CPU goes. A model must be there: KubeVirt starts the guest
 * on no other node.
 *
 * @throws LibvirtXmlError where the instance type may set the CPU, which is not in the object; TypeError for what is no guest.
 * @example
 * const [guest] = kubevirtGuests({ kind: 'VirtualMachineInstance', spec: { domain: { cpu: { model: 'Haswell' } } } });
 * parseDomain(kubevirtDomain(guest)).cpu.model; // → 'Haswell'
 */
export function kubevirtDomain(guest: KubeVirtGuest): string {
  const { name, model, isStated, features, topology, arch, machine, instancetype } = givenGuest(guest);
  if (instancetype !== undefined && !isStated) {
    const hint = 'Give the instance that KubeVirt made of it: kubectl get vmi NAME -o yaml.';
    throw notWanted(
      'no-cpu-model',
      `its instance type, "${instancetype}", may set its CPU, and is not known here`,
      hint,
    );
  }
  const { sockets, cores, threads } = topology;
  const mode = MODES.has(model) ? model : 'custom';
  const lines = [
    ...(mode === 'custom' ? [`<model fallback='forbid'>${encodeValue(model)}</model>`] : []),
    `<topology sockets='${sockets}' cores='${cores}' threads='${threads}'/>`,
    ...features.map((one) => `<feature policy='${one.policy}' name='${encodeValue(one.name)}'/>`),
  ];
  const type = machine === undefined ? '' : ` machine='${encodeValue(machine)}'`;
  return `<domain type='kvm'>
  <name>${encodeValue(name ?? 'guest')}</name>
  <vcpu>${sockets * cores * threads}</vcpu>
  <os><type arch='${encodeValue(arch)}'${type}>hvm</type></os>
  <cpu mode='${mode}'>
    ${lines.join('\n    ')}
  </cpu>
</domain>
`;
}

const COUNT: OptionKind = {
  words: 'a whole number from 1 on',
  fits: (value) => Number.isSafeInteger(value) && Number(value) > 0,
};
const MAYBE_TEXT: OptionKind = {
  words: 'a text or undefined',
  fits: (value) => value === undefined || typeof value === 'string',
};
/** The members of a guest that its domain is made of. */
const GUEST: Partial<OptionKinds<KubeVirtGuest>> = {
  model: TEXT,
  arch: TEXT,
  isStated: FLAG,
  features: LIST,
  topology: OBJECT,
  name: MAYBE_TEXT,
  machine: MAYBE_TEXT,
  instancetype: MAYBE_TEXT,
};
const TOPOLOGY: OptionKinds<KubeVirtGuest['topology']> = { sockets: COUNT, cores: COUNT, threads: COUNT };
const FEATURE: OptionKinds<KubeVirtFeature> = { name: TEXT, policy: TEXT };

/** What is wrong with the members of an object, in a sentence on the first of them. */
function misfitIn<Given extends object>(
  what: string,
  value: Given,
  kinds: Partial<OptionKinds<Given>>,
): string | undefined {
  if (!OBJECT.fits(value)) return misfit(what, value, OBJECT);
  const names = Object.keys(kinds) as (keyof Given & string)[];
  return names
    .map((name) => kinds[name] && misfit(`${what}.${name}`, value[name], kinds[name]))
    .find((wrong) => wrong !== undefined);
}

/** @throws TypeError for what is no guest */
function givenGuest(guest: KubeVirtGuest): KubeVirtGuest {
  const wrong =
    misfitIn('guest', guest, GUEST) ??
    misfitIn('guest.topology', guest.topology, TOPOLOGY) ??
    Array.from(guest.features, (one, i) => misfitIn(`guest.features[${i}]`, one, FEATURE)).find(Boolean);
  if (wrong !== undefined) throw new TypeError(`${wrong}. Give what kubevirtGuests made`);
  return guest;
}

/** What stands at the end of a path of members, in plain objects or maps. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner: unknown, name) => {
    if (inner instanceof Map) return inner.get(name);
    return isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, value);
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function countAt(value: unknown, name: string): number {
  const found = at(value, name) ?? 1;
  if (Number.isSafeInteger(found) && (found as number) >= 0) return Math.max(found as number, 1);
  throw notWanted('invalid-value', `its CPU has "${name}" that is no whole number`, HINT);
}
