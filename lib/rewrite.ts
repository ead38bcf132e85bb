import type { Baseline } from '../types/baseline.ts';
import type { DiffOptions, ReadOptions, RewriteOptions } from '../types/options.ts';
import type { Domain } from '../types/domain.ts';
import type { Host } from '../types/host.ts';
import type {
  DisableResult,
  DomainChange,
  DomainPlan,
  RewriteDomainsResult,
  RewriteResult,
} from '../types/plan.ts';
import { FEATURE_NAME } from './cpu/names.ts';
import { changesFor, isWanted, noCpuIssue, takesFeatures } from './diff/cpu/changes.ts';
import { diffHosts } from './diff/pool/baseline.ts';
import { planDomain } from './diff/plan.ts';
import { finderIn } from './diff/finder.ts';
import { NO_CHANGES } from './diff/pool/visible.ts';
import { hasErrors } from './issues/issues.ts';
import { parseDomain } from './parser/domain/domain.ts';
import { parseHosts } from './parser/host/host.ts';
import { isSame, placedInOriginal, recordPlan, undoRecorded } from './record/record.ts';
import { applyEdits } from './text/edit.ts';
import { editsFor } from './writer/edits.ts';

/**
 * A domain made migratable among hosts, in one call: every feature that not all of them have is disabled.
 *
 * @param domainXml output of `virsh dumpxml`.
 * @param hosts two or more hosts, read already or as XML (named `host-1`, `host-2` … by position).
 * @returns the shared form, each host's own form, and why; the text unchanged where an issue has severity `error`.
 * @throws LibvirtXmlError for input that cannot be read.
 * @example
 * const host = (name, features) => parseHost(
 *   `<cpu><arch>x86_64</arch><model>486</model>${features.map((f) => `<feature name='${f}'/>`).join('')}</cpu>`,
 *   { name, libvirtVersion: '9.0.0' },
 * );
 * const hosts = [host('A', ['pcid', 'stibp']), host('B', ['taa-no'])];
 * const { perHost } = rewriteDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>", hosts);
 * qemuCpuArgument(parseDomain(perHost.A)); // → 'host,pcid=off,stibp=off'
 * qemuCpuArgument(parseDomain(perHost.B)); // → 'host,taa-no=off'
 */
export function rewriteDomain(
  domainXml: string,
  hosts: readonly (string | Host)[],
  options: RewriteOptions = {},
): RewriteResult {
  return rewriteFor(domainXml, baselineOf(readHosts(hosts, options), options), options);
}

/**
 * Several domains made migratable among their hosts: "both domains" of a migration, the source's definition and the
 * one prepared on the destination. All get the same baseline; each part has its own host's form as `own`.
 *
 * @throws LibvirtXmlError for input that cannot be read.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const domain = "<domain type='kvm'><cpu mode='host-passthrough'/></domain>";
 * const { parts } = rewriteDomains([{ domain, host: host('a', 'pcid') }, { domain, host: host('b', 'taa-no') }]);
 * parts.map((part) => qemuCpuArgument(parseDomain(part.own))); // → ['host,pcid=off', 'host,taa-no=off']
 */
export function rewriteDomains(
  parts: readonly { readonly domain: string; readonly host: string | Host }[],
  options: RewriteOptions = {},
): RewriteDomainsResult {
  const hosts = distinctlyNamed(parts.map(({ host }, i) => hostsOf(host, i, options)));
  const baseline = baselineOf(hosts.flat(), options);
  const rewritten = parts.map(({ domain }, i) => {
    const host = hosts[i]?.[0]?.name ?? '';
    const result = rewriteFor(domain, baseline, options);
    return { ...result, host, own: result.perHost[host] ?? result.shared };
  });
  const issues = rewritten.flatMap((part) => part.issues);
  const blocked = hasErrors(issues);
  return {
    parts: blocked
      ? rewritten.map((part, i) => {
          const text = parts[i]?.domain ?? part.domain.text;
          return { ...part, shared: text, own: text, changed: false };
        })
      : rewritten,
    baseline,
    issues: issues.filter((found, i) => issues.findIndex(({ message }) => message === found.message) === i),
    changed: !blocked && rewritten.some(({ changed }) => changed),
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
  const wrong = names.find((name) => !FEATURE_NAME.test(name));
  if (wrong !== undefined) throw new RangeError(`"${wrong}" cannot be the name of a CPU feature`);
  const domain = parseDomain(domainXml, options);
  const { cpu } = domain;
  if (!takesFeatures(cpu)) return { xml: domainXml, edits: [], issues: [noCpuIssue(domain.cpu)] };
  const conflicts = cpu.features.filter((feature) => isWanted(feature) && names.includes(feature.name));
  if (conflicts.length > 0) {
    const found = finderIn(domainXml);
    const issues = conflicts.map(({ name, policy, span }) =>
      found('policy-conflict', span, { feature: name, policy, hosts: ['the request'] }),
    );
    return { xml: domainXml, edits: [], issues };
  }
  const edits = editsFor(domain, changesFor(cpu, sortedOnce(names)));
  return { xml: applyEdits(domainXml, edits), edits, issues: [] };
}

/** The list of the last call: who disables the same features in many domains gets the same lines, made once. */
let latestList: readonly string[] = [];

function sortedOnce(names: readonly string[]): readonly string[] {
  const sorted = [...new Set(names)].sort();
  const isKnown = sorted.length === latestList.length && sorted.every((name, i) => name === latestList[i]);
  if (!isKnown) latestList = sorted;
  return latestList;
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

function rewriteFor(domainXml: string, baseline: Baseline, options: RewriteOptions): RewriteResult {
  const domain = parseDomain(domainXml, options);
  if (options.record === true) return rewriteRecorded(domain, baseline, options);
  const plan = planDomain(domain, baseline, options);
  const { shared, perHost } = formsOf(baseline, plan, (changes) =>
    applyEdits(domainXml, editsFor(domain, changes)),
  );
  return { shared, perHost, baseline, domain, plan, issues: plan.issues, changed: shared !== domainXml };
}

/** Plans anew from what the domain was before the last rewrite; a form that says the same again stays as it is. */
function rewriteRecorded(original: Domain, baseline: Baseline, options: RewriteOptions): RewriteResult {
  const undone = undoRecorded(original, options);
  const { domain } = undone;
  const { plan, recordOf } = recordPlan(domain, planDomain(domain, baseline, options));
  const issues = placedInOriginal(plan.issues, undone.edits, original.text);
  const blocked = hasErrors(issues);
  const { shared, perHost } = formsOf(baseline, plan, (changes) =>
    blocked || isSame(undone, recordOf(changes))
      ? original.text
      : applyEdits(domain.text, editsFor(domain, changes)),
  );
  return {
    ...{ shared, perHost, baseline, domain, issues },
    plan: { ...plan, issues },
    recorded: { before: undone.standing, after: blocked ? undone.recorded : recordOf(plan.shared) },
    changed: shared !== original.text,
  };
}

/** A property like any other, for the name that means something else in an assignment. */
const PROPERTY = { enumerable: true, configurable: true, writable: true };

/** All forms of a plan. Hosts with the same changes have the same one: a fleet of thousands has only a few. */
function formsOf(
  { hosts }: Baseline,
  plan: DomainPlan,
  write: (changes: readonly DomainChange[]) => string,
): Pick<RewriteResult, 'shared' | 'perHost'> {
  const shared = write(plan.shared);
  const forms = new Map<readonly DomainChange[], string>();
  const perHost: Record<string, string> = {};
  for (const { name } of hosts) {
    const changes = plan.perHost[name] ?? NO_CHANGES;
    const form = changes === plan.shared ? shared : (forms.get(changes) ?? write(changes));
    if (changes !== plan.shared) forms.set(changes, form);
    if (name === '__proto__') Object.defineProperty(perHost, name, { ...PROPERTY, value: form });
    else perHost[name] = form;
  }
  return { shared, perHost };
}

function readHosts(hosts: readonly (string | Host)[], options: RewriteOptions): readonly Host[] {
  if (hosts.every((host) => typeof host !== 'string')) return hosts;
  return hosts.flatMap((host, i) => hostsOf(host, i, options));
}

function hostsOf(
  host: string | Host,
  position: number,
  { libvirtVersion, maxDepth, maxLength }: RewriteOptions,
): readonly Host[] {
  if (typeof host !== 'string') return [host];
  const limits = {
    ...(maxDepth !== undefined && { maxDepth }),
    ...(maxLength !== undefined && { maxLength }),
  };
  return parseHosts(host, {
    name: `host-${position + 1}`,
    ...(libvirtVersion !== undefined && { libvirtVersion }),
    ...limits,
  });
}

/** The last pool's baseline: one pool serves many domains, and comparing its hosts costs more than a domain does. */
let latest:
  { readonly hosts: readonly Host[]; readonly strict: boolean; readonly baseline: Baseline } | undefined;

function baselineOf(hosts: readonly Host[], { strict = false }: DiffOptions): Baseline {
  const known = latest;
  if (
    known?.strict === strict &&
    known.hosts.length === hosts.length &&
    hosts.every((host, i) => host === known.hosts[i])
  ) {
    return known.baseline;
  }
  latest = { hosts, strict, baseline: diffHosts(hosts, { strict }) };
  return latest.baseline;
}
