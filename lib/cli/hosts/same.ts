import { contradictionOf } from '../../cpu/contradiction.ts';
import { joinHosts } from '../../cpu/join.ts';
import { groupedBy } from '../../text/remembered.ts';
import { realPath } from '../files/glob.ts';
import { CommandError } from '../errors.ts';
import type { HostSource, HostText } from './sources.ts';

/** One file is one host, under however many names. */
export function refuseSameFile(sources: readonly HostSource[]): void {
  const seen = new Map<string, string>();
  for (const { stated, kind, value } of sources) {
    if (kind !== 'file') continue;
    const path = realPath(value);
    const other = seen.get(path);
    const called = stated === undefined ? value : `${stated}=${value}`;
    if (other !== undefined)
      throw new CommandError(
        'ambiguous-host',
        `${other} and ${called} are the same file: one host, not two; give each host its own document, or use --same-host if they are clones`,
      );
    seen.set(path, called);
  }
}

/** Documents that were given one name are of one host, or the command line contradicts itself. */
export function refuseTwins(texts: readonly HostText[]): void {
  for (const [name, group] of groupedBy(texts, ({ source }) => source.stated)) {
    if (name === undefined || group.length < 2) continue;
    const joined = joinHosts(group.flatMap(({ hosts }) => hosts));
    const [first, second] = joined.filter((host) => host.name === name);
    if (first === undefined || second === undefined) continue;
    const found = contradictionOf(first, second);
    const why =
      found === undefined
        ? 'each of them is a whole host'
        : `they state unlike ${found.fact === 'uuid' ? 'UUIDs' : found.fact} (${found.values.join(', ')})`;
    const files = group.map(({ source }) => source.value).join(', ');
    throw new CommandError(
      'ambiguous-host',
      `${files} were all given as ${name}, and ${why}: give each host a NAME of its own`,
    );
  }
}
