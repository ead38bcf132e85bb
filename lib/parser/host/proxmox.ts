import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { canonicalIn } from '../../cpu/known-names.ts';
import { frozen } from '../../text/frozen.ts';
import type { JsonValue } from '../json.ts';
import { listOf, memberOf, stringIn, stringsIn, valueAt } from './json-values.ts';
import { hostOfFlags, hostOfSome, mapsFor, nameIn, refuse, vendorOfProduct, type Reading } from './listed.ts';

/** A flag that a guest's configuration may set, and the nodes that can give it. */
interface Flag {
  readonly name: string;
  readonly nodes: readonly string[];
}

/**
 * The nodes of a Proxmox VE cluster by the CPU flags that a guest's configuration may set there:
 * `pvesh get /cluster/qemu/cpu-flags --output-format json`. A flag that the list does not name may be there or not.
 *
 * @see https://pve.proxmox.com/pve-docs/api-viewer/
 */
export function readProxmox(value: JsonValue, reading: Reading): readonly Host[] {
  const flags = listOf(memberOf(value, 'data') ?? value).flatMap(flagIn);
  const nodes = [...new Set(flags.flatMap((flag) => flag.nodes))];
  if (nodes.length === 0) throw noNodes(reading);
  const maps = mapsFor(reading);
  return nodes.map((node) => {
    const name = nodes.length === 1 ? (reading.name ?? node) : node;
    return nodeOf(node, flags, maps, { ...reading, name });
  });
}

/** The node of `pvesh get /nodes/NODE/status`: its `cpuinfo` has the kernel's flags. */
export function readNodeStatus(value: JsonValue, reading: Reading): Host {
  const info = memberOf(value, 'cpuinfo') ?? valueAt(value, 'data', 'cpuinfo');
  const flags = (stringIn(info, 'flags') ?? '').split(/\s+/);
  const vendor = vendorOfProduct(stringIn(info, 'model'));
  const facts = { name: nameIn(reading), source: 'cpuinfo', file: reading.file } as const;
  return hostOfFlags({ ...facts, arch: 'x86_64', flags, vendor }, reading);
}

function flagIn(entry: JsonValue): readonly Flag[] {
  const nodes = memberOf(entry, 'supported-on');
  return nodes === undefined ? [] : [{ name: stringIn(entry, 'name') ?? '', nodes: stringsIn(nodes) }];
}

/** The names are QEMU's; what is no feature of a CPU (`nested-virt`, `hv-evmcs`) has none of libvirt's. */
function nodeOf(node: string, flags: readonly Flag[], maps: readonly CpuMap[], reading: Reading): Host {
  const named = flags.flatMap((flag) => {
    const own = canonicalIn(maps, flag.name);
    return own === undefined ? [] : [{ ...flag, name: own }];
  });
  const given = named.filter(({ nodes }) => nodes.includes(node)).map(({ name }) => name);
  const lacking = new Set(named.map(({ name }) => name));
  const host = hostOfSome(
    { name: reading.name ?? node, source: 'proxmox', file: reading.file, arch: 'x86_64', virtType: 'kvm' },
    given,
    reading,
  );
  return frozen({ ...host, silent: host.silent.filter((name) => !lacking.has(name)) });
}

function noNodes(reading: Reading): Error {
  const reason = 'this list of CPU flags names no node that supports them';
  const hint = 'Give the output of "pvesh get /cluster/qemu/cpu-flags --output-format json" (Proxmox VE 9).';
  return refuse(reading, 'no-cpu-model', reason, hint);
}
