import type { Domain } from '../../../types/domain.ts';
import { switchesOf } from '../../cpu/cpu-argument.ts';
import { qemuName } from '../../cpu/names.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { driverOf } from './arguments.ts';
import { arrivalOf } from './lists.ts';
import { arrivalMark } from './mark.ts';

/**
 * What is off in a running guest that is levelled on arrival: all that it says is off, but for what the host it runs on
 * (any, where nobody says which) would show it without being told, and has not been told.
 */
export function levelledOff(
  domain: Domain,
  pool: PoolFacts,
  runningOn: string | undefined,
): readonly string[] {
  const mark = arrivalMark(domain);
  if (mark === undefined) return [];
  const switches = switchesOf(domain.commandLine, driverOf(domain.cpu?.mode));
  const { hosts } = pool.ask(arrivalOf);
  const sources = runningOn === undefined ? Object.keys(hosts) : [runningOn];
  const isAbsent = (name: string): boolean =>
    sources.every((host) => hosts[host]?.absent.includes(name) === true);
  return mark.off.filter((name) => switches.get(qemuName(name)) === 'off' || isAbsent(name));
}
