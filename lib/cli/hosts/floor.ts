import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import { floorOfSystem, readFloor } from '../../cpu/facts/floors.ts';
import { LEVELS } from '../../cpu/facts/levels.ts';
import { canonicalIn } from '../../cpu/known-names.ts';
import { closest } from '../../text/distance.ts';
import { CommandError } from '../errors.ts';

/** KubeVirt's templates note a guest's system in an annotation: its floor, unless one is stated or it is not known. */
export function withSystem<Options extends PlanOptions>(
  options: Options,
  system: string | undefined,
): Options {
  const { cpu = {} } = options;
  if (typeof cpu !== 'object' || cpu.floor !== undefined) return options;
  const isKnown = system !== undefined && floorOfSystem(system) !== undefined;
  return isKnown ? { ...options, cpu: { ...cpu, floor: system } } : options;
}

/** A floor that is neither levels, nor features that some host's libvirt knows, nor a known system is a slip. */
export function refuseUnknownFloor(floor: string | undefined, hosts: readonly Host[]): void {
  if (floor === undefined || floorOfSystem(floor) !== undefined) return;
  const maps = [...new Set(hosts.flatMap(({ cpuMaps }) => cpuMaps))];
  const reading = readFloor(floor, (word) => canonicalIn(maps, word));
  if ('floor' in reading) return;
  const known = [...LEVELS, ...maps.flatMap(({ features }) => features.map(({ name }) => name))];
  const [word = ''] = reading.unknown;
  const meant = closest(word, known);
  const advice =
    meant === undefined
      ? `it takes ${LEVELS.join(', ')}, names of features, or an operating system (rhel10)`
      : `did you mean "${meant}"?`;
  throw new CommandError(
    'bad-value',
    `--floor: "${word}" is no level, no feature and no known operating system; ${advice}`,
  );
}
