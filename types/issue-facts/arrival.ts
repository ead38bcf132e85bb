import type { CpuMode } from '../domain.ts';
import type { OnHosts } from './common.ts';

/** Findings about guests that are levelled on arrival, by the hook of each host. */
export interface ArrivalIssueFacts {
  readonly 'levelled-on-arrival': {
    /** What `<cpu>` cannot name. */
    readonly features: readonly string[];
    /** What QEMU is told to turn off, by host. */
    readonly lists: readonly (OnHosts & { readonly off: readonly string[] })[];
  };
  readonly 'arrival-refused': { readonly mode: CpuMode; readonly arch: string };
  readonly 'arrival-unknown': { readonly hosts: readonly string[]; readonly features: readonly string[] };
  readonly 'qemu-feature-differs': {
    readonly features: readonly string[];
    readonly presentOn: readonly string[];
    readonly missingOn: readonly string[];
    readonly option: 'onArrival';
  };
  readonly 'emulated-cpu-differs': {
    /** What QEMU's own CPU says it is, by host: family, model, stepping. */
    readonly signatures: readonly (OnHosts & { readonly signature: string })[];
    readonly option: 'onArrival';
  };
  readonly 'guest-levelled': {
    readonly host: string;
    /** What was turned off for QEMU here, and what was taken out because QEMU here may not know it. */
    readonly off: readonly string[];
    readonly taken: readonly string[];
  };
  readonly 'guest-not-levelled': {
    readonly host: string;
    /** What the guest would have here, and what QEMU here may not know. */
    readonly missing: readonly string[];
    readonly foreign: readonly string[];
    readonly option: 'onArrival';
  };
  readonly 'guest-mark-differs': {
    readonly host: string;
    /** What the gate's pool knows nothing of, and what the guest does not say is off in it. */
    readonly strange: readonly string[];
    readonly missing: readonly string[];
  };
}
