import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { worstGrade } from '../../cpu/grade.ts';
import { LibvirtXmlError, type ErrorPlace } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { sharedModels, sharedOffers } from './offers.ts';
import { renamedHost } from './xml.ts';

/** The hosts of one text as one host. @throws LibvirtXmlError for CPUs that can be no pool */
export function oneHost(hosts: readonly Host[], text: string, options: ParseHostOptions): Host {
  const [first] = hosts;
  if (first === undefined) throw new RangeError('a text with an element holds a host');
  if (hosts.length === 1) return first;
  const name = options.name ?? options.defaultName ?? 'host';
  return sharedHost(first, hosts, name, { text, offset: 0, file: options.file });
}

/** What all hosts of one text have; what only some have is uncertain, so that it can never be taken for common. */
function sharedHost(first: Host, hosts: readonly Host[], name: string, place: ErrorPlace): Host {
  refuseUnlike(hosts, name, place);
  const lists = [...new Set(hosts.map(({ features }) => features ?? []))];
  const sets = lists.map((list) => new Set(list));
  const known = hosts.every(({ features }) => features !== undefined);
  const all = [...new Set([...lists, ...new Set(hosts.map(({ uncertain }) => uncertain))].flat())].sort();
  const common = new Set(all.filter((feature) => sets.every((set) => set.has(feature))));
  const issues = hosts.flatMap((host) => renamedHost(host, name).issues);
  return frozen({
    ...renamedHost(first, name),
    vendor: hosts.find(({ vendor }) => vendor !== undefined)?.vendor,
    features: known ? [...common] : undefined,
    uncertain: all.filter((feature) => !common.has(feature)),
    grade: worstGrade(hosts),
    silent: [...new Set(hosts.flatMap(({ silent }) => silent))].filter((name) => !common.has(name)).sort(),
    cpuMaps: [...new Set(hosts.flatMap((host) => host.cpuMaps))],
    offers: sharedOffers(hosts.map(({ offers }) => offers)),
    ...sharedModels(hosts),
    issues: withoutRepeats(issues),
  });
}

function withoutRepeats(issues: Host['issues']): Host['issues'] {
  const messages = new Set<string>();
  return issues.filter(({ message }) => messages.size !== messages.add(message).size);
}

/** CPUs that can be no pool are no host either. */
function refuseUnlike(hosts: readonly Host[], name: string, place: ErrorPlace): void {
  const differ = (of: (host: Host) => string | undefined): boolean =>
    new Set(hosts.map(of).filter((value) => value !== undefined)).size > 1;
  const facts: readonly (readonly [string, (host: Host) => string | undefined])[] = [
    ['vendors', ({ vendor }) => vendor],
    ['architectures', ({ arch }) => arch],
    ['kinds of guest', ({ virtType }) => virtType],
    ['models', ({ features, model }) => (features?.length === 0 ? model : undefined)],
    ['properties', ({ properties }) => JSON.stringify(properties)],
  ];
  const found = facts.find(([, of]) => differ(of))?.[0];
  if (found === undefined) return;
  const hint = 'Give each host a file of its own.';
  throw new LibvirtXmlError('vendor-mismatch', `the CPUs of ${name} have different ${found}`, {
    ...place,
    hint,
  });
}
