import type { CombinationFact } from '../../../types/facts.ts';
import { frozen } from '../../text/frozen.ts';
import { BHI, LINUX_BUG_BITS, MMIO, PTI, QEMU_MODELS, RFDS, RSB, SPECTRE, TAA, TSA } from './sources.ts';

const FB_CLEAR_DIS = 'Linux commit 027bbb884be006b05d9c577d6401686053aa789e';
const STALE_DATA = ['CVE-2022-21123', 'CVE-2022-21125', 'CVE-2022-21166'] as const;

/**
 * What several features mean together. Each holds for what a guest loses and keeps as a whole, and takes the place of
 * what is said of its `lost` and `lostOneOf` features one by one.
 */
export const COMBINATIONS: readonly CombinationFact[] = frozen([
  {
    combination: 'meltdown-without-pcid',
    cost: 'speed',
    cve: ['CVE-2017-5754'],
    lost: ['rdctl-no', 'pcid'],
    text: 'on Intel CPUs the guest isolates its page tables without PCID: every system call and interrupt flushes all address translations (Meltdown, CVE-2017-5754)',
    source: `${QEMU_MODELS}; ${PTI}`,
  },
  {
    combination: 'tsx-open',
    cost: 'security',
    cve: ['CVE-2019-11135'],
    lostOneOf: ['taa-no', 'tsx-ctrl'],
    kept: ['rtm', 'mds-no'],
    notKept: ['taa-no', 'tsx-ctrl'],
    text: 'the guest keeps TSX and can neither turn it off nor count on clearing CPU buffers (TSX asynchronous abort, CVE-2019-11135)',
    source: TAA,
  },
  {
    combination: 'tsx-open-without-microcode',
    cost: 'security',
    cve: ['CVE-2019-11135'],
    lostOneOf: ['taa-no', 'tsx-ctrl'],
    kept: ['rtm'],
    notKept: ['taa-no', 'tsx-ctrl', 'mds-no', 'md-clear'],
    text: 'the guest keeps TSX and can neither turn it off nor know whether it clears CPU buffers (TSX asynchronous abort, CVE-2019-11135)',
    source: TAA,
  },
  {
    combination: 'tsx-cleared-only',
    cost: 'speed',
    cve: ['CVE-2019-11135'],
    lostOneOf: ['taa-no', 'tsx-ctrl'],
    kept: ['rtm', 'md-clear'],
    notKept: ['taa-no', 'tsx-ctrl', 'mds-no'],
    text: 'the guest keeps TSX and cannot turn it off; clearing CPU buffers is its only defence (TSX asynchronous abort, CVE-2019-11135)',
    source: TAA,
  },
  {
    combination: 'spectre-v2-undefended',
    cost: 'security',
    cve: ['CVE-2017-5715'],
    lostOneOf: ['spec-ctrl', 'ibrs', 'ibpb'],
    notKept: ['spec-ctrl', 'ibrs', 'ibpb'],
    text: 'the guest has no defence of the CPU against Spectre v2 at all, only what compilers give it (CVE-2017-5715)',
    source: `${QEMU_MODELS}; ${SPECTRE}`,
  },
  {
    combination: 'spec-ctrl-without-stibp',
    cost: 'security',
    cve: ['CVE-2017-5715'],
    lostOneOf: ['stibp', 'amd-stibp'],
    kept: ['spec-ctrl'],
    notKept: ['stibp', 'amd-stibp'],
    text: 'the guest defends against Spectre v2 within a processor, but not between its hyperthreads (CVE-2017-5715)',
    source: `${QEMU_MODELS}; ${SPECTRE}`,
  },
  {
    combination: 'stale-data-neither-immune-nor-defended',
    cost: 'security',
    cve: STALE_DATA,
    lost: ['fb-clear'],
    lostOneOf: ['sbdr-ssdp-no', 'fbsdp-no', 'psdp-no'],
    text: 'the guest neither knows that its CPU may leak stale data from device memory nor that it does not, and KVM may keep it from clearing the fill buffers (CVE-2022-21123, CVE-2022-21125, CVE-2022-21166)',
    source: `${MMIO}; ${FB_CLEAR_DIS}`,
  },
  {
    combination: 'register-file-neither-immune-nor-defended',
    cost: 'security',
    cve: ['CVE-2023-28746'],
    lost: ['rfds-clear', 'rfds-no'],
    text: 'the guest neither knows that its CPU leaks the register file nor that it does not, and may not clear it (CVE-2023-28746)',
    source: RFDS,
  },
  {
    combination: 'scheduler-neither-immune-nor-defended',
    cost: 'security',
    cve: ['CVE-2024-36350', 'CVE-2024-36357'],
    lost: ['verw-clear'],
    lostOneOf: ['tsa-sq-no', 'tsa-l1-no'],
    text: 'the guest neither knows that its CPU is safe from transient scheduler attacks nor that clearing CPU buffers works (CVE-2024-36350, CVE-2024-36357)',
    source: TSA,
  },
  {
    combination: 'retpolines-not-enough',
    cost: 'security',
    cve: ['CVE-2022-29901', 'CVE-2022-28693'],
    lost: ['rsba'],
    lostOneOf: ['ibrs-all', 'spec-ctrl'],
    text: 'the guest falls back to retpolines and does not know that they leak on its CPU (Retbleed, CVE-2022-29901, CVE-2022-28693)',
    source: `${LINUX_BUG_BITS}; ${RSB}`,
  },
  {
    combination: 'branch-history-in-software',
    cost: 'security',
    cve: ['CVE-2022-0001', 'CVE-2022-0002'],
    lost: ['bhi-ctrl', 'bhi-no'],
    text: 'the guest takes its CPU for one where branch history can be injected and cannot have it shielded by the CPU (CVE-2022-0001, CVE-2022-0002)',
    source: BHI,
  },
]);
