import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { gatePool } from '../../lib/diff/gate/facts.ts';
import type { GatePool, GateVerdict } from '../../types/gate.ts';
import type { Host } from '../../types/host.ts';
import { told } from './findings.ts';

/** The pool of these hosts, as the gate on one of them reads it from its file. */
export function poolOf(hosts: readonly Host[], self: string): GatePool {
  return JSON.parse(JSON.stringify(gatePool(diffHosts(hosts), self))) as GatePool;
}

/** What is decided, and every reason, in one line. */
export function said({ decision, issues }: GateVerdict): string {
  return [decision, ...told(issues)].join('; ');
}
