import { isObject, listOf, memberOf, stringIn, valueAt } from './json-values.ts';
import type { JsonValue } from '../json.ts';
import type { Foreign } from './foreign.ts';
import { FOLD_START } from './fold.ts';
import { isMessage } from './paste.ts';

/** Texts other than XML that are read; a `paste` is XML or JSON among other lines. */
export type ReadableShape = 'fold' | 'json' | 'yaml' | 'cpuinfo' | 'lscpu' | 'cpuid' | 'paste' | 'unknown';

/** What a text is, before any of it is read. */
export type Shape = 'xml' | ReadableShape | Foreign;

/** What a JSON value describes. */
export type JsonShape =
  | 'qmp'
  | 'nodes'
  | 'proxmox'
  | 'proxmox-status'
  | 'incus'
  | 'lscpu'
  | 'openstack'
  | 'opennebula'
  | 'vdsm'
  | Foreign
  | 'unknown';

/** Begins like JSON: a bracket, and then what JSON may have there, which the prompt `[root@host ~]#` has not. */
const JSON_START = /^(?:\{|\[\s*(?:["{[\]\d-]|true\b|false\b|null\b))/;

/** An element that begins a document about a host, or one that is often mistaken for such. */
const ELEMENT = /^[ \t]*<(?:domainCapabilities|capabilities|cpu|cpudata|mode|domain)[\s>/]/m;

/** The line of lscpu that states the architecture, where it does so under another name than English has for that. */
const TRANSLATED =
  /^(?!Architecture:|CPU model:)[^\s:：][^:：\n]*[:：][ \t]{2,}(?:x86_64|aarch64|ppc64le|s390x|riscv64)\r?$/m;

/** A line of text → what it tells. The first that is found decides. */
const TEXTS: readonly (readonly [RegExp, Shape])[] = [
  // What libvirt says counts more than what stands beside it.
  [ELEMENT, 'paste'],
  [/^flags[ \t]*:[ \t]*fpu\b/m, 'cpuinfo'],
  // Before what some languages leave in English: the flags, where the vendor's label is another.
  [TRANSLATED, 'lscpu-in-another-language'],
  [/^[ \t]*Flags:[ \t]+fpu\b/m, 'lscpu'],
  [/^Architecture:[ \t]+\w+\s+(?:CPU op-mode|Byte Order)/m, 'lscpu'],
  [/^Architecture:[ \t]{2,}\w+[ \t\r]*$/m, 'lscpu'],
  [/^processor[ \t]*:[ \t]*\d/m, 'cpuinfo'],
  [/^vendor_id[ \t]*:[ \t]*IBM/m, 'cpuinfo'],
  [/^[ \t]*0x[\da-f]{8}(?: 0x[\da-f]{2})?: eax=0x/im, 'cpuid'],
  [/^[ \t]*CPUID [\da-f]{8}:?[ \t]+[\da-f]{8}-[\da-f]{8}-/im, 'cpuid'],
  [/^[ \t]*(?:vendor_id = "|(?:version|feature) information \(1\/e[a-d]x\):)/m, 'cpuid-decoded'],
  [/^CPUs? \(\w+\):[ \t\r]*$/m, 'incus-text'],
  [/^(?:Available CPUs:|Recognized CPUID flags:|x86 [\w-]+ {2})/m, 'qemu-cpu-help'],
  [/^Running hypervisor: |^Compiled against library: /m, 'virsh-version'],
  [/^CPU model:[ \t]+\w+\s+CPU\(s\):/m, 'virsh-nodeinfo'],
  [/^[ \t]*QEMU: Checking /m, 'virt-host-validate'],
  [/ virt-manager \d+\] (?:DEBUG|INFO|WARNING|ERROR) /, 'virt-manager-log'],
  [/^NAME[ \t]+STATUS[ \t]+ROLES[ \t]/m, 'kubectl-table'],
  [/^Name:[ \t]+\S+\s+Roles:[ \t]/m, 'kubectl-describe'],
  [/^[ \t]*[\w.-]+\.node\.kubevirt\.io\/[\w.-]+=true[ \t\r]*$/m, 'node-labels'],
  [/^[┌│]/m, 'pvesh-table'],
  [/^KVM_CPU_(?:FEATURES|MODEL)[ \t]*=/m, 'onehost-text'],
  [/^\|[ \t]*(?:cpu_info|hypervisor_hostname)\w*[ \t]*\|/m, 'openstack-table'],
];

/** What a whole text of a line or two may be. */
const COMPLAINTS: readonly (readonly [RegExp, Shape])[] = [
  [/^(?:error:|virsh: )/m, 'virsh-error'],
  [/: (?:command )?not found\s*$/, 'no-such-command'],
];
const LONGEST_COMPLAINT = 1024;

/** One line of YAML that can be nothing else: a key alone, or a key and a value after a blank. */
const YAML_START = /^(?:---(?:\s|$)|%YAML |(?:- )?["']?[A-Za-z][\w./-]*["']?:(?:[ \t]|$))/;

/** What a text is, by what it begins with and by the lines it has. Text without anything in it is XML that lacks its root. */
export function shapeOf(text: string): Shape {
  const start = text.length - text.trimStart().length;
  const beginning = text.slice(start, start + 256);
  if (beginning === '') return 'xml';
  if (beginning.startsWith('<')) return isHtml(beginning) ? 'html' : 'xml';
  if (!JSON_START.test(beginning)) return shapeByLines(text);
  return FOLD_START.test(beginning) ? 'fold' : 'json';
}

function shapeByLines(text: string): Shape {
  if (text.includes('\0')) return 'binary';
  const complaints = text.length > LONGEST_COMPLAINT ? [] : COMPLAINTS;
  const found = [...TEXTS, ...complaints].find(([pattern]) => pattern.test(text))?.[1];
  if (found !== undefined) return found;
  const line = text.trimStart().split('\n', 64).find(isContent);
  const isPaste = line !== undefined && isMessage(line) && /^[[{]/m.test(text);
  if (line !== undefined && !isPaste && YAML_START.test(line.trimEnd())) return 'yaml';
  return JSON_LINE.test(text) ? 'paste' : 'unknown';
}

/** A line with which JSON begins. */
const JSON_LINE = /^[ \t]*(?:[[{]["{\s]*$|\{\s*")/m;

/** A line of YAML that is neither blank nor a comment. */
function isContent(line: string): boolean {
  const start = line.trimStart();
  return start !== '' && !start.startsWith('#');
}

function isHtml(beginning: string): boolean {
  return /^(?:<\?xml\b[^>]*>\s*)?<(?:!doctype html|html[\s>])/i.test(beginning);
}

/** Members of an object → what it describes. The first that is found decides. */
const OBJECTS: readonly (readonly [(value: JsonValue) => boolean, JsonShape])[] = [
  [
    (value) => ['QMP', 'return', 'execute', 'error', 'props', 'event'].some((name) => has(value, name)),
    'qmp',
  ],
  [(value) => valueAt(value, 'model', 'props') !== undefined, 'qmp'],
  [(value) => kindOf(value) === 'Node' || kindOf(value) === 'NodeList', 'nodes'],
  [(value) => /^VirtualMachine/.test(kindOf(value)), 'kubevirt-guest'],
  [isListOfNodes, 'nodes'],
  [(value) => kindOf(value) === '' && isObject(valueAt(value, 'metadata', 'labels')), 'nodes'],
  [(value) => kindOf(value) !== '' && has(value, 'apiVersion'), 'kubernetes-object'],
  [isTranslatedLscpu, 'lscpu-in-another-language'],
  [(value) => has(value, 'lscpu'), 'lscpu'],
  [(value) => isObject(valueAt(value, 'cpu')) || isObject(valueAt(value, 'metadata', 'cpu')), 'incus'],
  [(value) => has(value, 'cpu_info') || has(value, 'hypervisors') || has(value, 'hypervisor'), 'openstack'],
  [(value) => has(value, 'hypervisor_hostname'), 'openstack'],
  [(value) => has(value, 'HOST') || has(value, 'HOST_POOL'), 'opennebula'],
  [(value) => has(value, 'cpuFlags'), 'vdsm'],
  [
    (value) => [value, memberOf(value, 'data')].some((one) => has(memberOf(one, 'cpuinfo'), 'flags')),
    'proxmox-status',
  ],
  [(value) => listOf(memberOf(value, 'data')).some(isFlag), 'proxmox'],
  [(value) => has(value, 'component') && has(value, 'msg'), 'virt-launcher-log'],
  [(value) => has(value, 'schemaVersion') || has(value, 'lockVersion'), 'own-output'],
  [(value) => [value, memberOf(value, 'labels')].some(isLabels), 'node-labels'],
  [(value) => has(value, 'models') && has(value, 'vendors'), 'cpu-map'],
];

/** What a JSON value describes, by the members it has. */
export function jsonShapeOf(value: JsonValue): JsonShape {
  if (!Array.isArray(value)) return OBJECTS.find(([test]) => test(value))?.[1] ?? 'unknown';
  const list = listOf(value);
  if (list.some(isFlag)) return 'proxmox';
  if (list.some((item) => has(item, 'name') && has(item, 'vendor'))) return 'proxmox-models';
  return list.map(jsonShapeOf).find((shape) => shape !== 'unknown') ?? 'unknown';
}

function isFlag(value: JsonValue): boolean {
  return has(value, 'name') && (has(value, 'supported-on') || has(value, 'description'));
}

/** The same in JSON, whose fields mostly end with the colon. */
function isTranslatedLscpu(value: JsonValue): boolean {
  const lines = listOf(memberOf(value, 'lscpu')).map((entry) => {
    const field = stringIn(entry, 'field')?.replace(/[:：]?$/, ':  ') ?? '';
    return field + (stringIn(entry, 'data') ?? '');
  });
  return lines.some((line) => TRANSLATED.test(line));
}

function isListOfNodes(value: JsonValue): boolean {
  const [first] = listOf(memberOf(value, 'items'));
  if (first === undefined) return kindOf(value) === 'List';
  return kindOf(first) === 'Node' || (kindOf(first) === '' && has(first, 'metadata'));
}

/** Does some name begin as Kubernetes, KubeVirt or Node Feature Discovery call what they say of a node? */
function isLabels(value: JsonValue | undefined): boolean {
  return (
    isObject(value) && [...value.keys()].some((name) => /^[\w.-]*(?:kubernetes|kubevirt)\.io\//.test(name))
  );
}

function kindOf(value: JsonValue): string {
  return stringIn(value, 'kind') ?? '';
}

function has(value: JsonValue | undefined, name: string): boolean {
  return memberOf(value, name) !== undefined;
}
