import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './command.ts';
import { cpuidIn } from './cpuid.ts';
import { type GuestCpu } from './guest-cpu.ts';
import { FORMS, type Cell } from './matrix.ts';
import { recordMigration } from './record.ts';
import { EMULATOR, tryToMigrate, virsh, type Rig, type RigHost } from './rig.ts';
import { cpuOn, GUEST, without } from './scenario.ts';

/** What became of a guest: moved there and back and saw one CPU, or not; or was stopped, by whom and when. */
export interface Outcome {
  readonly kind: 'identical' | 'refused' | 'libvirt' | 'changed';
  /** Codes of findings, words of libvirt, or what changed. */
  readonly details: readonly string[];
  /** What differs and is told apart by name: no feature, but QEMU's emulation, or its own notes. */
  readonly apart: readonly string[];
}

/** Two hosts of the rig that meet, with what `capture` wrote of them, and the guest's firmware. */
export interface Meeting {
  readonly rig: Rig;
  readonly from: RigHost;
  readonly to: RigHost;
  readonly hosts: readonly string[];
  readonly firmware: string;
}

interface Look {
  readonly cpu: GuestCpu;
  readonly cpuid: ReadonlyMap<string, number>;
}

/** Bits that differ because QEMU emulates otherwise, for a guest whose features are the same. */
const EMULATION: Readonly<Record<string, string>> = {
  '0x80000001.0 EDX 0x800': 'SYSCALL in 32-bit mode (0x80000001 EDX bit 11)',
};

/** What QEMU notes of a CPU and shows by topology, or not at all: where the guest sees no difference, there is none. */
const NOTES: ReadonlySet<string> = new Set(['ht', 'cmp-legacy', 'legacy-multi-node']);

function domainOf({ pair, virtualisation, topology, mode }: Cell, firmware: string): string {
  const isMode = /^(host-|maximum)/.test(mode);
  const [start, model] = isMode
    ? [`<cpu mode='${mode}'>`, '']
    : ["<cpu mode='custom' match='exact'>", `<model>${mode}</model>`];
  return `<domain type='${virtualisation.type}'>
  <name>${GUEST}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>${topology.vcpus}</vcpu>
  <os><type arch='x86_64' machine='${pair.machine}'>hvm</type><loader type='rom'>${firmware}</loader></os>
  ${start}${model}${topology.xml}</cpu>
  <devices>
    <emulator>${EMULATOR}</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

/** Lets one guest go through all of it. */
export async function outcomeOf(cell: Cell, meeting: Meeting): Promise<Outcome> {
  try {
    return await run(cell, meeting);
  } finally {
    for (const host of [meeting.from, meeting.to]) virsh(host, `destroy ${GUEST}; undefine ${GUEST}`);
  }
}

async function run(cell: Cell, meeting: Meeting): Promise<Outcome> {
  const { rig, from, to, firmware } = meeting;
  const path = join(rig.directory, 'guest.xml');
  writeFileSync(path, domainOf(cell, firmware));
  const stop = store(path, from) ?? rewritten(cell, meeting, path) ?? started(from);
  if (stop !== undefined) return stop;
  const before = await look(rig, from);
  const outcomes: Outcome[] = [];
  for (const [here, there, way] of [
    [from, to, 'there'],
    [to, from, 'back'],
  ] as const) {
    const { code, err } = tryToMigrate(rig, GUEST, here, there);
    if (code !== 0) return migrationRefused(err, way, outcomes);
    recordMigration(`matrix, ${cell.pair.from} and ${cell.pair.to}`);
    outcomes.push(compared(cell, before, await look(rig, there)));
  }
  return {
    kind: outcomes.some(({ kind }) => kind === 'changed') ? 'changed' : 'identical',
    details: [...new Set(outcomes.flatMap(({ details }) => details))],
    apart: [...new Set(outcomes.flatMap(({ apart }) => apart))],
  };
}

function store(path: string, host: RigHost): Outcome | undefined {
  const { code, err } = virsh(host, 'define', path);
  return code === 0 ? undefined : refusedByLibvirt(err, 'define');
}

function started(host: RigHost): Outcome | undefined {
  const { code, err } = virsh(host, 'start', GUEST);
  if (code === 0) return undefined;
  return err.includes('virt-migratable')
    ? { kind: 'refused', details: ['by the gate at start'], apart: [] }
    : refusedByLibvirt(err, 'start');
}

function refusedByLibvirt(err: string, when: string): Outcome {
  const words = err.trim().split('\n').at(-1) ?? '';
  return { kind: 'libvirt', details: [`${when}: ${words.replace(/^error: /, '').slice(0, 160)}`], apart: [] };
}

function migrationRefused(err: string, way: string, outcomes: readonly Outcome[]): Outcome {
  const changed = outcomes.find(({ kind }) => kind === 'changed');
  if (changed !== undefined) return changed;
  if (way === 'there' && err.includes('virt-migratable'))
    return { kind: 'refused', details: ['by the gate'], apart: [] };
  return refusedByLibvirt(err, way);
}

/** Rewrites the domain that a host stores, and stores it again; says what is in the way. */
function rewritten({ form }: Cell, meeting: Meeting, path: string): Outcome | undefined {
  const options = FORMS[form];
  if (options === undefined) return undefined;
  const { from, hosts } = meeting;
  writeFileSync(path, virsh(from, 'dumpxml', '--inactive', GUEST).out);
  const rewrite = (...words: readonly string[]) =>
    virtMigratable(
      'rewrite',
      path,
      ...hosts,
      ...words,
      ...(words.includes('per-host') ? ['--for', from.name] : []),
    );
  let { code, out, err } = rewrite(...options);
  const way = /^next: .* ((?:--(?!host)[a-z-]+ ?(?:per-host)?)+)$/m.exec(err)?.[1];
  if (code !== 0 && form === 'auto' && way !== undefined)
    ({ code, out, err } = rewrite(...way.trim().split(' ')));
  if (code !== 0) {
    const codes = [...err.matchAll(/error: .*\[([a-z-]+)\]$/gm)].map(([, name]) => name ?? '');
    return { kind: 'refused', details: codes.length > 0 ? [...new Set(codes)] : [err], apart: [] };
  }
  writeFileSync(path, out);
  return store(path, from);
}

async function look(rig: Rig, host: RigHost): Promise<Look> {
  return { cpuid: await cpuidIn(rig, host, GUEST), cpu: await cpuOn(host) };
}

/** What differs for the guest: features by name, other properties, and CPUID where no name says it. */
function compared({ virtualisation }: Cell, before: Look, after: Look): Outcome {
  const names = [...without(before.cpu, after.cpu), ...without(after.cpu, before.cpu)];
  const values = Object.keys(before.cpu.values).filter(
    (name) =>
      name !== 'feature-words' &&
      JSON.stringify(before.cpu.values[name]) !== JSON.stringify(after.cpu.values[name]),
  );
  const keys = [...new Set([...before.cpuid.keys(), ...after.cpuid.keys()])];
  const bits = keys.flatMap((key) => {
    const [one, other] = [before.cpuid.get(key), after.cpuid.get(key)];
    return one === other ? [] : [`${key} 0x${(((one ?? 0) ^ (other ?? 0)) >>> 0).toString(16)}`];
  });
  const emulated = virtualisation.type === 'qemu' ? bits.filter((bit) => bit in EMULATION) : [];
  const seen = bits.filter((bit) => !emulated.includes(bit));
  const notes = seen.length === 0 ? names.filter((name) => NOTES.has(name)) : [];
  const changed = [...names.filter((name) => !notes.includes(name)), ...values, ...after.cpu.unavailable];
  const details = changed.length > 0 ? changed : seen;
  return {
    kind: details.length > 0 ? 'changed' : 'identical',
    details,
    apart: [
      ...emulated.map((bit) => EMULATION[bit] ?? ''),
      ...notes.map((name) => `QEMU's own note of ${name}`),
    ],
  };
}
