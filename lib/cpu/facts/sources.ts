const KERNEL_DOCS = 'https://docs.kernel.org/admin-guide/hw-vuln';
const INTEL_GUIDANCE =
  'https://www.intel.com/content/www/us/en/developer/articles/technical/software-security-guidance/technical-documentation';

/** Documents that many rows rest on. */
export const QEMU_MODELS = 'https://www.qemu.org/docs/master/system/qemu-cpu-models.html';
export const SPECTRE: string = `${KERNEL_DOCS}/spectre.html`;
export const MDS: string = `${KERNEL_DOCS}/mds.html`;
export const TAA: string = `${KERNEL_DOCS}/tsx_async_abort.html`;
export const MULTIHIT: string = `${KERNEL_DOCS}/multihit.html`;
export const L1TF: string = `${KERNEL_DOCS}/l1tf.html`;
export const MMIO: string = `${KERNEL_DOCS}/processor_mmio_stale_data.html`;
export const GDS: string = `${KERNEL_DOCS}/gather_data_sampling.html`;
export const RFDS: string = `${KERNEL_DOCS}/reg-file-data-sampling.html`;
export const ITS: string = `${KERNEL_DOCS}/indirect-target-selection.html`;
export const SRSO: string = `${KERNEL_DOCS}/srso.html`;
export const RSB: string = `${KERNEL_DOCS}/rsb.html`;
export const BHI: string = `${INTEL_GUIDANCE}/branch-history-injection.html`;
export const TSA = 'https://www.amd.com/en/resources/product-security/bulletin/amd-sb-7029.html';
export const PTI = 'https://docs.kernel.org/arch/x86/pti.html';
export const ERRATA = 'https://docs.kernel.org/virt/kvm/x86/errata.html';
export const PSABI = 'https://gitlab.com/x86-psABIs/x86-64-ABI (section 3.1.1, Processor Architecture)';
export const LINUX_BUG_BITS = 'Linux, arch/x86/kernel/cpu/common.c (cpu_set_bug_bits)';
export const LINUX_BUGS = 'Linux, arch/x86/kernel/cpu/bugs.c';
export const QEMU_CPU_H = 'QEMU, target/i386/cpu.h (bits of CPUID leaf 7, subleaf 2)';
export const XEN_POLICY = 'Xen, xen/arch/x86/cpu-policy.c (guest_common_max_feature_adjustments)';
export const XEN_FEATURES = 'Xen, xen/include/public/arch-x86/cpufeatureset.h';
