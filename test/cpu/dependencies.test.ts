// Tries lib/cpu/facts/qemu-dependencies.ts as well.
import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { dependents, enforcedAncestors, namedAncestor, parentsOf } from '../../lib/cpu/dependencies.ts';
import { indexOf } from '../../lib/cpu/map.ts';

const maps = (...versions: readonly string[]): ReturnType<typeof candidateMaps> =>
  versions.flatMap((version) => candidateMaps({ from: version, to: version }));
const NEWEST = maps('12.8.0');
const NAMES = NEWEST.flatMap((map) => [...indexOf(map).features.keys()]);

/** Everything that goes with one feature. */
function goneWith(feature: string): readonly string[] {
  const candidates = new Map(NAMES.map((name) => [name, parentsOf(NEWEST, name)]));
  return [...dependents(new Set([feature]), candidates).keys()].sort();
}

test.each<[string, string]>([
  ['xsave', 'avx avx2 pku xsavec xsaves amx-tile avx512vnni'],
  ['fxsr', 'mmx mmxext sse sse2 sse4.2 aes avx2'],
  ['avx512f', 'avx512bw avx512-fp16 avx512vnni avx512-bf16'],
  ['xsaves', 'xfd amx-tile amx-int8 amx-fp8 vmx-xsaves'],
  ['sgx', 'sgx1 sgx2 sgxlc sgx-provisionkey sgx-exinfo sgx-edeccssa'],
  ['svm', 'npt vgif nrip-save svme-addr-chk'],
  ['arch-capabilities', 'rdctl-no taa-no gds-no rfds-clear'],
  ['core-capability', 'split-lock-detect'],
  ['intel-pt', 'intel-pt-lip'],
  ['vmx', 'vmx-secondary-ctls vmx-ept vmx-invvpid vmx-intr-exit vmx-true-ctls vmx-eptp-switching'],
  ['vmx-secondary-ctls', 'vmx-ept vmx-vpid vmx-pml vmx-ept-1gb vmx-invvpid vmx-unrestricted-guest'],
  ['lm', 'vmx-entry-ia32e-mode fred'],
  ['wrmsrns', 'fred'],
  ['fred', 'vmx-entry-load-fred'],
  ['apxf', 'apx-nci-ndd-nf'],
  ['vmx-ept', 'vmx-mbec'],
])('without %s there is none of %s', (feature, gone) => {
  expect(goneWith(feature)).toEqual(expect.arrayContaining(gone.split(' ')));
});

test.each<[string, string]>([
  [
    'vmx-ept',
    'vmx-ept-1gb vmx-ept-2mb vmx-ept-advanced-exitinfo vmx-ept-execonly vmx-ept-uc vmx-ept-wb vmx-mbec',
  ],
  ['avx10-128', 'avx10 avx10-256 avx10-512 avx10-vnni-int'],
  ['avx10-256', 'avx10-512'],
  ['avx10', 'avx10-128 avx10-256 avx10-512 avx10-vnni-int'],
  ['vmx-vmfunc', 'vmx-eptp-switching'],
  ['rdrand', 'vmx-rdrand-exit'],
  ['mpx', 'vmx-entry-load-bndcfgs vmx-exit-clear-bndcfgs'],
  ['avx2', ''],
  ['tsc', ''],
])('what goes with %s is nothing else than %s', (feature, gone) => {
  const others = /^vmx-(?:invept|page-walk|eptad|unrestricted)/;
  expect(goneWith(feature).filter((name) => !others.test(name))).toEqual(gone === '' ? [] : gone.split(' '));
});

test('VPID takes its own capabilities, not those of EPT', () => {
  expect(goneWith('vmx-vpid')).toEqual([
    // One property of QEMU stands for a capability of EPT and one of VPID.
    'vmx-invept-single-context',
    'vmx-invvpid',
    'vmx-invvpid-all-context',
    'vmx-invvpid-single-addr',
    'vmx-invvpid-single-context',
    'vmx-invvpid-single-context-noglobals',
  ]);
});

test.each<[string, string | undefined]>([
  ['vmx-ept-1gb', 'vmx'],
  ['vmx-rdrand-exit', 'vmx'],
  ['vmx-entry-ia32e-mode', 'vmx'],
  ['gds-no', 'arch-capabilities'],
  ['vnmi', 'svm'],
  ['amx-fp16', undefined],
  ['amx-fp8', undefined],
  ['sm3', undefined],
  ['avx-ifma', undefined],
  ['avx10-256', undefined],
  ['fred', 'lm'],
  ['sgx-edeccssa', undefined],
])('%s, which libvirt 9.0.0 cannot name, climbs to %s', (feature, ancestor) => {
  expect(namedAncestor([...maps('9.0.0'), ...NEWEST], feature)).toBe(ancestor);
});

describe('what QEMU turns off with a parent', () => {
  test.each<[child: string, parent: string, enforced: boolean, qemuVersion: string | undefined]>([
    ['gds-no', 'arch-capabilities', true, undefined],
    ['vnmi', 'svm', true, undefined],
    ['vmx-mbec', 'vmx-ept', true, undefined],
    ['vmx-mbec', 'vmx-secondary-ctls', true, undefined],
    ['apx-nci-ndd-nf', 'apxf', true, undefined],
    ['vmx-invept-single-context', 'vmx-vpid', true, undefined],
    ['fred', 'lkgs', true, undefined],
    ['fred', 'wrmsrns', false, undefined],
    ['fred', 'wrmsrns', false, '11.1.3'],
    ['sm3', 'avx', false, undefined],
    ['avx-ifma', 'avx', false, undefined],
    ['amx-fp16', 'amx-tile', false, undefined],
    ['amx-fp8', 'amx-tile', false, undefined],
    ['avx2', 'xsave', false, undefined],
    ['sgx2', 'sgx', false, undefined],
    ['sgx2', 'sgx', false, '7.2.22'],
    ['sgx2', 'sgx', true, '10.0.13'],
    ['vmx-entry-load-fred', 'fred', false, '10.0.13'],
    ['vmx-entry-load-fred', 'fred', true, '11.1.3'],
    ['avx', 'arch-capabilities', false, undefined],
    ['vmx-ept-1gb', 'vmx', true, undefined],
    ['vmx', 'vmx', false, undefined],
  ])('%s without %s is off: %s (QEMU %s)', (child, parent, enforced, qemuVersion) => {
    expect(enforcedAncestors(NEWEST, child, qemuVersion).has(parent)).toBe(enforced);
  });
});
