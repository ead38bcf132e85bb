// Written by `npm run generate-qemu-facts`: QEMU 7.2.22, 10.0.13, 11.1.3; names of libvirt 9.0.0, 11.3.0, 12.8.0.

/** One release of QEMU. Names are words between blanks, in QEMU's spelling; each list says what came since the release before. */
export interface MeasuredProperties {
  readonly qemu: string;
  /**
   * Boolean properties that are features of a CPU (`-cpu help` lists them) and that the oldest libvirt of these has no name
   * for. What that one names, every QEMU of these has, except `FILTERED` and `NOT_IN_QEMU`.
   */
  readonly names: string;
  /** Those that `max` turns on under emulation. */
  readonly max: string;
  /** Those that `host` leaves off under KVM although KVM supports them (measured on AMD). */
  readonly held: string;
}

export const MEASURED_PROPERTIES: readonly MeasuredProperties[] = [
  {
    qemu: '7.2.22',
    names:
      'ace2 ace2-en full-width-write kvm-asyncpf kvm-asyncpf-int kvm-hint-dedicated kvm-mmu ' +
      'kvm-msi-ext-dest-id kvm-nopiodelay kvm-poll-control kvm-pv-eoi kvm-pv-ipi kvm-pv-sched-yield ' +
      'kvm-pv-tlb-flush kvm-pv-unhalt kvm-steal-time kvmclock kvmclock-stable-bit phe phe-en pmm pmm-en ' +
      'vmx-activity-hlt vmx-activity-shutdown vmx-activity-wait-sipi vmx-apicv-register vmx-apicv-vid ' +
      'vmx-apicv-x2apic vmx-apicv-xapic vmx-cr3-load-noexit vmx-cr3-store-noexit vmx-cr8-load-exit ' +
      'vmx-cr8-store-exit vmx-desc-exit vmx-encls-exit vmx-entry-ia32e-mode vmx-entry-load-bndcfgs ' +
      'vmx-entry-load-efer vmx-entry-load-pat vmx-entry-load-perf-global-ctrl vmx-entry-load-pkrs ' +
      'vmx-entry-load-rtit-ctl vmx-entry-noload-debugctl vmx-ept vmx-ept-1gb vmx-ept-2mb ' +
      'vmx-ept-advanced-exitinfo vmx-ept-execonly vmx-eptad vmx-eptp-switching vmx-exit-ack-intr ' +
      'vmx-exit-clear-bndcfgs vmx-exit-clear-rtit-ctl vmx-exit-load-efer vmx-exit-load-pat ' +
      'vmx-exit-load-perf-global-ctrl vmx-exit-load-pkrs vmx-exit-nosave-debugctl vmx-exit-save-efer ' +
      'vmx-exit-save-pat vmx-exit-save-preemption-timer vmx-flexpriority vmx-hlt-exit vmx-ins-outs ' +
      'vmx-intr-exit vmx-invept vmx-invept-all-context vmx-invept-single-context ' +
      'vmx-invept-single-context-noglobals vmx-invlpg-exit vmx-invpcid-exit vmx-invvpid ' +
      'vmx-invvpid-all-context vmx-invvpid-single-addr vmx-io-bitmap vmx-io-exit vmx-monitor-exit ' +
      'vmx-movdr-exit vmx-msr-bitmap vmx-mtf vmx-mwait-exit vmx-nmi-exit vmx-page-walk-4 vmx-page-walk-5 ' +
      'vmx-pause-exit vmx-ple vmx-pml vmx-posted-intr vmx-preemption-timer vmx-rdpmc-exit vmx-rdrand-exit ' +
      'vmx-rdseed-exit vmx-rdtsc-exit vmx-rdtscp-exit vmx-secondary-ctls vmx-shadow-vmcs vmx-store-lma ' +
      'vmx-true-ctls vmx-tsc-offset vmx-tsc-scaling vmx-unrestricted-guest vmx-vintr-pending vmx-vmfunc ' +
      'vmx-vmwrite-vmexit-fields vmx-vnmi vmx-vnmi-pending vmx-vpid vmx-wbinvd-exit vmx-xsaves ' +
      'vmx-zero-len-inject xcrypt xcrypt-en xstore xstore-en',
    max: '',
    held: 'kvm-hint-dedicated',
  },
  {
    qemu: '10.0.13',
    names:
      'amd-psfd amx-complex amx-fp16 auto-ibrs avx-ifma avx-ne-convert avx-vnni-int16 avx-vnni-int8 avx10 ' +
      'avx10-128 avx10-256 avx10-512 bhi-ctrl bhi-no cmpccxadd ddpd-u eraps fb-clear fbsdp-no ' +
      'fdp-excptn-only flush-l1d fred fsrc fsrs fzrm gds-no ibpb-brtype intel-psfd ipred-ctrl ' +
      'kvm-asyncpf-vmexit lam lfence-always-serializing lkgs mcdt-no no-nested-data-bp null-sel-clr-base ' +
      'overflow-recov pbrsb-no perfmon-v2 prefetchiti psdp-no rfds-clear rfds-no rrsba-ctrl sbdr-ssdp-no ' +
      'sbpb sgx-aex-notify sgx-edeccssa sha512 sm3 sm4 srso-no srso-user-kernel-no stibp-always-on succor ' +
      'vmx-any-errcode vmx-enable-user-wait-pause vmx-entry-load-fred vmx-exit-secondary-ctls ' +
      'vmx-nested-exception vnmi wrmsrns zero-fcs-fds',
    max: 'cmpccxadd fsrc fsrs fzrm',
    held: '',
  },
  {
    qemu: '11.1.3',
    names:
      'amx-avx512 amx-bf16-alias amx-complex-alias amx-fp16-alias amx-fp8 amx-int8-alias amx-movrs amx-tf32 ' +
      'apx-nci-ndd-nf apxf avx10-vnni-int cet-ibt cet-ss fs-gs-base-ns gmet its-no movrs msr-imm prefetchi ' +
      'tsa-l1-no tsa-sq-no verw-clear vmx-entry-load-cet vmx-exit-save-cet vmx-mbec',
    max: 'no-nested-data-bp null-sel-clr-base',
    held: '',
  },
];
