import type { BaselineHost, Loss } from '../../../types/baseline.ts';
import { isWithheld } from '../../cpu/facts/qemu-topology.ts';
import { madeHost } from '../../cpu/made-host.ts';
import { newMemory, NO_MEMORY } from '../memory.ts';
import { diffHosts } from './baseline.ts';
import { factsOf, type PoolFacts } from './facts.ts';

/** What hosts may show some guests though their documents do not say so, and what QEMU leaves to the hosts for them. */
export interface Particulars {
  /** Host → features of which its document does not tell for such a guest. */
  readonly untold: Readonly<Record<string, readonly string[]>>;
  /** Features that the topology of other guests decides, and for this one the host. */
  readonly ofHost: readonly string[];
  /** Does its CPU show whatever QEMU there has? */
  readonly follows: boolean;
  /** Features that all hosts have, and the libvirt of each hands QEMU the guest's line about, or does not. */
  readonly mixed: readonly string[];
}

/** A line turns it off where it gets to QEMU, or else, in a model that has none of its own, on. */
function mixedLoss(feature: string, { hosts, names }: PoolFacts, follows: boolean): Loss {
  const withheld = hosts.filter((host) => isWithheld(feature, host)).map(({ name }) => name);
  const handed = names.filter((name) => !withheld.includes(name));
  return follows
    ? { feature, presentOn: withheld, missingOn: handed, unknownOn: [], unnamedOn: withheld }
    : { feature, presentOn: handed, missingOn: [], unknownOn: withheld, unnamedOn: [] };
}

/** The pool of a guest with these particulars. */
export function adjusted(pool: PoolFacts, { untold, ofHost, follows, mixed }: Particulars): PoolFacts {
  const memory = pool.memory === NO_MEMORY ? NO_MEMORY : newMemory();
  const facts = Object.keys(untold).length === 0 ? { ...pool, memory } : withUntold(pool, untold, memory);
  if (ofHost.length + mixed.length === 0) return facts;
  const found = ofHost.flatMap((name) => facts.allLosses.get(name) ?? []);
  const differing = [
    ...(follows ? found.map((loss) => withWithheld(loss, facts.hosts)) : found),
    ...mixed.map((name) => mixedLoss(name, facts, follows)),
  ];
  const losses = differing.map((loss) => [loss.feature, loss] as const);
  return {
    ...facts,
    common: new Set([...facts.common].filter((name) => !mixed.includes(name))),
    losses: new Map([...facts.losses, ...losses]),
    allLosses: new Map([...facts.allLosses, ...losses]),
    notes: facts.notes.filter((note) => !('feature' in note && ofHost.includes(note.feature))),
  };
}

/**
 * A loss that topology decides for other guests, as one finds it that sees what its host has: where no line of its domain
 * gets to QEMU, it is as if libvirt had no name for it.
 */
export function withWithheld(loss: Loss, hosts: readonly BaselineHost[]): Loss {
  const shownOn = new Set([...loss.presentOn, ...loss.unknownOn]);
  const withheld = hosts.filter((host) => shownOn.has(host.name) && isWithheld(loss.feature, host));
  return withheld.length === 0 ? loss : { ...loss, unnamedOn: withheld.map(({ name }) => name) };
}

function withUntold(pool: PoolFacts, untold: Particulars['untold'], memory: PoolFacts['memory']): PoolFacts {
  const { baseline } = pool;
  const hosts = baseline.hosts.map((host) => {
    const names = untold[host.name];
    return names === undefined ? host : madeHost({ ...host, uncertain: [...host.uncertain, ...names] });
  });
  const { common, losses, surplus } = diffHosts(hosts);
  return factsOf({ ...baseline, hosts, common, losses, surplus }, memory);
}
