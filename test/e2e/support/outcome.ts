import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './command.ts';
import { cpuidIn } from './cpuid.ts';
import type { GuestCpu } from './guest-cpu.ts';
import { FORMS, GATED, type Cell } from './matrix.ts';
import { recordMigration } from './record.ts';
import { EMULATOR, tryToMigrate, virsh, type Rig, type RigHost } from './rig.ts';
import { cpuOn, GUEST, without } from './scenario.ts';

/**
 * `refused`: by us, before anything moved. `libvirt`: by libvirt. `warned`: changed, in nothing but what the tool had
 * named in a warning.
 */
export type Kind = 'identical' | 'refused' | 'libvirt' | 'warned' | 'changed';

/** What became of a guest: moved there and back and saw one CPU, or not; or was stopped, by whom and when. */
export interface Outcome {
  readonly kind: Kind;
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
  /** Domains that have been moved, with what became of them: forms often write the same. */
  readonly known: Map<string, Outcome>;
}

interface Look {
  readonly cpu: GuestCpu;
  readonly cpuid: ReadonlyMap<string, number>;
}

/** What differs because QEMU emulates otherwise, for a guest whose features are the same. */
function emulationOf(bit: string, isEmulated: boolean): string | undefined {
  return isEmulated && bit === '0x80000001.0 EDX 0x800'
    ? 'TCG: SYSCALL outside 64-bit mode (0x80000001 EDX bit 11)'
    : undefined;
}

/** What CPUID says of a part of the saved state that the guest has on neither side means nothing. */
function absentState(bit: string, before: Look, after: Look): string | undefined {
  const part = Number(/^0xd\.(\d+) /.exec(bit)?.[1] ?? 0);
  const has = ({ cpuid }: Look): boolean =>
    (((cpuid.get('0xd.0 EAX') ?? 0) | (cpuid.get('0xd.1 ECX') ?? 0)) & (1 << part)) !== 0;
  return part < 2 || has(before) || has(after)
    ? undefined
    : `what CPUID says of a saved state that the guest does not have (0xd.${part})`;
}

/** Features that QEMU shows by topology: where the guest sees no difference, only QEMU's own note of them differs. */
const NOTES: ReadonlySet<string> = new Set(['ht', 'cmp-legacy']);

/** QEMU emulates no counters, whatever it notes. */
const EMULATED_NOTES: ReadonlySet<string> = new Set([...NOTES, 'pmu']);

/** Properties of a vCPU that are no feature, but say how QEMU makes it: what they do shows in CPUID, or in a feature. */
const SETTING = /^(?:x-|legacy-|full-cpuid-)/;

function domainOf({ pair, virtualisation, topology, mode }: Cell, firmware: string): string {
  const isMode = /^(?:host-|maximum)/.test(mode);
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
  const { rig, from, known } = meeting;
  const path = join(rig.directory, 'guest.xml');
  writeFileSync(path, domainOf(cell, meeting.firmware));
  const stop = store(path, from);
  if (stop !== undefined) return stop;
  const result = rewritten(cell, meeting, path);
  if (result.stop !== undefined) return result.stop;
  const key = `${GATED.has(cell.form)} ${readFileSync(path, 'utf8')}`;
  const outcome = known.get(key) ?? (await moved(cell, meeting));
  known.set(key, outcome);
  const isTold = outcome.kind === 'changed' && outcome.details.every((name) => result.told.includes(name));
  return isTold ? { ...outcome, kind: 'warned' } : outcome;
}

/** Starts the guest that is stored, and moves it there and back. */
async function moved(cell: Cell, { rig, from, to }: Meeting): Promise<Outcome> {
  const stop = started(from);
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

/** What rewriting a domain came to: why there is nothing to start, or what was warned of on the way. */
interface Rewritten {
  readonly stop?: Outcome | undefined;
  readonly told: readonly string[];
}

/** What the command prints of a rewrite, of which we read this. */
interface Printed {
  readonly shared?: string;
  readonly perHost?: Readonly<Record<string, string>>;
  readonly issues: readonly {
    readonly code: string;
    readonly severity: string;
    readonly features?: readonly string[];
  }[];
}

/** Rewrites the domain that a host stores, and stores it again. */
function rewritten({ form }: Cell, { from, hosts }: Meeting, path: string): Rewritten {
  const options = FORMS[form];
  if (options === undefined) return { told: [] };
  writeFileSync(path, virsh(from, 'dumpxml', '--inactive', GUEST).out);
  const { code, out, err } = virtMigratable('rewrite', path, ...hosts, ...options, '--json');
  const { issues, shared, perHost } = JSON.parse(out === '' ? '{"issues":[]}' : out) as Printed;
  if (code !== 0) {
    const codes = issues.flatMap((found) => (found.severity === 'error' ? [found.code] : []));
    const details = codes.length > 0 ? [...new Set(codes)] : [err];
    return { stop: { kind: 'refused', details, apart: [] }, told: [] };
  }
  const isLevelled = issues.some((found) => found.code === 'levelled-on-arrival'); // its gate asks for the own form
  writeFileSync(path, (isLevelled ? undefined : shared) ?? perHost?.[from.name] ?? '');
  const warnings = issues.filter(({ severity }) => severity === 'warning');
  return { stop: store(path, from), told: warnings.flatMap(({ features }) => features ?? []) };
}

async function look(rig: Rig, host: RigHost): Promise<Look> {
  return { cpuid: await cpuidIn(rig, host, GUEST), cpu: await cpuOn(host) };
}

/** What differs for the guest: features by name, other properties, and CPUID where no name says it. */
function compared({ virtualisation }: Cell, before: Look, after: Look): Outcome {
  const names = [...without(before.cpu, after.cpu), ...without(after.cpu, before.cpu)];
  const features = names.filter((name) => !SETTING.test(name));
  const bits = differingBits(before, after);
  const isEmulated = virtualisation.type === 'qemu';
  const meaningless = bits.flatMap(
    (bit) => emulationOf(bit, isEmulated) ?? absentState(bit, before, after) ?? [],
  );
  const seen = bits.filter(
    (bit) => (emulationOf(bit, isEmulated) ?? absentState(bit, before, after)) === undefined,
  );
  const notes =
    seen.length === 0 ? features.filter((name) => (isEmulated ? EMULATED_NOTES : NOTES).has(name)) : [];
  const changed = [
    ...features.filter((name) => !notes.includes(name)),
    ...differingValues(before.cpu, after.cpu),
    ...after.cpu.unavailable,
  ];
  const details = changed.length > 0 ? changed : seen;
  return {
    kind: details.length > 0 ? 'changed' : 'identical',
    details: [...new Set(details)],
    apart: [...meaningless, ...notes.map((name) => `QEMU's own note of ${name}`)],
  };
}

function differingValues(before: GuestCpu, after: GuestCpu): readonly string[] {
  return Object.keys(before.values).filter(
    (name) =>
      name !== 'feature-words' && JSON.stringify(before.values[name]) !== JSON.stringify(after.values[name]),
  );
}

/** Registers of CPUID, each with the bits in which it differs. */
function differingBits(before: Look, after: Look): readonly string[] {
  const keys = [...new Set([...before.cpuid.keys(), ...after.cpuid.keys()])];
  return keys.flatMap((key) => {
    const [one, other] = [before.cpuid.get(key), after.cpuid.get(key)];
    return one === other ? [] : [`${key} 0x${(((one ?? 0) ^ (other ?? 0)) >>> 0).toString(16)}`];
  });
}
