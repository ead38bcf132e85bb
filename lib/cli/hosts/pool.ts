import type { Pool } from '../../../types/pool.ts';
import type { Host } from '../../../types/host.ts';
import { createPool } from '../../pool.ts';
import { closest, guess } from '../../text/distance.ts';
import { CommandError } from '../errors.ts';
import type { TextFile } from '../files/read.ts';
import { judgement } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { refuseUnknownFloor } from './floor.ts';
import { hostsOf } from './read.ts';
import { withVirtio } from './virtio.ts';

/** The pool of the hosts that the command line names, and of these; URIs are asked about guests like the domain. */
export async function poolOf(
  args: Arguments,
  terminal: Terminal,
  domain?: TextFile,
  alsoHosts: readonly string[] = [],
): Promise<Pool> {
  const hosts = await hostsOf(args, terminal, alsoHosts, domain);
  refuseUnknownModel(args.text('model'), hosts);
  refuseUnknownFloor(args.text('floor'), hosts);
  return createPool(withVirtio(args, terminal, hosts), judgement(args));
}

/** A model that no x86 host's libvirt knows is a slip; the CPU maps have no others that a domain can name. */
function refuseUnknownModel(model: string | undefined, hosts: readonly Host[]): void {
  if (model === undefined || hosts.some(({ arch }) => arch !== 'x86_64')) return;
  const maps = new Set(hosts.flatMap(({ cpuMaps }) => cpuMaps));
  const names = [...new Set([...maps].flatMap(({ models }) => models.map(({ name }) => name)))];
  if (names.includes(model)) return;
  const reason = `--model: libvirt on no host knows the CPU model "${model}"`;
  throw new CommandError('bad-value', `${reason}${guess(closest(model, names))}`);
}
