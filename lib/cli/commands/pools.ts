import type { Host } from '../../../types/host.ts';
import { domainsIn } from '../guests/domains.ts';
import { planOf } from '../hosts/plan.ts';
import { hostsOf } from '../hosts/read.ts';
import type { Arguments } from '../options/parse.ts';
import { formatOf, printed } from '../report/formats.ts';
import { poolsTable, poolsText } from '../report/pools.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import { printLines } from '../terminal/pieces.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { lines } from '../terminal/words.ts';

/** Says which hosts belong together, what each costs the others, and whom to leave out. */
export async function pools(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const hosts = await hostsOf(args, terminal, args.positionals);
  const joining = await joiningHosts(args, terminal);
  const guests = domainsIn(args.texts('with-guests'), args, terminal).map(({ domain }) => domain);
  const plan = planOf(args, hosts, { guests, joining });
  tellIssues(plan.issues, terminal);
  const result = { facts: () => ({ command: 'pools', ...plan }) as const, table: () => poolsTable(plan) };
  if (!printed(format, result, terminal))
    printLines(
      poolsText(plan).map((line) => fitted(lines(line), terminal.width(), 4).text),
      (text) => {
        terminal.out(lines(text));
      },
    );
  return exitCodeFor(plan.issues);
}

/** The hosts of `--join`, read as any other. */
async function joiningHosts(args: Arguments, terminal: Terminal): Promise<readonly Host[]> {
  const words = args.texts('join');
  if (words.length === 0) return [];
  const others: Arguments = {
    ...args,
    positionals: words,
    texts: (name) => (name === 'host' || name === 'hosts' ? [] : args.texts(name)),
  };
  return hostsOf(others, terminal, words);
}
