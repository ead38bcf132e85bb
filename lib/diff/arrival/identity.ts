import type { BaselineHost } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import { globalSwitches } from '../../cpu/cpu-argument.ts';
import { COMMON_SIGNATURE, emulatedSignature } from '../../cpu/facts/qemu-max.ts';
import { knownQemuVersion } from '../../cpu/qemu-properties.ts';
import { issue } from '../../issues/issues.ts';
import { NOTHING, type CpuCase } from '../case.ts';
import { kindsBy, type Kinds } from '../pool/kinds.ts';
import { driverOf } from './arguments.ts';

/** That QEMU's own CPU is another one in each version of it, where the guest sees which. */
export function emulatedIssues(c: CpuCase): readonly Issue[] {
  if (!showsSignature(c)) return NOTHING.issues;
  const signatures = [...c.pool.ask(signaturesOf)].map(([signature, hosts]) => ({ signature, hosts }));
  return signatures.length < 2 ? [] : [issue('emulated-cpu-differs', { signatures, option: 'onArrival' })];
}

/** What states family, model and stepping to QEMU, where its hosts would show the guest different ones. */
export function identityArguments(c: CpuCase): readonly string[] {
  if (!showsSignature(c)) return [];
  const [one, ...others] = c.pool.ask(signaturesOf).values();
  const isSame = others.length === 0 && one?.length === c.pool.names.length;
  const stated = isSame ? [] : Object.entries(COMMON_SIGNATURE);
  return stated.map(([property, value]) => `${driverOf(c.cpu.mode)}.${property}=${value}`);
}

/** Does the guest see what QEMU's emulated CPU says it is, because nobody has said otherwise? */
function showsSignature({ cpu, domain }: CpuCase): boolean {
  if (domain.type !== 'qemu' || cpu.mode !== 'maximum') return false;
  const driver = driverOf(cpu.mode);
  const isStated = globalSwitches(domain.commandLine).some(
    (one) => one.driver === driver && one.property === 'family',
  );
  return !isStated;
}

function signaturesOf(hosts: readonly BaselineHost[]): Kinds {
  return kindsBy(hosts, (host) => {
    const version = knownQemuVersion(host);
    const signature = version === undefined ? undefined : emulatedSignature(version);
    return signature && [signature.family, signature.model, signature.stepping].join('/');
  });
}
