import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { dependents, namedAncestor, parentsOf } from '../../lib/cpu/dependencies.ts';
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
])('without %s there is none of %s', (feature, gone) => {
  expect(goneWith(feature)).toEqual(expect.arrayContaining(gone.split(' ')));
});

test.each<[string, string]>([
  ['vmx-ept', 'vmx-ept-1gb vmx-ept-2mb vmx-ept-advanced-exitinfo vmx-ept-execonly vmx-ept-uc vmx-ept-wb'],
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
  ['amx-fp16', 'amx-tile'],
  ['avx10-256', undefined],
  ['fred', 'lm'],
])('%s, which libvirt 9.0.0 cannot name, climbs to %s', (feature, ancestor) => {
  expect(namedAncestor([...maps('9.0.0'), ...NEWEST], feature)).toBe(ancestor);
});
