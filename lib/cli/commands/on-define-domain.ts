import { createPool } from '../../pool.ts';
import { CommandError } from '../errors.ts';
import { refuseUnknownFloor, withSystem } from '../hosts/floor.ts';
import { hostsOf } from '../hosts/read.ts';
import { judgement, limits, planOptions } from '../options/library.ts';
import { statesHosts, type Arguments } from '../options/parse.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Where the image of a sidecar keeps its pool, unless it says otherwise. */
const HOSTS = '/etc/virt-migratable/hosts';

/**
 * KubeVirt's hook of that name: the domain's XML comes as an argument, and goes to standard output in full, changed or
 * not. Any other exit code than 0 fails the start of the virtual machine, and then nothing is printed.
 *
 * @see https://kubevirt.io/user-guide/user_workloads/hook-sidecar/
 */
export async function onDefineDomain(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const [vmi, xml] = [args.text('vmi'), args.text('domain')];
  if (vmi === undefined || xml === undefined)
    throw new CommandError('missing-argument', '--vmi JSON and --domain XML are both needed');
  const file = `<domain of ${vmiName(vmi)}>`;
  const hosts = await hostsOf(args, terminal, hostWords(args));
  refuseUnknownFloor(args.text('floor'), hosts);
  const pool = createPool(hosts, judgement(args));
  const result = pool.rewrite(xml, {
    read: { ...limits(args), file },
    ...withSystem(planOptions(args), systemOf(vmi)),
  });
  const { issues, plan } = result;
  tellIssues(issues, terminal, { path: file, text: xml });
  if (!result.ok) return exitCodeFor(issues);
  const off = plan.disable.map(({ feature }) => feature);
  const summary = off.length === 0 ? 'nothing has to be disabled' : `disabled: ${off.join(', ')}`;
  terminal.tell(words`${file}: ${summary}\n`);
  terminal.data(result.xml);
  return 0;
}

/** `namespace/name` of a VirtualMachineInstance, for messages. */
function vmiName(vmi: string): string {
  const { namespace, name } = metadataOf(vmi);
  return [namespace, name].filter((part) => typeof part === 'string').join('/');
}

interface Metadata {
  readonly namespace?: unknown;
  readonly name?: unknown;
  readonly annotations?: Readonly<Record<string, unknown>> | null;
}

function metadataOf(vmi: string): Metadata {
  try {
    const { metadata } = JSON.parse(vmi) as { readonly metadata?: Metadata | null };
    return metadata ?? {};
  } catch {
    throw new CommandError('bad-value', '--vmi is no JSON');
  }
}

/** What KubeVirt's templates say of the guest's system, which is not in the domain. */
function systemOf(vmi: string): string | undefined {
  const system = metadataOf(vmi).annotations?.['vm.kubevirt.io/os'];
  return typeof system === 'string' ? system : undefined;
}

/** Where the hosts are, if nothing is stated. */
function hostWords(args: Arguments): readonly string[] {
  return statesHosts(args) ? [] : [HOSTS];
}
