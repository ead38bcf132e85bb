import type { Host } from '../types/host.ts';
import type { PoolOptions, RewriteOptions } from '../types/options.ts';
import type { Pool } from '../types/pool.ts';
import type { XmlLimits } from '../types/xml.ts';
import { compared } from './check-pool.ts';
import { givenHostsAndTexts } from './cpu/given-hosts.ts';
import { gatePool } from './diff/gate/facts.ts';
import { baselineCpu } from './diff/pool/baseline-cpu.ts';
import { lockBaseline } from './diff/pool/lock.ts';
import { JUDGEMENT, PLAN, settingsOf } from './diff/settings.ts';
import { rewriteIn, rewritePerHostIn, rewriteRecordedIn } from './guest.ts';
import { FLAG, LIMIT, OBJECT, optionsOf, TEXT, type OptionKind, type OptionKinds } from './issues/options.ts';
import { newHostReader } from './parser/host/host.ts';
import { frozen } from './text/frozen.ts';
import { newLines } from './xml/lines.ts';

const POOL: OptionKinds<PoolOptions> = { read: OBJECT, ...JUDGEMENT };
const READ_HOSTS: Readonly<Record<'libvirtVersion' | keyof XmlLimits, OptionKind>> = {
  maxDepth: LIMIT,
  maxLength: LIMIT,
  libvirtVersion: TEXT,
};
/** How to rewrite a domain. */
export const REWRITE: OptionKinds<RewriteOptions> = { read: OBJECT, record: FLAG, ...PLAN };
const PER_HOST: OptionKinds<Omit<RewriteOptions, 'record'>> = { read: OBJECT, ...PLAN };

/**
 * Hosts compared once, to serve many domains. The pool keeps copies of what it was given, and all that it gives out is
 * frozen, so that nobody can change what the next domain is told.
 *
 * @param hosts two or more hosts, read already or as text (named `host-1`, `host-2` … by position).
 * @throws RangeError if no host is given; LibvirtXmlError for text that cannot be read, and for what is no host;
 * TypeError for an option that there is not.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const pool = createPool([host('kvm-a', 'avx2'), host('kvm-b', 'fpu')]);
 * const result = pool.rewrite("<domain type='kvm'><cpu mode='maximum'/></domain>");
 * result.ok && result.xml;
 * // → "<domain type='kvm'><cpu mode='maximum'><feature policy='disable' name='avx2'/></cpu></domain>"
 */
export function createPool(hosts: readonly (string | Host)[], options: PoolOptions = {}): Pool {
  const { read = {}, ...judgement } = optionsOf(options, POOL);
  const reading = optionsOf(read, READ_HOSTS, 'read');
  const reader = newHostReader();
  // A text may hold several hosts.
  const all = givenHostsAndTexts(hosts).flatMap((host, position) =>
    typeof host === 'string' ? reader.read(host, { name: `host-${position + 1}`, ...reading }) : [host],
  );
  const { facts, given, judging, kept } = compared(all, judgement);
  const { baseline } = judging;
  const lines = newLines();
  return Object.freeze<Pool>({
    ...judging,
    rewrite: (domainXml, asked = {}) => {
      const { read, record, ...plan } = optionsOf(asked, REWRITE);
      const answer = record === true ? rewriteRecordedIn : rewriteIn;
      return kept(answer({ facts, lines }, domainXml, settingsOf(plan, given), read), domainXml);
    },
    rewritePerHost: (domainXml, asked = {}) => {
      const { read, ...plan } = optionsOf(asked, PER_HOST);
      return rewritePerHostIn({ facts, lines }, domainXml, settingsOf(plan, given), read);
    },
    model: (asked) => frozen(baselineCpu(baseline.hosts, asked)),
    gate: (self) => frozen(gatePool(baseline, self)),
    lock: () => frozen(lockBaseline(baseline)),
  });
}
