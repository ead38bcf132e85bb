import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { qemuCpuArgument } from '../../lib/diff/qemu-argument.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { writeDomain } from '../../lib/writer/write.ts';
import { documentedHosts } from '../support/host.ts';

const off = (name: string): string => `<feature policy='disable' name='${name}'/>`;

test.each([
  ['host-passthrough', "<cpu mode='host-passthrough'/>", 'host'],
  ['maximum', "<cpu mode='maximum'/>", 'max'],
  ['a named model', "<cpu mode='custom'><model>EPYC</model></cpu>", 'EPYC'],
  ['a named model without a mode', '<cpu><model>486</model></cpu>', '486'],
  ['host-model', "<cpu mode='host-model'/>", undefined],
  ['host-model with features', `<cpu mode='host-model'>${off('avx')}</cpu>`, undefined],
  ['match minimum', "<cpu match='minimum'><model>486</model></cpu>", undefined],
  ['a vendor', "<cpu><model vendor_id='MigratableOK'>486</model></cpu>", '486,vendor=MigratableOK'],
  ['a vendor that libvirt discards', "<cpu mode='maximum'><model vendor_id='MigratableOK'/></cpu>", 'max'],
  ['no <cpu>', '', undefined],
  ['a topology only', "<cpu><topology cores='2'/></cpu>", undefined],
  ['disable', `<cpu mode='maximum'>${off('avx')}</cpu>`, 'max,avx=off'],
  ['forbid', "<cpu mode='maximum'><feature policy='forbid' name='avx'/></cpu>", 'max,avx=off'],
  ['require', "<cpu mode='maximum'><feature policy='require' name='avx'/></cpu>", 'max,avx=on'],
  ['force', "<cpu mode='maximum'><feature policy='force' name='avx'/></cpu>", 'max,avx=on'],
  ['no policy', "<cpu mode='maximum'><feature name='avx'/></cpu>", 'max,avx=on'],
  ['optional', "<cpu mode='maximum'><feature policy='optional' name='avx'/></cpu>", 'max'],
  ['migratable', "<cpu mode='host-passthrough' migratable='on'/>", 'host,migratable=on'],
  ['not migratable', "<cpu mode='host-passthrough' migratable='off'/>", 'host,migratable=off'],
  [
    'QEMU’s names',
    `<cpu mode='maximum'>${off('lahf_lm')}${off('pclmuldq')}</cpu>`,
    'max,lahf-lm=off,pclmulqdq=off',
  ],
  ['the domain’s order', `<cpu mode='maximum'>${off('stibp')}${off('pcid')}</cpu>`, 'max,stibp=off,pcid=off'],
])('%s', (_, cpu, expected) => {
  expect(qemuCpuArgument(parseDomain(`<domain>${cpu}</domain>`))).toBe(expected);
});

test.each([
  ['A', 'host,pcid=off,stibp=off'],
  ['B', 'host,taa-no=off'],
])('QEMU’s documentation starts host %s with -cpu %s', (name, expected) => {
  const domain = parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>");
  const plan = planDomain(domain, diffHosts(documentedHosts()));
  const own = writeDomain(domain, plan, { form: { host: name } });
  expect(qemuCpuArgument(parseDomain(own))).toBe(expected);
});

test('the shared form is the same for both', () => {
  const domain = parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>");
  const shared = writeDomain(domain, planDomain(domain, diffHosts(documentedHosts())));
  expect(qemuCpuArgument(parseDomain(shared))).toBe('host,pcid=off,stibp=off,taa-no=off');
});
