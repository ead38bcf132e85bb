import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { isShownByKernel } from '../../lib/cpu/kernel-names.ts';
import { nameOfFlag } from '../../lib/cpu/kernel-flags.ts';

const maps = candidateMaps({ from: '0.0.0', to: '9999.0.0' });

test.each([
  ['the same', 'avx2', 'Intel', 'avx2'],
  ['a dash', 'sha_ni', 'Intel', 'sha-ni'],
  ['libvirt’s own underscore', 'lahf_lm', 'AMD', 'lahf_lm'],
  ['a dot', 'sse4_1', 'Intel', 'sse4.1'],
  ['another word', 'pclmulqdq', 'Intel', 'pclmuldq'],
  ['the word of another feature', 'dts', 'Intel', 'ds'],
  ['no dash there', 'avx512_vnni', 'Intel', 'avx512vnni'],
  ['a dash there', 'avx512_bf16', 'Intel', 'avx512-bf16'],
  ['a bit of AMD', 'ibpb', 'AMD', 'ibpb'],
  ['a bit of Intel', 'ibpb', 'Intel', 'spec-ctrl'],
  ['stibp of AMD', 'stibp', 'Hygon', 'amd-stibp'],
  ['stibp of Intel', 'stibp', 'Intel', 'stibp'],
  ['a control of VMX', 'vnmi', 'Intel', undefined],
  ['a feature of SVM', 'vnmi', 'AMD', 'vnmi'],
  ['one of three bits', 'ssbd', 'AMD', undefined],
  ['nobody’s bit', 'ibrs', undefined, undefined],
  ['the kernel’s own doing', 'split_lock_detect', 'Intel', undefined],
  ['no feature', 'constant_tsc', 'Intel', undefined],
])('%s', (_, flag, vendor, expected) => {
  expect(nameOfFlag(maps, flag, vendor)).toBe(expected);
});

test.each([
  ['avx2', true],
  ['amx-tile', true],
  ['arat', true],
  ['zero-fcs-fds', false],
  ['la57', false],
  ['cet-ss', false],
  ['rdctl-no', false],
  ['vmx-ept', false],
  ['npt', false],
  ['avx-vnni-int8', false],
])('Linux shows %s: %p', (name, expected) => {
  const feature = maps.flatMap(({ features }) => features).find((one) => one.name === name);
  expect(feature === undefined ? undefined : isShownByKernel(feature)).toBe(expected);
});
