// The example of QEMU's migration documentation: host A has pcid and stibp, host B has taa-no. Launched by hand, A
// must run with -cpu host,pcid=off,stibp=off and B with -cpu host,taa-no=off. libvirt sends one XML along with the
// guest, so there all three are disabled in it.
import { parseDomain, parseHost, qemuCpuArgument, rewriteDomain } from 'libvirt-migratable';

const cpu = (...features) =>
  `<cpu mode='custom' match='exact'>
    <model fallback='forbid'>Skylake-Client</model>
    ${features.map((name) => `<feature policy='require' name='${name}'/>`).join('')}
  </cpu>`;
const hosts = [
  parseHost(cpu('stibp'), { name: 'A', libvirtVersion: '9.0.0' }),
  parseHost(cpu('taa-no').replace('</cpu>', "<feature policy='disable' name='pcid'/></cpu>"), {
    name: 'B',
    libvirtVersion: '9.0.0',
  }),
];
const domain = `<domain type='kvm'>
  <name>guest</name>
  <cpu mode='host-passthrough'/>
</domain>`;

const result = rewriteDomain(domain, hosts);
if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('\n'));
for (const name of ['A', 'B'])
  console.log(`${name}: -cpu ${qemuCpuArgument(parseDomain(result.forHost(name).xml))}`);
console.log(result.xml);
