import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createPool } from '../../pool.ts';
import { judgement, limits, planOptions, readHosts, type Arguments } from '../arguments.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

/** Where the image of a sidecar keeps its pool, unless it says otherwise. */
const HOSTS = '/etc/virt-migratable/hosts';

/**
 * KubeVirt's hook of that name: the domain's XML comes as an argument, and goes to standard output in full, changed or
 * not. Any other exit code than 0 fails the start of the virtual machine, and then nothing is printed.
 *
 * @see https://kubevirt.io/user-guide/user_workloads/hook-sidecar/
 */
export function onDefineDomain(args: Arguments, terminal: Terminal): 0 | 1 | 2 {
  const [vmi, xml] = [args.text('vmi'), args.text('domain')];
  if (vmi === undefined || xml === undefined)
    throw new UsageError('--vmi JSON and --domain XML are both needed');
  if (args.positionals.length > 0) throw new UsageError(`what is "${args.positionals[0] ?? ''}"?`);
  const file = `<domain of ${nameOf(vmi)}>`;
  const pool = createPool(readHosts(args, terminal, hostWords(args)), judgement(args));
  const result = pool.rewrite(xml, { read: { ...limits(args), file }, ...planOptions(args) });
  const { issues, plan } = result;
  tellIssues(issues, terminal, { path: file, text: xml });
  if (!result.ok) return exitCodeFor(issues);
  const off = plan.disable.map(({ feature }) => feature);
  terminal.err(`${file}: ${off.length === 0 ? 'nothing has to be off' : `off: ${off.join(', ')}`}\n`);
  terminal.out(result.xml);
  return 0;
}

/** `namespace/name` of a VirtualMachineInstance, to be told in messages. */
function nameOf(vmi: string): string {
  try {
    const { metadata } = JSON.parse(vmi) as { readonly metadata?: Readonly<Record<string, unknown>> };
    return [metadata?.['namespace'], metadata?.['name']].filter((part) => typeof part === 'string').join('/');
  } catch {
    throw new UsageError('--vmi is no JSON');
  }
}

/** The hosts said, or else every file of a directory, each named as its host. */
function hostWords(args: Arguments): readonly string[] {
  const words = args.texts('host');
  if (words.length > 0) return words;
  const directory = args.text('hosts') ?? process.env['VIRT_MIGRATABLE_HOSTS'] ?? HOSTS;
  const names = namesIn(directory).filter((name) => name.endsWith('.xml') && !name.startsWith('.'));
  if (names.length === 0) throw new UsageError(`${directory} holds no host (NAME.xml)`);
  return names.sort().map((name) => join(directory, name));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    throw new UsageError(`cannot read the directory of hosts ${directory}`);
  }
}
