import type { Host } from '../../../types/host.ts';
import { NO_PROCESSOR } from '../../cpu/cpuid.ts';
import type { JsonValue } from '../json.ts';
import { sharedFlags } from './cpuinfo.ts';
import { isObject, listOf, memberOf, stringIn, stringsIn, valueAt } from './json-values.ts';
import { hostOfFlags, nameIn, refuse, vendorOfProduct, type Reading } from './listed.ts';

/**
 * The host of the resources that Incus or LXD report: `incus query /1.0/resources`, or the API's answer around them.
 *
 * @see https://linuxcontainers.org/incus/docs/main/rest-api-spec/
 */
export function readIncus(value: JsonValue, reading: Reading): Host {
  const cpu = cpuOf(value);
  const arch = stringIn(cpu, 'architecture') ?? 'x86_64';
  const sockets = listOf(memberOf(cpu, 'sockets'));
  const [socket] = sockets;
  const cores = sockets.flatMap((one) => listOf(memberOf(one, 'cores')));
  const lists = [...new Set(cores.map((core) => stringsIn(memberOf(core, 'flags')).join(' ')))];
  if (lists.every((list) => list === '')) throw noFlags(reading);
  const bits = valueAt(socket, 'address_sizes', 'physical_bits');
  return hostOfFlags(
    {
      name: nameIn(reading),
      source: 'incus',
      file: reading.file,
      arch,
      flags: sharedFlags(lists),
      vendor: stringIn(socket, 'vendor') ?? vendorOfProduct(stringIn(socket, 'name')),
      ...(typeof bits === 'number' && { processor: { ...NO_PROCESSOR, physicalAddressBits: bits } }),
    },
    reading,
  );
}

function cpuOf(value: JsonValue): JsonValue | undefined {
  const own = memberOf(value, 'cpu');
  return isObject(own) ? own : valueAt(value, 'metadata', 'cpu');
}

function noFlags(reading: Reading): Error {
  const reason = 'these resources of Incus or LXD list no CPU flags: the server is too old for that';
  return refuse(
    reading,
    'no-cpu-model',
    reason,
    'Give the output of "virsh domcapabilities", or /proc/cpuinfo.',
  );
}
