import { createPool } from '../../lib/pool.ts';
import { rewriteDomain, type RewriteDomainOptions } from '../../lib/rewrite.ts';
import type { Baseline } from '../../types/baseline.ts';
import type { Host } from '../../types/host.ts';
import type { RewriteResult } from '../../types/plan.ts';

/** A rewrite as texts: a domain that is refused stays the text that was given, in every form. */
export interface RewriteView {
  readonly ok: boolean;
  readonly shared: string;
  readonly perHost: Readonly<Record<string, string>>;
  readonly changed: boolean;
  readonly baseline: Baseline;
  readonly plan: RewriteResult['plan'];
  readonly issues: RewriteResult['issues'];
  readonly domain: RewriteResult['domain'];
  readonly recorded: Extract<RewriteResult, { readonly ok: true }>['recorded'];
}

/** What rewriting a domain for hosts comes to. */
export function rewriteView(
  domainXml: string,
  hosts: readonly (string | Host)[],
  options?: RewriteDomainOptions,
): RewriteView {
  const result = rewriteDomain(domainXml, hosts, options);
  const { plan, issues, domain } = result;
  const { baseline } = createPool(hosts);
  if (result.ok) {
    const { xml, perHost, changed, recorded } = result;
    return { ok: true, baseline, shared: xml, perHost, changed, plan, issues, domain, recorded };
  }
  const perHost = Object.fromEntries(Object.keys(plan.perHost).map((host) => [host, domainXml]));
  return {
    ok: false,
    baseline,
    shared: domainXml,
    perHost,
    changed: false,
    plan,
    issues,
    domain,
    recorded: undefined,
  };
}
