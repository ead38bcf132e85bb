import type { BaselineHost } from '../../types/baseline.ts';
import type { Host } from '../../types/host.ts';
import { impliedOn } from '../cpu/grade.ts';
import { inQemusModel } from '../cpu/qemu-models.ts';
import { reasonToIgnore } from '../diff/pool/ignored.ts';
import { groupedBy, remembered } from '../text/remembered.ts';

/** Hosts that are alike in all that a pool asks of them. */
export interface Profile {
  /** One of them: the first by name. */
  readonly host: BaselineHost;
  /** Sorted names. */
  readonly names: readonly string[];
  readonly weight: number;
  /** What its source lists and guests could be denied, sorted; nothing where nobody knows. */
  readonly stated: readonly string[];
  /** What guests are known to see there: the same, and what every guest has though a weak source does not list it. */
  readonly listed: readonly string[];
  /** The same, and what QEMU's model has beyond what libvirt lists. */
  readonly seen: readonly string[];
}

type Weights = Readonly<Record<string, number>>;

/** Hosts by what a pool asks of them, ordered by the names of their first. The hosts are sorted by name. */
export function profilesOf(hosts: readonly BaselineHost[], weights: Weights = {}): readonly Profile[] {
  const listOf = numbersOfLists();
  const alike = groupedBy(hosts, (host) => keyOf(host, listOf));
  return [...alike.values()].map((group) => profileOf(group, weights));
}

function profileOf(hosts: readonly BaselineHost[], weights: Weights): Profile {
  const [host] = hosts as readonly [BaselineHost, ...BaselineHost[]];
  const { features = [], model = '', virtType } = host;
  const stated = visible(features);
  const listed = visible([...features, ...impliedOn(host)]);
  const added = features.length === 0 ? [] : inQemusModel(model, { virtType });
  return {
    host,
    names: hosts.map(({ name }) => name),
    weight: hosts.reduce((sum, one) => sum + weightOf(one, weights), 0),
    stated,
    listed,
    seen: visible([...listed, ...added]),
  };
}

/** A weight is given for the name of the host, also where it had to be numbered. */
function weightOf({ name, givenName = name }: BaselineHost, weights: Weights): number {
  return weights[name] ?? weights[givenName] ?? 1;
}

function visible(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => reasonToIgnore(name) === undefined).sort();
}

/** All that a pool asks of a host, as text. Hosts of one reader share their lists: each is looked through once. */
function keyOf(host: Host, listOf: (list: readonly string[]) => number): string {
  const { arch, vendor, virtType, model, grade, source, processor, physicalAddressLimit } = host;
  const { features, uncertain, silent, unnamed, properties, cpuMaps } = host;
  const { family, model: number, stepping, physicalAddressBits } = processor ?? {};
  const lists = [features, uncertain, silent, unnamed].map((list) =>
    list === undefined ? '' : listOf(list),
  );
  const facts = [arch, vendor, virtType, model, grade, source, family, number, stepping];
  const answers =
    Object.keys(properties).length === 0 ? '' : JSON.stringify(Object.entries(properties).sort());
  const maps = cpuMaps.map(({ version }) => version);
  return [...facts, physicalAddressBits, physicalAddressLimit, ...lists, answers, ...maps].join('\n');
}

/** A number for each list of names: the same for equal lists. */
function numbersOfLists(): (list: readonly string[]) => number {
  const byList = new Map<readonly string[], number>();
  const byNames = new Map<string, number>();
  return (list) => remembered(byList, list, () => remembered(byNames, list.join(' '), () => byNames.size));
}
