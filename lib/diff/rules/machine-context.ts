import type { Issue, IssueFactsByCode, Severity } from '../../../types/issue.ts';
import { remembered } from '../../text/remembered.ts';
import type { Case } from '../case.ts';
import { resolve, type Resolved } from './machine-types.ts';

/** domcapabilities hold for the machine type they were asked for. */
export function contextIssues(guest: Case, resolved: readonly Resolved[], machine: string): readonly Issue[] {
  const asked = new Map<string, { readonly expected: string; readonly hosts: string[] }>();
  for (const { host, machine: own, missing } of resolved) {
    const received = host.machine;
    const expected = own ?? machine;
    if (missing || received === undefined || resolve(host, received, guest).machine === expected) continue;
    remembered(asked, `${received} ${expected}`, () => ({ expected, hosts: [] })).hosts.push(host.name);
  }
  return [...asked].map(([key, { expected, hosts }]) =>
    contextIssue(guest, hosts, { about: 'machine', domain: expected, asked: key.split(' ')[0] ?? '' }),
  );
}

/** An i686 guest runs on an x86_64 host, with another emulator, whose CPU has less: disabling the rest does no harm. */
export function archIssues(guest: Case): readonly Issue[] {
  const { arch } = guest.domain;
  if (arch !== 'i686') return [];
  const foreign = guest.pool.hosts.filter(
    (host) => host.source === 'domcapabilities' && host.arch !== undefined && host.arch !== arch,
  );
  if (foreign.length === 0) return [];
  const names = foreign.map(({ name }) => name);
  const context = { about: 'arch', domain: arch, asked: foreign[0]?.arch ?? '' } as const;
  return [contextIssue(guest, names, context, 'warning')];
}

/** Domcapabilities were asked for something else than the guest is. */
export function contextIssue(
  guest: Case,
  hosts: readonly string[],
  context: Pick<IssueFactsByCode['context-mismatch'], 'about' | 'domain' | 'asked'>,
  severity: Severity = 'error',
): Issue {
  const { domain, settings, issueAt } = guest;
  const isAccepted = settings.accept.has('other-machine');
  const weight = isAccepted ? 'warning' : severity;
  const option = !isAccepted && context.about === 'machine' && ({ option: 'other-machine' } as const);
  const facts = { ...context, hosts, command: commandFor(guest), ...option };
  return issueAt('context-mismatch', domain.osType, facts, weight);
}

/** What to run on a host to learn what this guest would get there. */
function commandFor({ domain, pool: { hosts } }: Case): string {
  const { type = 'kvm', arch, machine, emulator } = domain;
  const foreign = arch !== undefined && hosts.some((host) => host.arch !== arch);
  const special = emulator !== undefined && hosts.some((host) => host.emulator !== emulator);
  return [
    `virsh domcapabilities --virttype ${type}`,
    ...(foreign ? [`--arch ${arch}`] : []),
    ...(machine === undefined ? [] : [`--machine ${machine}`]),
    ...(special ? [`--emulatorbin ${emulator}`] : []),
  ].join(' ');
}
