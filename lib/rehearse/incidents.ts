import type { Domain } from '../../types/domain.ts';
import type { Incident, IncidentGuest, IncidentHost, VersionRange } from '../../types/incident.ts';
import type { FoundIncident, Release } from '../../types/rehearsal.ts';
import { X86 } from '../cpu/arches.ts';
import { INCIDENTS } from '../cpu/facts/incidents.ts';
import { isSince } from '../cpu/facts/since.ts';
import { machineVersion, qemuNumber } from '../cpu/versions.ts';
import { processorsPerSocket } from '../diff/cpu/changes.ts';
import { frozen } from '../text/frozen.ts';

/** What is known of a machine type, or of all that hosts have, on the way from one host to another. */
export interface MachineFacts {
  readonly gone: readonly string[];
  readonly deprecated: readonly string[];
  /** Has a host types of a distribution? */
  readonly ofDistribution: boolean;
  /** What aliases stand for here and there. */
  readonly moved: readonly { readonly before: string; readonly after: string }[];
}

/** A way between two hosts, as incidents ask for it. */
export interface IncidentContext {
  readonly way: FoundIncident['way'];
  readonly from: Release;
  readonly to: Release;
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  readonly virtType: string | undefined;
  /** What is lost on the way: of the guest, where there is one. */
  readonly lost: readonly string[];
  /** What the guest sees here. */
  readonly given: readonly string[];
  /** Does libvirt there not know some name of what is given here? */
  readonly unnamed: boolean;
  /** Does host-model mean another CPU there? */
  readonly hostModel: boolean;
  readonly machines: MachineFacts;
  /** Without one, whatever concerns some guest. */
  readonly guest?: Domain;
}

type Answer = 'yes' | 'no' | 'maybe';

/** The incidents that can happen on such a way, in the order of their table. */
export function incidentsOn(context: IncidentContext): readonly FoundIncident[] {
  return INCIDENTS.flatMap((incident) => {
    const answer = answerFor(incident, context);
    return answer === 'no' ? [] : [frozen({ incident, way: context.way, certain: answer === 'yes' })];
  });
}

function answerFor(incident: Incident, context: IncidentContext): Answer {
  if ((incident.when === 'start') !== (context.way === 'start')) return 'no';
  const { from, to, guest = {}, depends } = incident;
  return all([
    hostAnswer(from, context.from),
    hostAnswer(to, context.to),
    changeAnswer(incident, context),
    guestAnswer(guest, context),
    depends === undefined ? 'yes' : 'maybe',
  ]);
}

function all(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

function hostAnswer(wanted: IncidentHost | undefined, release: Release): Answer {
  const programs = ['libvirt', 'qemu', 'kernel'] as const;
  return all(programs.map((program) => within(release[program], wanted?.[program])));
}

function within(version: string | undefined, range: VersionRange | undefined): Answer {
  if (range === undefined) return 'yes';
  if (version === undefined) return 'maybe';
  const { since, before } = range;
  const isIn =
    (since === undefined || isSince(version, since)) && (before === undefined || !isSince(version, before));
  return isIn ? 'yes' : 'no';
}

function changeAnswer({ change = {} }: Incident, context: IncidentContext): Answer {
  const { lost, given = [], differs, unnamed, hostModel, machine, crosses } = change;
  const { gone, deprecated, moved } = context.machines;
  const kinds = { gone: gone.length, deprecated: deprecated.length, alias: moved.length };
  return all([
    yesIf(lost === undefined || lost.some((name) => context.lost.includes(name))),
    yesIf(given.every((name) => context.given.includes(name))),
    yesIf(unnamed === undefined || context.unnamed),
    yesIf(hostModel === undefined || context.hostModel),
    yesIf(machine === undefined || kinds[machine] > 0),
    yesIf(crosses === undefined || isCrossed(crosses, context.machines)),
    differs === undefined ? 'yes' : differAnswer(differs, context),
  ]);
}

function yesIf(holds: boolean): Answer {
  return holds ? 'yes' : 'no';
}

function differAnswer(
  programs: readonly (keyof Release)[],
  { from, to }: Pick<IncidentContext, 'from' | 'to'>,
): Answer {
  if (programs.some((one) => from[one] !== undefined && to[one] !== undefined && from[one] !== to[one]))
    return 'yes';
  return programs.some((one) => from[one] === undefined || to[one] === undefined) ? 'maybe' : 'no';
}

/** Does an alias stand for a type before this version here, and for a later one there? Or has to be replaced by one? */
function isCrossed(version: string, { gone, moved }: MachineFacts): boolean {
  const isBefore = (machine: string): boolean => within(qemuNumber(machine), { before: version }) === 'yes';
  return gone.some(isBefore) || moved.some(({ before, after }) => isBefore(before) && !isBefore(after));
}

function guestAnswer(wanted: IncidentGuest, context: IncidentContext): Answer {
  const { arch, vendor, virtType } = wanted;
  const { guest, machines } = context;
  const ofHost = all([
    equal(X86.has(context.arch ?? '') ? 'x86' : context.arch, arch),
    equal(context.vendor, vendor),
    equal(guest?.type ?? context.virtType, virtType),
  ]);
  if (guest !== undefined) return all([ofHost, domainAnswer(wanted, guest)]);
  return all([ofHost, yesIf(wanted.distribution === undefined || machines.ofDistribution)]);
}

function domainAnswer(wanted: IncidentGuest, guest: Domain): Answer {
  const { machine, cpu, perSocket, distribution, device } = wanted;
  return all([
    // A type of a distribution may be as new as any.
    within(qemuNumber(guest.machine ?? ''), machine),
    yesIf(cpu === undefined || hasCpu(guest, cpu)),
    yesIf(perSocket === undefined || (perSocket === 'one') === (processorsPerSocket(guest) === 1)),
    yesIf(distribution === undefined || isOfDistribution(guest.machine ?? '')),
    yesIf(device === undefined || hasDevice(guest, device)),
  ]);
}

function equal(known: string | undefined, wanted: string | undefined): Answer {
  if (wanted === undefined) return 'yes';
  return known === undefined ? 'maybe' : yesIf(known === wanted);
}

/** Whether a machine type is one of a distribution: `pc-q35-rhel9.6.0`. */
export function isOfDistribution(machine: string): boolean {
  const parts = machineVersion(machine);
  return parts !== undefined && parts.distribution !== '';
}

function hasCpu({ cpu }: Domain, wanted: NonNullable<IncidentGuest['cpu']>): boolean {
  if (cpu === undefined) return false;
  const isCustom = cpu.mode === 'custom' && cpu.model !== undefined;
  return wanted === 'named' ? isCustom || cpu.mode === 'host-model' : cpu.mode === wanted;
}

type Device = NonNullable<IncidentGuest['device']>;

/** Does the guest have such a device? */
function hasDevice({ devices, uses }: Domain, device: Device): boolean {
  const isUsed = (wanted: string, value?: string): boolean =>
    uses.some((use) => use.key === wanted && (value === undefined || use.value === value));
  switch (device) {
    case 'virtio-net':
      return devices.some(
        ({ element, values }) =>
          element === 'interface' && values['model@type']?.startsWith('virtio') === true,
      );
    case 'virtio-disk':
      return isUsed('disk.bus', 'virtio');
    case 'virtio-video':
      return isUsed('video.modelType', 'virtio');
    case 'video':
      return isUsed('video.modelType');
  }
}
