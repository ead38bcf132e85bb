import type { WeakSource } from '../../../types/host-source.ts';
import type { Host, HostProcessor } from '../../../types/host.ts';
import { byName, fieldsIn, machinesIn, type Field, type Fields, type MachineText } from './fields.ts';
import { hostOfFlags, nameIn, numbered, type Reading } from './listed.ts';

/** The line with which a machine's first processor begins. */
const FIRST_PROCESSOR = /^processor[ \t]*:[ \t]*0[ \t\r]*$/gm;

/**
 * The hosts of a /proc/cpuinfo, whole or its first block, or of several in a row. Where processors differ (cores of two
 * kinds), a guest may run on any of them: what all have counts.
 *
 * @see https://docs.kernel.org/arch/x86/cpuinfo.html
 */
export function readCpuinfo(reading: Reading): readonly Host[] {
  return hostsOfMachines(machinesIn(reading.text, FIRST_PROCESSOR), 'cpuinfo', reading);
}

/** The hosts of texts with a line for each field. */
export function hostsOfMachines(
  machines: readonly MachineText[],
  source: WeakSource,
  reading: Reading,
): readonly Host[] {
  return machines.map(({ text, start }, i) =>
    hostOfFields(fieldsIn(text), source, { ...numbered(reading, i, machines.length), start }),
  );
}

/** What the fields of Linux's files and of lscpu say of a host; they mostly go by the same names. */
export function hostOfFields(all: readonly Field[], source: WeakSource, reading: Reading): Host {
  const fields = byName(all);
  const lists = all.filter(([name]) => name === 'flags' || name === 'features').map(([, value]) => value);
  const arch = archOf(fields);
  const model = fields.get('cpu') ?? fields.get('model name');
  return hostOfFlags(
    {
      name: nameIn(reading),
      source,
      file: reading.file,
      arch,
      flags: sharedFlags([...new Set(lists)]),
      processor: processorOf(fields),
      vendor: fields.get('vendor_id') ?? fields.get('vendor id'),
      ...(arch !== 'x86_64' && model !== undefined && { model }),
      ...(fields.has('cpu part') && { properties: identityOf(fields) }),
    },
    reading,
  );
}

export function sharedFlags(lists: readonly string[]): readonly string[] {
  const [first = [], ...others] = lists.map((list) => list.split(/\s+/).filter((flag) => flag !== ''));
  const sets = others.map((list) => new Set(list));
  return first.filter((flag) => sets.every((set) => set.has(flag)));
}

/** A field → the architecture whose /proc/cpuinfo has such a value; the file does not state it. */
const ARCHES: readonly (readonly [field: string, value: RegExp, arch: string])[] = [
  // Linux on POWER runs little-endian today.
  ['cpu', /^POWER\d/, 'ppc64le'],
  ['vendor_id', /^IBM\/S390/, 's390x'],
  ['isa', /^rv64/, 'riscv64'],
  ['isa', /^rv32/, 'riscv32'],
  ['isa', /\bloongarch64\b/, 'loongarch64'],
  ['cpu architecture', /^[1-7]/, 'armv7l'],
  ['cpu implementer', /./, 'aarch64'],
];

function archOf(fields: Fields): string {
  const found = ARCHES.find(([field, value]) => value.test(fields.get(field) ?? ''))?.[2];
  return fields.get('architecture') ?? found ?? 'x86_64';
}

function processorOf(fields: Fields): HostProcessor {
  const number = (...names: readonly string[]): number | undefined =>
    names.map((name) => wholeNumber(fields.get(name))).find((value) => value !== undefined);
  const microcode = wholeNumber(fields.get('microcode'));
  const bits = /^(\d+) bits physical/.exec(fields.get('address sizes') ?? '')?.[1];
  return {
    family: number('cpu family'),
    model: number('model'),
    stepping: number('stepping'),
    // virsh capabilities prints it in decimal.
    microcode: microcode === undefined ? undefined : String(microcode),
    physicalAddressBits: wholeNumber(bits),
    tsc: undefined,
  };
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^(?:0x[\da-f]+|\d+)$/i.test(value) ? Number(value) : undefined;
}

/** The parts of an ARM CPU's identity register (MIDR_EL1). */
function identityOf(fields: Fields): Readonly<Record<string, number>> {
  const parts = ['cpu implementer', 'cpu variant', 'cpu part', 'cpu revision'] as const;
  return Object.fromEntries(
    parts.flatMap((part) => {
      const value = wholeNumber(fields.get(part));
      return value === undefined ? [] : [[part, value]];
    }),
  );
}
