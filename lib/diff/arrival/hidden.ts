import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import type { Issue, IssueFactsByCode } from '../../../types/issue.ts';
import { switchesOf } from '../../cpu/cpu-argument.ts';
import { qemuName } from '../../cpu/names.ts';
import { issue } from '../../issues/issues.ts';
import type { CpuCase } from '../case.ts';
import { followsHost } from '../cpu/changes.ts';
import { driverOf } from './arguments.ts';
import { emulatedIssues } from './identity.ts';
import { arrivalOf, certainDifferences, type HostArrival } from './lists.ts';

/**
 * What QEMU of some hosts is known to show a CPU that follows its host, that of others has not, and neither a document
 * nor a line of `<cpu>` speaks of.
 */
export function hiddenIssues(c: CpuCase): readonly Issue[] {
  const { cpu, domain, pool, settings } = c;
  if (settings.pin !== undefined || !followsHost(cpu)) return [];
  const hidden = pool.ask(hiddenDifferences);
  if (hidden.length === 0) return emulatedIssues(c);
  const switches = switchesOf(domain.commandLine, driverOf(cpu.mode));
  const open = hidden.filter(({ features: [name = ''] }) => switches.get(qemuName(name)) !== 'off');
  return [
    ...open.map((facts) => issue('qemu-feature-differs', { ...facts, option: 'onArrival' })),
    ...emulatedIssues(c),
  ];
}

type Hidden = Omit<IssueFactsByCode['qemu-feature-differs'], 'option'>;

function hiddenDifferences(hosts: readonly BaselineHost[], baseline: Baseline): readonly Hidden[] {
  // What QEMU of every host has told, the pool's own findings say.
  if (hosts.every(({ unnamed }) => unnamed !== undefined)) return [];
  const arrival = arrivalOf(hosts, baseline);
  return certainDifferences(arrival).map((name): Hidden => {
    const where = (list: keyof HostArrival): readonly string[] =>
      hosts.flatMap((host) => (arrival.hosts[host.name]?.[list].includes(name) === true ? [host.name] : []));
    return { features: [name], presentOn: where('off'), missingOn: where('absent') };
  });
}
