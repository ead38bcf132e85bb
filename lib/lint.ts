import type { Domain } from '../types/domain.ts';
import type { Host } from '../types/host.ts';
import type { Issue, IssueFactsByCode } from '../types/issue.ts';
import type { Linter, LintResult } from '../types/lint.ts';
import type { ReadOptions } from '../types/options.ts';
import type { Pool } from '../types/pool.ts';
import { X86 } from './cpu/arches.ts';
import { preferredMachine } from './cpu/preferred-machine.ts';
import { candidateMaps } from './cpu/bundled.ts';
import { isListed } from './diff/cpu/changes.ts';
import { libraryOption, reworded } from './issues/format.ts';
import { hasErrors, issuesIn } from './issues/issues.ts';
import { hostFromFeatures } from './parser/host/from-features.ts';
import { createPool } from './pool.ts';
import { frozen } from './text/frozen.ts';

const ANY = 'any host';
/** A pool has two hosts; what both of them say, any host says. */
const NAMES: readonly string[] = [ANY, 'any other host'];

/** Findings about the hosts, whom nobody named. */
const ABOUT_HOSTS: ReadonlySet<string> = new Set<Issue['code']>([
  'arch-mismatch',
  'inferred-libvirt-version',
  'nested-virtualisation',
]);

/** Machine types that stand for the newest of their family that a host has. */
const ALIASES: ReadonlySet<string> = new Set(['pc', 'q35', 'microvm', 'virt', 'pseries', 's390-ccw-virtio']);

/**
 * Looks at domains without any host: for what libvirt or QEMU would refuse wherever the guest runs, what keeps it from
 * moving, and what depends on its host.
 *
 * @example
 * const { lint } = createLinter();
 * lint("<domain type='kvm'><cpu mode='host-passthrough' migratable='off'/></domain>").issues.map(({ code }) => code);
 * // → ['not-migratable', 'cpu-follows-host']
 */
export function createLinter(): Linter {
  const pool = imaginedPool();
  return Object.freeze({ lint: (xml: string, read: ReadOptions = {}) => lintIn(pool, xml, read) });
}

/** Two hosts that have all that the newest libvirt we know of knows: what is wrong there is wrong everywhere. */
export function imaginedPool(): Pool {
  const cpuMap = candidateMaps({ from: '0.0.0', to: '999.0.0' }).at(-1);
  const features = cpuMap?.features.map(({ name }) => name) ?? [];
  return createPool(
    NAMES.map((name): Host => hostFromFeatures({ name, features, ...(cpuMap && { cpuMap }) })),
  );
}

/** What a linter says, by its pool. @throws LibvirtXmlError for input that cannot be read */
export function lintIn(pool: Pool, xml: string, read: ReadOptions): LintResult {
  const { domain, issues: found } = pool.check(xml, { read });
  const issues = frozen([
    ...found.filter(({ code }) => !ABOUT_HOSTS.has(code)).map(ofAnyHost),
    ...dependentIssues(domain),
  ]);
  return Object.freeze({ ok: !hasErrors(issues), issues, domain });
}

/** The same finding about any host, where it names both. */
function ofAnyHost(found: Issue): Issue {
  const entries = Object.entries(found) as readonly (readonly [string, unknown])[];
  const facts = entries.map(([key, value]) => [key, isBoth(value) ? [ANY] : value]);
  return reworded(Object.fromEntries(facts) as Issue, libraryOption);
}

function isBoth(value: unknown): boolean {
  return Array.isArray(value) && value.length === NAMES.length && NAMES.every((name) => value.includes(name));
}

/** What is one thing on one host and another on the next. */
function dependentIssues(domain: Domain): readonly Issue[] {
  const { text, cpu, osType, arch = 'x86_64' } = domain;
  const issueAt = issuesIn(text);
  const follows = cpu !== undefined && !isListed(cpu) && X86.has(arch);
  const mode = cpu?.mode === 'custom' ? 'match="minimum"' : `mode="${cpu?.mode ?? ''}"`;
  const machine = unversioned(domain);
  return [
    ...(machine === undefined ? [] : [issueAt('machine-unversioned', osType, machine)]),
    ...(follows ? [issueAt('cpu-follows-host', cpu.startTag, { mode })] : []),
  ];
}

function unversioned({
  machine: stated,
  osType,
  arch = 'x86_64',
  type,
}: Domain): IssueFactsByCode['machine-unversioned'] | undefined {
  if (stated !== undefined) return ALIASES.has(stated) ? { machine: stated } : undefined;
  const machine = osType === undefined ? undefined : preferredMachine(arch, type);
  return machine === undefined ? undefined : { machine, unstated: true };
}
