import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { indexOf } from '../../lib/cpu/map.ts';
import { canonicalName, nearestName } from '../../lib/cpu/known-names.ts';
import {
  CORE,
  FEATURE_NAME,
  FILTERED,
  NOT_MIGRATABLE,
  qemuName,
  TOPOLOGY_OWNED,
} from '../../lib/cpu/names.ts';
import { cpuMap, feature } from '../support/map.ts';

const maps = (version: string): ReturnType<typeof candidateMaps> =>
  candidateMaps({ from: version, to: version });
const [libvirt9 = cpuMap([])] = maps('9.0.0');
const [libvirt11 = cpuMap([])] = maps('11.3.0');

test.each([
  ['avx', 'avx'],
  ['sse3', 'pni'],
  ['pclmulqdq', 'pclmuldq'],
  ['pclmuldq', 'pclmuldq'],
  ['ds-cpl', 'ds_cpl'],
  ['sse4_1', 'sse4.1'],
  ['sse4-1', 'sse4.1'],
  ['sse4_2', 'sse4.2'],
  ['sse4-2', 'sse4.2'],
  ['tsc-adjust', 'tsc_adjust'],
  ['xd', 'nx'],
  ['ffxsr', 'fxsr_opt'],
  ['fxsr-opt', 'fxsr_opt'],
  ['i64', 'lm'],
  ['lahf-lm', 'lahf_lm'],
  ['cmp-legacy', 'cmp_legacy'],
  ['nodeid-msr', 'nodeid_msr'],
  ['perfctr-core', 'perfctr_core'],
  ['perfctr-nb', 'perfctr_nb'],
  ['svm_lock', 'svm-lock'],
  ['nrip_save', 'nrip-save'],
  ['tsc_scale', 'tsc-scale'],
  ['vmcb_clean', 'vmcb-clean'],
  ['pause_filter', 'pause-filter'],
  ['cqm', 'cmt'],
  ['md_clear', 'md-clear'],
  ['arch_capabilities', 'arch-capabilities'],
  ['AVX', undefined],
  [' avx', undefined],
  ['sha_ni', undefined],
  ['avx512_vnni', undefined],
  ['kvm_pv_eoi', undefined],
  ['toString', undefined],
])('libvirt 9.0.0 calls %j %j', (spelling, expected) => {
  expect(canonicalName(indexOf(libvirt9), spelling)).toBe(expected);
});

test('a spelling of a feature the map does not have has no name', () => {
  expect(canonicalName(indexOf(libvirt9), 'vmx-invept-single-context-noglobals')).toBeUndefined();
});

test('QEMU’s name for the invvpid capability is libvirt’s of another spelling', () => {
  expect(canonicalName(indexOf(libvirt11), 'vmx-invept-single-context-noglobals')).toBe(
    'vmx-invvpid-single-context-noglobals',
  );
});

test('an alias may come from the map alone', () => {
  const index = indexOf(cpuMap([feature('turbo', 0, { aliases: ['turbo_mode'] })]));
  expect(canonicalName(index, 'turbo_mode')).toBe('turbo');
});

test.each([
  ['pclmuldq', 'pclmulqdq'],
  ['ds_cpl', 'ds-cpl'],
  ['tsc_adjust', 'tsc-adjust'],
  ['fxsr_opt', 'fxsr-opt'],
  ['lahf_lm', 'lahf-lm'],
  ['cmp_legacy', 'cmp-legacy'],
  ['nodeid_msr', 'nodeid-msr'],
  ['perfctr_core', 'perfctr-core'],
  ['perfctr_nb', 'perfctr-nb'],
  ['vmx-invvpid-single-context-noglobals', 'vmx-invept-single-context-noglobals'],
  ['pni', 'pni'],
  ['sse4.1', 'sse4.1'],
  ['nx', 'nx'],
  ['taa-no', 'taa-no'],
])('QEMU calls %s %s', (name, expected) => {
  expect(qemuName(name)).toBe(expected);
});

test('what QEMU calls a feature is a spelling libvirt’s name is found by', () => {
  const strangers = libvirt9.features.filter(
    ({ name }) => canonicalName(indexOf(libvirt9), qemuName(name)) !== name,
  );
  expect(strangers).toEqual([]);
});

test.each([
  ['QEMU’s spelling', 'pclmulqdq', 'pclmuldq'],
  ['Linux’ spelling', 'md_clear', 'md-clear'],
  ['capital letters', 'AVX', 'avx'],
  ['another spelling in capital letters', 'XD', 'nx'],
  ['blanks around it', ' avx2 ', 'avx2'],
  ['one letter too many', 'pcidd', 'pcid'],
  ['one letter missing', 'stbp', 'stibp'],
  ['two letters swapped', 'hypervisro', 'hypervisor'],
  ['two neighbours swapped in a short name', 'axv2', 'avx2'],
  ['the first two swapped', 'lcwb', 'clwb'],
  ['two neighbours swapped in the shortest', 'tcs', 'tsc'],
  ['another separator', 'sha_ni', 'sha-ni'],
  ['another separator inside', 'avx512_vnni', 'avx512vnni'],
  ['nothing near', 'warp-drive', undefined],
  ['no letters', '', undefined],
])('the name somebody may have meant by %s', (_, wrong, expected) => {
  expect(nearestName([libvirt9], wrong)).toBe(expected);
});

test('a name only the other map has is found too', () => {
  expect(nearestName([libvirt9, libvirt11], 'srso_no')).toBe('srso-no');
});

test.each([
  ['pcid', true],
  ['sse4.1', true],
  ['avx512-4vnniw', true],
  ['lahf_lm', true],
  ['', false],
  ['avx=off,foo', false],
  ['a b', false],
  ["a'", false],
  ['é', false],
  ['avx\n', false],
])('is %j a name libvirt’s schema allows? %s', (name, expected) => {
  expect(FEATURE_NAME.test(name)).toBe(expected);
});

test.each([
  ['filtered by libvirt', FILTERED],
  ['owned by the topology', TOPOLOGY_OWNED],
  ['not migratable', NOT_MIGRATABLE],
  ['core', CORE],
])('the names %s are names a libvirt knows', (_, names) => {
  expect([...names].filter((name) => !indexOf(libvirt11).features.has(name))).toEqual([]);
});
