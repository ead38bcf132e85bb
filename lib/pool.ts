import type { Host } from '../types/host.ts';
import type { PoolOptions } from '../types/options.ts';
import type { Pool } from '../types/pool.ts';
import { compared, PLAN_OPTIONS } from './check-pool.ts';
import { givenHostsAndTexts } from './cpu/given-hosts.ts';
import { gatePool } from './diff/gate/facts.ts';
import { checkOptions } from './diff/known-options.ts';
import { baselineCpu } from './diff/pool/baseline-cpu.ts';
import { lockBaseline } from './diff/pool/lock.ts';
import { settingsOf } from './diff/settings.ts';
import { rewriteIn, rewritePerHostIn, rewriteRecordedIn } from './guest.ts';
import { newHostReader } from './parser/host/host.ts';
import { frozenCopy } from './text/frozen.ts';
import { newLines } from './xml/lines.ts';

const POOL_OPTIONS: readonly string[] = ['read', 'accept', 'refuse'];
const REWRITE_OPTIONS: readonly string[] = ['read', 'record', ...PLAN_OPTIONS];
const PER_HOST_OPTIONS: readonly string[] = ['read', ...PLAN_OPTIONS];

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
  checkOptions(options, POOL_OPTIONS);
  const { read, ...judgement } = options;
  const reader = newHostReader();
  // A text may hold several hosts.
  const all = givenHostsAndTexts(hosts).flatMap((host, position) =>
    typeof host === 'string' ? reader.read(host, { name: `host-${position + 1}`, ...read }) : [host],
  );
  const { facts, given, judging } = compared(all, judgement);
  const { baseline } = judging;
  const lines = newLines();
  return Object.freeze<Pool>({
    ...judging,
    rewrite: (domainXml, asked = {}) => {
      checkOptions(asked, REWRITE_OPTIONS);
      const answer = asked.record === true ? rewriteRecordedIn : rewriteIn;
      return answer({ facts, lines }, domainXml, settingsOf(asked, given), asked.read);
    },
    rewritePerHost: (domainXml, asked = {}) => {
      checkOptions(asked, PER_HOST_OPTIONS);
      return rewritePerHostIn({ facts, lines }, domainXml, settingsOf(asked, given), asked.read);
    },
    model: (asked) => frozenCopy(baselineCpu(baseline.hosts, asked)),
    gate: (self) => frozenCopy(gatePool(baseline, self)),
    lock: () => frozenCopy(lockBaseline(baseline)),
  });
}
