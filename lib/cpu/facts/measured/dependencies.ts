// Written by `npm run generate-qemu-facts`: QEMU 7.2.22, 10.0.13, 11.1.3; names of libvirt 9.0.0, 11.3.0, 12.8.0.

/** Children that QEMU turns off with a parent. */
export interface Enforced {
  readonly parent: string;
  readonly children: string;
  /** First measured QEMU that does so, where an older one has both names and does not. */
  readonly since?: string;
}

export const ENFORCED: readonly Enforced[] = [
  { parent: 'apxf', children: 'apx-nci-ndd-nf' },
  { parent: 'avx10-128', children: 'avx10' },
  { parent: 'avx10-256', children: 'avx10-512' },
  { parent: 'fred', children: 'vmx-entry-load-fred', since: '11.1' },
  { parent: 'invpcid', children: 'vmx-invpcid-exit' },
  { parent: 'lkgs', children: 'fred' },
  { parent: 'lm', children: 'fred vmx-entry-ia32e-mode' },
  { parent: 'mpx', children: 'vmx-entry-load-bndcfgs vmx-exit-clear-bndcfgs' },
  { parent: 'rdrand', children: 'vmx-rdrand-exit' },
  { parent: 'rdseed', children: 'vmx-rdseed-exit' },
  { parent: 'rdtscp', children: 'vmx-rdtscp-exit' },
  { parent: 'sgx', children: 'sgxlc', since: '10.0' },
  { parent: 'vmx-ept', children: 'vmx-mbec vmx-unrestricted-guest' },
  { parent: 'vmx-vpid', children: 'vmx-invept-single-context' },
  { parent: 'waitpkg', children: 'vmx-enable-user-wait-pause' },
  { parent: 'xsaves', children: 'vmx-xsaves' },
];

/** Features that QEMU does not show together: with one of them on, the other one is off. */
export const EXCLUSIVE: readonly { readonly pair: readonly string[]; readonly since: string }[] = [
  { pair: ['apxf', 'mpx'], since: '11.1' },
];
