import type {
  DisableResult,
  RewriteDomainsResult,
  RewriteResult,
  Rewritten,
  RewrittenPart,
} from '../types/plan.ts';
import type { Host } from '../types/host.ts';
import type { PoolOptions, ReadOptions, RewriteOptions } from '../types/options.ts';
import { givenHost } from './cpu/given-hosts.ts';
import { givenNames } from './cpu/names.ts';
import { isWanted, linesTo, takesFeatures } from './diff/cpu/changes.ts';
import { asList, asObject } from './issues/given.ts';
import { issue, issuesIn } from './issues/issues.ts';
import { optionsOf, READ, TEXT, type OptionKind } from './issues/options.ts';
import { parseDomain } from './parser/domain/domain.ts';
import { parseHosts } from './parser/host/host.ts';
import { createPool, REWRITE } from './pool.ts';
import { applyEdits } from './text/edit.ts';
import { editsFor } from './writer/edits.ts';

/** Options of one call: those of the pool and those of the domain. */
export interface RewriteDomainOptions extends Omit<RewriteOptions, 'read'> {
  /** How to read the domain, and hosts given as text. */
  readonly read?: ReadOptions & PoolOptions['read'];
}

/**
 * A domain made migratable among hosts, in one call: every feature that not all of them have is disabled. For many
 * domains, `createPool` compares the hosts once.
 *
 * @param domainXml output of `virsh dumpxml`.
 * @param hosts two or more hosts, read already or as text (named `host-1`, `host-2` … by position).
 * @returns the shared form, each host's own form, and why; or, where an issue has severity `error`, why not.
 * @throws LibvirtXmlError for input that cannot be read.
 * @example
 * const host = (name, features) => hostFromFeatures({ name, features: ['fpu', ...features], libvirtVersion: '9.0.0' });
 * const hosts = [host('A', ['pcid', 'stibp']), host('B', ['taa-no'])];
 * const result = rewriteDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>", hosts);
 * result.ok && qemuCpuArgument(parseDomain(result.forHost('A').xml)); // → 'host,pcid=off,stibp=off'
 * result.ok && qemuCpuArgument(parseDomain(result.forHost('B').xml)); // → 'host,taa-no=off'
 */
export function rewriteDomain(
  domainXml: string,
  hosts: readonly (string | Host)[],
  asked: RewriteDomainOptions = {},
): RewriteResult {
  const { ofHosts, ofDomains } = checked(asked);
  return createPool(hosts, { read: ofHosts }).rewrite(domainXml, ofDomains);
}

/**
 * Several domains made migratable among their hosts: "both domains" of a migration, the source's definition and the
 * one prepared on the destination. All get the same baseline; each part has its own host's form as `own`.
 *
 * @throws LibvirtXmlError for input that cannot be read.
 * @example
 * const host = (name, feature) => hostFromFeatures({ name, features: ['fpu', feature], libvirtVersion: '9.0.0' });
 * const domain = "<domain type='kvm'><cpu mode='host-passthrough'/></domain>";
 * const result = rewriteDomains([{ domain, host: host('a', 'pcid') }, { domain, host: host('b', 'taa-no') }]);
 * result.ok && result.parts.map(({ own }) => qemuCpuArgument(parseDomain(own))); // → ['host,pcid=off', 'host,taa-no=off']
 */
export function rewriteDomains(
  parts: readonly { readonly domain: string; readonly host: string | Host }[],
  asked: RewriteDomainOptions = {},
): RewriteDomainsResult {
  const { ofHosts, ofDomains } = checked(asked);
  const copies = new Map<unknown, unknown>();
  const given = asList(parts, 'parts').map((part, i) => asObject(part, `parts[${i}]`));
  const hosts = distinctlyNamed(
    given.map(({ host }, i) =>
      typeof host === 'string'
        ? parseHosts(host, { name: `host-${i + 1}`, ...ofHosts })
        : [givenHost(host, `parts[${i}].host`, copies)],
    ),
  );
  const pool = createPool(hosts.flat());
  const results = given.map(({ domain }) => pool.rewrite(domain, ofDomains));
  const all = results.flatMap(({ issues }) => issues);
  const issues = all.filter((found, i) => all.findIndex(({ message }) => message === found.message) === i);
  const rewritten = results.flatMap((result, i) => {
    const host = hosts[i]?.[0]?.name ?? '';
    return result.ok ? [partOf(result, host)] : [];
  });
  return rewritten.length < parts.length ? { ok: false, issues } : { ok: true, parts: rewritten, issues };
}

/** The same result beside the host that its domain was given for. */
function partOf(result: Rewritten, host: string): RewrittenPart {
  const { issues, shared, forHost } = result;
  return Object.freeze({
    ...result,
    issues,
    shared,
    forHost,
    host,
    own: forHost(host).xml,
    get domain() {
      return result.domain;
    },
    get perHost() {
      return result.perHost;
    },
    toJSON: () => result.toJSON(),
  });
}

const READ_BOTH: Readonly<Record<'libvirtVersion' | keyof ReadOptions, OptionKind>> = {
  ...READ,
  libvirtVersion: TEXT,
};

/** What was asked, checked once: how to read hosts, and how to read and rewrite domains. */
function checked(asked: RewriteDomainOptions): {
  readonly ofHosts: NonNullable<PoolOptions['read']>;
  readonly ofDomains: RewriteOptions;
} {
  const { read = {}, ...options } = optionsOf<RewriteDomainOptions>(asked, REWRITE);
  const { file, libvirtVersion, ...limits } = optionsOf(read, READ_BOTH, 'read');
  return {
    ofHosts: { ...limits, ...(libvirtVersion !== undefined && { libvirtVersion }) },
    ofDomains: { ...options, read: { ...limits, ...(file !== undefined && { file }) } },
  };
}

/**
 * The writer on its own: `<feature policy='disable'/>` for these names in a domain, nothing else changed. A textual
 * edit: names are checked against libvirt's pattern only, whatever the architecture.
 *
 * @returns the text unchanged, and an issue, when the domain requires one of the features or has no CPU that may
 * carry features.
 * @throws LibvirtXmlError for input that cannot be read; RangeError for a name libvirt's pattern does not allow.
 * @example
 * disableFeatures("<domain type='kvm'><cpu mode='maximum'/></domain>", ['avx2']).xml;
 * // → "<domain type='kvm'><cpu mode='maximum'><feature policy='disable' name='avx2'/></cpu></domain>"
 */
export function disableFeatures(
  domainXml: string,
  names: readonly string[],
  options: ReadOptions = {},
): DisableResult {
  const given = givenNames(names);
  const domain = parseDomain(domainXml, options);
  const { cpu } = domain;
  const unchanged = { xml: domainXml, edits: [] };
  if (!takesFeatures(cpu))
    return { ...unchanged, issues: [issue('no-cpu-model', { hasCpu: domain.cpu !== undefined })] };
  const conflicts = cpu.features.filter((feature) => isWanted(feature) && given.includes(feature.name));
  if (conflicts.length > 0) {
    const issueAt = issuesIn(domainXml);
    const issues = conflicts.map(({ name, policy, span }) =>
      issueAt('policy-conflict', span, { feature: name, policy, cause: 'request' }),
    );
    return { ...unchanged, issues };
  }
  const edits = editsFor(domain, linesTo(cpu, [...new Set(given)].sort(), 'disable'));
  return { xml: applyEdits(domainXml, edits), edits, issues: [] };
}

/** Each part's hosts; where another machine has the name already, numbered, so that a part finds its own form. */
function distinctlyNamed(groups: readonly (readonly Host[])[]): readonly (readonly Host[])[] {
  const taken = new Map<string, Host>();
  return groups.map((group) =>
    group.map((host) => {
      let name = host.name;
      for (let number = 2; taken.has(name) && taken.get(name) !== host; number++)
        name = `${host.name}#${number}`;
      taken.set(name, host);
      return name === host.name ? host : { ...host, name };
    }),
  );
}
