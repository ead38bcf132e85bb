import type { WeakSource } from '../../../types/host-source.ts';
import type { Host } from '../../../types/host.ts';
import { X86 } from '../../cpu/arches.ts';
import { vendorName } from '../../cpu/cpuid.ts';
import { readJson, type JsonValue } from '../json.ts';
import { isObject, listOf, memberOf, stringIn, stringsIn, valueAt } from './json-values.ts';
import {
  expandListed,
  hostOfFlags,
  mapsFor,
  nameIn,
  refuse,
  vendorOfProduct,
  weakHost,
  type Reading,
} from './listed.ts';

/** The host's CPU as `virsh capabilities` has it, passed on by a manager of virtual machines. */
interface PassedOn {
  readonly host: string;
  readonly source: WeakSource;
  readonly arch: string;
  readonly model: string;
  readonly vendor: string | undefined;
  readonly names: readonly string[];
}

/**
 * The hypervisors of OpenStack's Nova, whose `cpu_info` is the CPU of `virsh capabilities`:
 * `openstack hypervisor show HOST -f json`, or the compute API's answer.
 *
 * @see https://docs.openstack.org/api-ref/compute/#hypervisors-os-hypervisors
 */
export function readOpenstack(value: JsonValue, reading: Reading): readonly Host[] {
  const all = Array.isArray(value) ? listOf(value) : listOf(memberOf(value, 'hypervisors'));
  const hypervisors = all.length > 0 ? all : [memberOf(value, 'hypervisor') ?? value];
  return hypervisors.map((one) => {
    const own = stringIn(one, 'hypervisor_hostname') ?? stringIn(one, 'Hypervisor Hostname');
    const info = cpuInfoIn(one);
    if (!isObject(info)) throw noCpu(reading, own ?? nameIn(reading), 'cpu_info');
    const passedOn: PassedOn = {
      host: (hypervisors.length === 1 ? reading.name : own) ?? own ?? nameIn(reading),
      source: 'openstack',
      arch: stringIn(info, 'arch') ?? 'x86_64',
      model: stringIn(info, 'model') ?? '',
      vendor: stringIn(info, 'vendor'),
      names: stringsIn(memberOf(info, 'features')),
    };
    return hostPassedOn(passedOn, reading);
  });
}

/** The compute API before version 2.28 gives it as a text that holds JSON. */
function cpuInfoIn(hypervisor: JsonValue): JsonValue | undefined {
  const info = memberOf(hypervisor, 'cpu_info');
  if (typeof info !== 'string') return info;
  try {
    return readJson(info, {})[0]?.value;
  } catch {
    return undefined;
  }
}

/**
 * The hosts of OpenNebula, whose monitoring passes on the CPU of `virsh capabilities`: `onehost show -j HOST`, or
 * `onehost list -j`.
 *
 * @see https://docs.opennebula.io/stable/management_and_operations/host_cluster_management/hosts.html
 */
export function readOpennebula(value: JsonValue, reading: Reading): readonly Host[] {
  const given = valueAt(value, 'HOST_POOL', 'HOST') ?? memberOf(value, 'HOST');
  const hosts = Array.isArray(given) ? listOf(given) : [given];
  return hosts.map((one) => {
    const own = stringIn(one, 'NAME') ?? nameIn(reading);
    const template = memberOf(one, 'TEMPLATE');
    const model = stringIn(template, 'KVM_CPU_MODEL');
    if (model === undefined) throw noCpu(reading, own, 'KVM_CPU_MODEL');
    const passedOn: PassedOn = {
      host: (hosts.length === 1 ? reading.name : own) ?? own,
      source: 'opennebula',
      arch: stringIn(template, 'ARCH') ?? 'x86_64',
      model,
      vendor: undefined,
      names: (stringIn(template, 'KVM_CPU_FEATURES') ?? '').split(',').filter((feature) => feature !== ''),
    };
    return hostPassedOn(passedOn, reading);
  });
}

function hostPassedOn({ host, source, arch, model, vendor, names }: PassedOn, reading: Reading): Host {
  const facts = { name: host, source, file: reading.file, arch, model };
  if (!X86.has(arch)) return hostOfFlags({ ...facts, flags: names, vendor }, reading);
  const agreed = expandListed({ model, names: [...new Set(names)], host }, reading);
  return weakHost(
    { ...facts, vendor: vendorName(mapsFor(reading), vendor) },
    agreed,
    'added-by-kvm',
    reading,
  );
}

/**
 * The host of oVirt's `vdsm-client Host getCapabilities`: `cpuFlags` has the kernel's flags, and behind them the models
 * that libvirt calls usable.
 */
export function readVdsm(value: JsonValue, reading: Reading): Host {
  const flags = (stringIn(value, 'cpuFlags') ?? '').split(',').filter((flag) => !flag.startsWith('model_'));
  const vendor = vendorOfProduct(stringIn(value, 'cpuModel'));
  const uuid = stringIn(value, 'uuid');
  const facts = { name: nameIn(reading), source: 'vdsm', file: reading.file, uuid } as const;
  return hostOfFlags({ ...facts, arch: 'x86_64', flags, vendor }, reading);
}

function noCpu(reading: Reading, host: string, member: string): Error {
  const reason = `${host}: there is no ${member} that could be read`;
  return refuse(reading, 'no-cpu-model', reason, 'Give the output of "virsh domcapabilities" of that host.');
}
