// Domains for the benchmarks, written by this file alone: no two of a group are the same, and every run has the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBits } from './random.mjs';

/** So many domains make a round. */
export const GROUP_SIZE = 2000;

/** Group → the guest of a number, of some 6.5 kB. No two have a name, an address, a path or an arrangement in common. */
export const GROUPS = {
  /** Guests of one template: what differs is who they are, and their disks. */
  'alike cluster': (i) => guest(i, { cpu: () => PASSTHROUGH, machine: () => 'pc-q35-7.2' }),
  /** A third has host-passthrough, a third host-model, a third a named model, with lines and topologies of their own. */
  'mixed fleet': (i) => guest(i, { cpu: (random) => CPUS[i % CPUS.length](random), machine: machineOf }),
  /** Lines, policies, order and topology of each `<cpu>` are its own. */
  'every <cpu> another': (i) => guest(i, { cpu: ownCpu, machine: machineOf }),
};

/** The domains of a directory, one a file. */
export function corpusIn(directory) {
  return readdirSync(directory, { recursive: true })
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .filter((text) => text.includes('<domain'));
}

const MODELS = ['Nehalem', 'Westmere', 'SandyBridge', 'IvyBridge', 'Haswell', 'Skylake-Server'];
/** What a guest may ask for or do without, whatever the model. */
const OPTIONAL =
  'aes avx avx2 bmi1 bmi2 erms f16c fma fsgsbase invpcid mpx pcid rdrand smep xsaveopt clflushopt'.split(' ');

const PASSTHROUGH = `
  <cpu mode='host-passthrough' check='none' migratable='on'>
    <topology sockets='1' dies='1' cores='8' threads='2'/>
    <cache mode='passthrough'/>
    <!-- nested guests are not wanted here -->
    <feature policy='disable' name='vmx'/>
  </cpu>`;

const CPUS = [
  (random) => cpu("mode='host-passthrough' check='none' migratable='on'", random, 2),
  (random) => cpu("mode='host-model' check='partial'", random, 3),
  (random) => cpu("mode='custom' match='exact' check='partial'", random, 4, one(MODELS, random)),
];

function ownCpu(random) {
  return CPUS[Math.floor(random() * CPUS.length)](random, 8);
}

function cpu(attributes, random, lines, model) {
  const names = OPTIONAL.filter(() => random() < lines / OPTIONAL.length);
  const fallback = random() < 0.5 ? 'allow' : 'forbid';
  const features = names.map((name) => {
    const policy = model !== undefined && random() < 0.2 ? 'optional' : 'disable';
    return `    <feature policy='${policy}' name='${name}'/>\n`;
  });
  return `
  <cpu ${attributes}>
${model === undefined ? '' : `    <model fallback='${fallback}'>${model}</model>\n`}    ${topology(random)}
${features.join('')}  </cpu>`;
}

function topology(random) {
  const upTo = (most) => 1 + Math.floor(random() * most);
  return `<topology sockets='${upTo(2)}' dies='1' cores='${upTo(32)}' threads='${upTo(2)}'/>`;
}

function machineOf(random) {
  return one(['pc-q35-7.2', 'q35'], random);
}

function guest(i, { cpu, machine }) {
  const random = randomBits(i + 1);
  const hex = (digits) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const many = (count, make) => Array.from({ length: count }, (_, n) => make(n, hex)).join('');
  const few = (most) => Math.floor(random() * most);
  const name = `${one(['web', 'db', 'mail', 'build', 'cache'], random)}-${i}`;
  const memory = (1 + few(64)) * 1_048_576;
  return `<domain type='kvm'>
  <name>${name}</name>
  <uuid>${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}</uuid>
  <title>${name}, rack ${few(40)}</title>
  <description>Serves shop ${few(1000)} &amp; its images.</description>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/${9 + few(4)}"/>
    </libosinfo:libosinfo>
  </metadata>
  <memory unit='KiB'>${memory}</memory>
  <currentMemory unit='KiB'>${memory}</currentMemory>
  <vcpu placement='static'>${1 + few(16)}</vcpu>
  <iothreads>2</iothreads>
  <!-- pinned away from core 0, which serves interrupts -->
  <cputune>
${many(1 + few(4), (n) => `    <vcpupin vcpu='${n}' cpuset='${2 + n}'/>\n`)}    <emulatorpin cpuset='1'/>
  </cputune>
  <resource>
    <partition>/machine</partition>
  </resource>
  <os>
    <type arch='x86_64' machine='${machine(random)}'>hvm</type>
    <loader readonly='yes' secure='no' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
    <nvram>/var/lib/libvirt/qemu/nvram/${name}_VARS.fd</nvram>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>${cpu(random)}
  <clock offset='utc'>
    <timer name='rtc' tickpolicy='catchup'/>
    <timer name='hpet' present='no'/>
  </clock>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${many(3 + few(4), disk)}${many(9 + few(6), port)}${many(1 + few(4), nic)}${devices(few(2), name)}  </devices>
</domain>
`;
}

function one(list, random) {
  return list[Math.floor(random() * list.length)];
}

function disk(n, hex) {
  const name = hex(10);
  const source = n % 2 === 0 ? `file='/var/lib/libvirt/images/${name}.qcow2'` : `dev='/dev/vg0/${name}'`;
  return `    <disk type='${n % 2 === 0 ? 'file' : 'block'}' device='disk'>
      <driver name='qemu' type='${n % 2 === 0 ? 'qcow2' : 'raw'}' cache='none' discard='unmap'/>
      <source ${source}/>
      <target dev='sd${String.fromCharCode(97 + n)}' bus='scsi'/>
      <address type='drive' controller='0' bus='0' target='0' unit='${n}'/>
    </disk>
`;
}

function port(n) {
  return `    <controller type='pci' index='${n + 1}' model='pcie-root-port'>
      <target chassis='${n + 1}' port='0x${(16 + n).toString(16)}'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x${(n % 8).toString(16)}'/>
    </controller>
`;
}

function nic(n, hex) {
  return `    <interface type='bridge'>
      <mac address='52:54:00:${hex(2)}:${hex(2)}:${hex(2)}'/>
      <source bridge='br${n}'/>
      <model type='virtio'/>
    </interface>
`;
}

function devices(hasTpm, name) {
  return `    <controller type='scsi' index='0' model='virtio-scsi'/>
    <!-- console of last resort -->
    <serial type='pty'>
      <target type='isa-serial' port='0'/>
    </serial>
    <console type='pty'>
      <target type='serial' port='0'/>
    </console>
    <channel type='unix'>
      <source mode='bind' path='/var/lib/libvirt/qemu/channel/${name}.agent'/>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
    </channel>
    <input type='tablet' bus='usb'/>
${hasTpm === 1 ? TPM : ''}    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>
    <video>
      <model type='virtio' heads='1' primary='yes'/>
    </video>
    <watchdog model='itco' action='reset'/>
    <rng model='virtio'>
      <backend model='random'>/dev/urandom</backend>
    </rng>
    <memballoon model='virtio'/>
`;
}

const TPM = `    <tpm model='tpm-crb'>
      <backend type='emulator' version='2.0'/>
    </tpm>
`;
