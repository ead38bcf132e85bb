// What a page needs that compares hosts and judges guests: no writer, no parser of other XML, no division into pools.
export { createCheckPool } from './check-pool.ts';
export { consequenceOf } from './cpu/facts/consequences.ts';
export { planDomain } from './diff/plan.ts';
export { diffHosts, mergeBaselines } from './diff/pool/baseline.ts';
export { baselineLevels } from './diff/pool/levels.ts';
export { formatIssue } from './issues/format.ts';
export { hasErrors, isLibvirtXmlError, LibvirtXmlError } from './issues/issues.ts';
export { parseDomain } from './parser/domain/domain.ts';
export { parseHost, parseHosts } from './parser/host/libvirt-host.ts';
