import type { Domain, DomainCpu } from '../../types/domain.ts';
import type { Host } from '../../types/host.ts';
import type { Edit } from '../../types/xml.ts';
import { preferredMachine } from '../cpu/preferred-machine.ts';
import { namesIn } from '../cpu/bits.ts';
import { expandCpu } from '../cpu/expand.ts';
import { presenceOn } from '../cpu/grade.ts';
import { featuresOfModel, indexOf, type CpuIndex } from '../cpu/map.ts';
import { defaultModel } from '../cpu/qemu-models.ts';
import { FILTERED, NOT_MIGRATABLE } from '../cpu/names.ts';
import { isSince } from '../cpu/facts/since.ts';
import { isListed, namesOff, takesFeatures } from '../diff/cpu/changes.ts';
import { isRunning } from '../diff/running.ts';
import { applyEdits } from '../text/edit.ts';
import { editsAt } from '../writer/element-edits.ts';
import { encodeValue } from '../xml/escape.ts';

/** A domain as libvirt defines it: with its default machine type and QEMU's default model where it names none. */
export function definedText(domain: Domain, hosts: readonly Host[]): string {
  const arch = domain.arch ?? hosts[0]?.arch;
  return applyEdits(domain.text, [...defaultMachineEdits(domain, arch, hosts), ...modelEdits(domain, arch)]);
}

/** Where some host lacks what libvirt prefers, each takes QEMU's own default: nobody knows which. */
function defaultMachineEdits(
  { text, machine, osType, type }: Domain,
  arch: string | undefined,
  hosts: readonly Host[],
): readonly Edit[] {
  const preferred = machine === undefined ? preferredMachine(arch, type) : undefined;
  if (osType === undefined || preferred === undefined) return [];
  const isLacking = ({ machines }: Host): boolean =>
    machines.length > 0 && !machines.some(({ name }) => name === preferred);
  if (hosts.some(isLacking)) return [];
  return editsAt(text, { kind: 'set-attribute', startTag: osType, name: 'machine', value: preferred });
}

function modelEdits({ text, cpu, span }: Domain, arch: string | undefined): readonly Edit[] {
  const model = takesFeatures(cpu) ? undefined : defaultModel(arch);
  const endTag = text.lastIndexOf('</', span.end);
  if (model === undefined || (cpu === undefined && endTag <= span.start)) return [];
  const kept = cpu?.children.map((child) => text.slice(child.span.start, child.span.end)) ?? [];
  const inside = [`<model fallback='forbid'>${model}</model>`, ...kept].join('');
  const written = `<cpu mode='custom' match='exact' check='none'>${inside}</cpu>`;
  const at = cpu === undefined ? { start: endTag, end: endTag } : cpu.span;
  return [{ ...at, text: written }];
}

/** Children of `<cpu>` that libvirt writes anew when a guest starts. */
const OF_MODEL: ReadonlySet<string> = new Set(['model', 'vendor', 'feature']);

/**
 * The XML that libvirt would show of a domain that was started on a host: with an id, the machine type that an alias
 * stands for there, and, for host-model or a named model, the CPU as libvirt writes it out at that start. What runs
 * already stays as it is.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export function startedOn(domain: Domain, host: Host): string {
  return edited(domain, [...idEdits(domain), ...machineEdits(domain, host), ...cpuEdits(domain, host)]);
}

/** The same with its CPU as it is defined: for what a cold start shows. */
export function runningOn(domain: Domain, host: Host): string {
  return edited(domain, [...idEdits(domain), ...machineEdits(domain, host)]);
}

function edited({ text }: Domain, edits: readonly Edit[]): string {
  return applyEdits(
    text,
    edits.toSorted((a, b) => a.start - b.start),
  );
}

function idEdits(domain: Domain): readonly Edit[] {
  if (isRunning(domain)) return [];
  const behindName = domain.span.start + '<domain'.length;
  return [{ start: behindName, end: behindName, text: " id='1'" }];
}

function machineEdits(domain: Domain, host: Host): readonly Edit[] {
  const { text, osType, machine } = domain;
  const canonical = resolvedMachine(host, domain);
  if (osType === undefined || canonical === undefined || canonical === machine) return [];
  return editsAt(text, { kind: 'set-attribute', startTag: osType, name: 'machine', value: canonical });
}

/** What the machine type of a domain stands for on a host: itself, or what it is an alias of; `undefined` where the host has none such. */
export function resolvedMachine({ machines }: Host, { machine, arch, type }: Domain): string | undefined {
  const own = machines.filter(
    (one) =>
      one.name === machine &&
      (arch === undefined || one.arch === arch) &&
      (one.virtType === undefined || type === undefined || one.virtType === type),
  );
  return own[0] === undefined ? undefined : (own.find(({ canonical }) => canonical)?.canonical ?? machine);
}

function cpuEdits(domain: Domain, host: Host): readonly Edit[] {
  const { cpu } = domain;
  if (cpu === undefined || isRunning(domain)) return [];
  const written = writtenCpu(domain.text, cpu, host);
  return written === undefined ? [] : [{ ...cpu.span, text: written }];
}

/** `undefined` where libvirt writes out nothing, or nobody knows what. */
function writtenCpu(text: string, cpu: DomainCpu, host: Host): string | undefined {
  const isModel = cpu.mode === 'host-model' || isListed(cpu);
  const model = cpu.mode === 'host-model' ? host.model : cpu.model;
  const map = host.cpuMaps.at(-1);
  if (!isModel || model === undefined || map === undefined || host.features === undefined) return undefined;
  const index = indexOf(map);
  const base = featuresOfModel(index, model);
  const shown = base && shownFeatures(cpu, model, host, index);
  if (base === undefined || shown === undefined) return undefined;
  const unsent = namesNotSent(index, model);
  const isSent = (name: string): boolean =>
    !unsent.has(name) && !FILTERED.has(name) && !NOT_MIGRATABLE.has(name);
  const lines = [
    ...[...shown].filter((name) => !base.has(name)).map((name) => ['require', name] as const),
    ...[...base].filter((name) => !shown.has(name)).map((name) => ['disable', name] as const),
  ].filter(([, name]) => isSent(name));
  const features = lines.map(([policy, name]) => `<feature policy='${policy}' name='${encodeValue(name)}'/>`);
  const kept = cpu.children
    .filter(({ name }) => !OF_MODEL.has(name))
    .map(({ span }) => text.slice(span.start, span.end));
  const inside = [`<model fallback='forbid'>${encodeValue(model)}</model>`, ...features, ...kept].join('');
  return `<cpu mode='custom' match='exact' check='full'>${inside}</cpu>`;
}

/** What the guest sees on the host that it was started on: never what that host lacks. */
function shownFeatures(
  cpu: DomainCpu,
  model: string,
  host: Host,
  index: CpuIndex,
): ReadonlySet<string> | undefined {
  const { has } = presenceOn(host);
  const stated = cpu.features.filter(({ policy }) => policy !== 'optional');
  if (cpu.mode === 'host-model') {
    const off = new Set(namesOff(stated));
    return new Set([...has].filter((name) => !off.has(name)));
  }
  const expanded = expandCpu(index, { model, features: stated });
  if (!('features' in expanded)) return undefined;
  return new Set(namesIn(expanded.features, index.names).filter((name) => has.has(name)));
}

/** From here on libvirt leaves out of what it sends the names that it learned after a model was published. */
const SENDS_WITHOUT = '10.2';

function namesNotSent(index: CpuIndex, model: string): ReadonlySet<string> {
  return isSince(index.map.version, SENDS_WITHOUT)
    ? new Set(index.models.get(model)?.added)
    : new Set<string>();
}
