import type { Pool } from '../../../types/pool.ts';
import { createPool } from '../../pool.ts';
import type { TextFile } from '../files/read.ts';
import { judgement } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { askHosts } from './live.ts';
import { readHosts } from './read.ts';
import { withVirtio } from './virtio.ts';

/** The pool of the hosts that the command line names; those that are URIs are asked, about guests like the domain. */
export async function poolOf(args: Arguments, terminal: Terminal, domain?: TextFile): Promise<Pool> {
  const answers = await askHosts(args, terminal, domain);
  const hosts = readHosts(args, terminal, args.texts('host'), answers);
  return createPool(withVirtio(args, terminal, hosts), judgement(args));
}
