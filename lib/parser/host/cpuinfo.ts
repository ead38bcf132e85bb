import type { WeakSource } from '../../../types/host-source.ts';
import type { Host, HostProcessor } from '../../../types/host.ts';
import { hostOfFlags, nameIn, type Reading } from './listed.ts';

/** The fields of one processor, by name. */
export type Fields = ReadonlyMap<string, string>;

/**
 * The host of a /proc/cpuinfo, whole or its first block. Where processors differ (cores of two kinds), a guest may run
 * on any of them: the flags of all count.
 *
 * @see https://docs.kernel.org/arch/x86/cpuinfo.html
 */
export function readCpuinfo(reading: Reading): Host {
  const blocks = reading.text.split(/\n[ \t\r]*\n/).map(fieldsIn);
  const all = new Map<string, string>();
  for (const block of blocks) for (const [field, value] of block) if (!all.has(field)) all.set(field, value);
  const lists = [...new Set(blocks.flatMap((block) => flagsOf(block) ?? []))];
  return hostOfFields(all, sharedFlags(lists), 'cpuinfo', reading);
}

/** What the fields of Linux's files and of lscpu say of a host; they mostly go by the same names. */
export function hostOfFields(
  fields: Fields,
  flags: readonly string[],
  source: WeakSource,
  reading: Reading,
): Host {
  const arch = archOf(fields);
  const model = fields.get('cpu') ?? fields.get('model name');
  return hostOfFlags(
    {
      ...{ name: nameIn(reading), source, file: reading.file, arch, flags, processor: processorOf(fields) },
      vendor: fields.get('vendor_id') ?? fields.get('vendor id'),
      ...(arch !== 'x86_64' && model !== undefined && { model }),
      ...(fields.has('cpu part') && { properties: identityOf(fields) }),
    },
    reading,
  );
}

/** `name : value` lines, names in lower case. */
export function fieldsIn(block: string): Fields {
  const lines = block.split('\n').map((line) => ({ line, colon: line.indexOf(':') }));
  return new Map(
    lines.flatMap(({ line, colon }) =>
      colon === -1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]],
    ),
  );
}

function flagsOf(fields: Fields): string | undefined {
  return fields.get('flags') ?? fields.get('features');
}

/** What every one of these lists has. */
function sharedFlags(lists: readonly string[]): readonly string[] {
  const [first = [], ...others] = lists.map((list) => list.split(/\s+/).filter((flag) => flag !== ''));
  const sets = others.map((list) => new Set(list));
  return first.filter((flag) => sets.every((set) => set.has(flag)));
}

/** /proc/cpuinfo does not state its architecture; each has fields of its own. Linux on POWER runs little-endian today. */
function archOf(fields: Fields): string {
  const stated = fields.get('architecture');
  if (stated !== undefined) return stated;
  if (fields.has('cpu implementer')) return 'aarch64';
  if (/^POWER\d/.test(fields.get('cpu') ?? '')) return 'ppc64le';
  return /^IBM\/S390/.test(fields.get('vendor_id') ?? '') ? 's390x' : 'x86_64';
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
