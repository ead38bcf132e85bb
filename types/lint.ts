import type { Domain } from './domain.ts';
import type { Issue } from './issue.ts';
import type { ReadOptions } from './options.ts';

/** What is wrong with a domain, or worth knowing, whatever hosts it is for. */
export interface LintResult {
  /** No issue has severity `error`. */
  readonly ok: boolean;
  readonly issues: readonly Issue[];
  readonly domain: Domain;
}

/** Looks at domains without any host. */
export interface Linter {
  /** @throws LibvirtXmlError for input that cannot be read */
  readonly lint: (domainXml: string, options?: ReadOptions) => LintResult;
}
