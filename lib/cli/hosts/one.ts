import type { Host } from '../../../types/host.ts';
import { joinHosts } from '../../cpu/join.ts';
import { CommandError } from '../errors.ts';
import type { Arguments } from '../options/parse.ts';
import { noSuchHost } from './names.ts';

/** The one host that there is, or that `--for` names. */
export function oneHost(args: Arguments, given: readonly Host[]): Host {
  const hosts = joinHosts(given);
  const wanted = args.text('for');
  const names = hosts.map(({ name }) => name);
  const [host, another] = wanted === undefined ? hosts : hosts.filter(({ name }) => name === wanted);
  if (host === undefined) throw noSuchHost('--for', wanted ?? '', names);
  if (another !== undefined)
    throw new CommandError(
      'ambiguous-host',
      `${hosts.length} hosts are given: choose one with --for NAME (${names.join(', ')})`,
    );
  return host;
}
