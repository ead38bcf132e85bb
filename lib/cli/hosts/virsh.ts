import { CommandError } from '../errors.ts';
import { words } from '../terminal/words.ts';
import { publicUri, withoutUserInfo } from './names.ts';
import { outcomeOf, reasonIn, type Asking, type Program } from './program.ts';

const VIRSH: Program = { name: 'virsh', packages: 'Debian: libvirt-clients, Fedora: libvirt-client' };

/** How virsh says that there is no domain of a name, UUID or number. */
const NO_DOMAIN = /failed to get domain|Domain not found|no domain with matching/;

/** What the user's own virsh prints; a refusal is an error with the URI and virsh's words. */
export async function virsh(uri: string, args: readonly string[], asked: Asking): Promise<string> {
  asked.terminal.detail(words`run virsh -c ${publicUri(uri)} ${args.join(' ')}\n`);
  const outcome = await outcomeOf(VIRSH, ['-c', uri, ...args], asked);
  const { problem, code, out } = outcome;
  if (problem === undefined && code === 0) return out;
  const reason = problem?.message ?? `virsh ${args[0] ?? ''}: ${reasonIn(outcome)}`;
  const kind = problem?.code ?? (NO_DOMAIN.test(reason) ? 'not-found' : 'host-unreachable');
  throw new CommandError(kind, withoutUserInfo(`${publicUri(uri)}: ${reason}`, uri));
}
