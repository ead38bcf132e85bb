// Domains for the benchmarks, written by this file alone: nothing is copied from anywhere, and every run has the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the hosts of `rewriteHosts` differ in. Every model in `MODELS` has all of these, and nothing else in these models
 * depends on them, so every CPU gets just these lines.
 */
export const FEATURES = [
  ...['aes', 'avx', 'avx2', 'bmi1', 'bmi2', 'erms', 'fma', 'fsgsbase', 'hle', 'invpcid', 'movbe', 'pcid'],
  ...['pclmuldq', 'popcnt', 'rdtscp', 'rtm', 'smep', 'sse4.1', 'sse4.2', 'tsc-deadline'],
];

const MODELS = ['Haswell', 'Haswell-IBRS', 'Broadwell', 'Broadwell-IBRS'];
const CORPUS_SIZE = 200;

/**
 * Two hosts as `virsh hypervisor-cpu-baseline` prints them, with 20 features between them. Unlike domcapabilities
 * they say nothing of the guest's type, so domains of type qemu and kvm in a foreign corpus are rewritten alike.
 */
export function rewriteHosts() {
  const host = (name, features) => ({
    name,
    xml: `<cpu mode='custom' match='exact'>
  <model fallback='forbid'>Broadwell-IBRS</model>
  <vendor>Intel</vendor>
  <feature policy='require' name='vmx'/>
${features.map((feature) => `  <feature policy='disable' name='${feature}'/>\n`).join('')}</cpu>
`,
  });
  return [host('kvm-01', []), host('kvm-02', FEATURES)];
}

/** A guest as an administrator keeps it: comments, metadata, many devices, some 8 kB. */
export function smallDomain() {
  return domain({ name: 'web-17', disks: 7, nics: 4, ports: 14, cpu: PASSTHROUGH, rich: true });
}

/** The same guest with so many disks that it has `size` characters. */
export function largeDomain(size = 1_000_000) {
  const parts = { name: 'archive-1', nics: 4, ports: 14, cpu: PASSTHROUGH, rich: true };
  const one = disk(1000, '      ').length;
  return domain({ ...parts, disks: Math.ceil((size - domain({ ...parts, disks: 0 }).length) / one) });
}

/** Many small guests, all different, as path-like names and texts; those of the directory CORPUS if that is set. */
export function corpus() {
  const { CORPUS } = process.env;
  if (CORPUS !== undefined && CORPUS !== '') return readCorpus(CORPUS);
  return Array.from({ length: CORPUS_SIZE }, (_, i) => corpusDomain(i));
}

function readCorpus(directory) {
  return readdirSync(directory, { recursive: true })
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .filter((text) => text.includes('<domain'));
}

/** A quarter each: custom with a model, host-model, host-passthrough, no `<cpu>`. */
function corpusDomain(i) {
  const kinds = [customCpu(i), hostModelCpu(i), passthroughCpu(i), ''];
  const text = domain({
    name: `guest-${i}`,
    disks: i % 4 === 0 ? 0 : 1,
    nics: i % 3 === 0 ? 1 : 0,
    ports: i % 5 === 0 ? 2 : 0,
    cpu: kinds[i % 4],
    rich: false,
  });
  if (i % 10 === 7) return text.replaceAll("'", '"');
  return i % 10 === 3 ? text.replaceAll('  ', '\t') : text;
}

const PASSTHROUGH = `
  <cpu mode='host-passthrough' check='none' migratable='on'>
    <topology sockets='1' dies='1' cores='8' threads='2'/>
    <cache mode='passthrough'/>
    <!-- nested guests run here -->
    <feature policy='require' name='vmx'/>
    <feature policy='disable' name='mpx'/>
  </cpu>`;

function customCpu(i) {
  return `
  <cpu mode='custom' match='exact' check='partial'>
    <model fallback='${i % 8 === 0 ? 'allow' : 'forbid'}'>${MODELS[(i >> 2) % MODELS.length]}</model>
    ${topology(i)}
    <feature policy='require' name='vmx'/>
  </cpu>`;
}

function hostModelCpu(i) {
  if (i % 8 === 1) return "\n  <cpu mode='host-model' check='partial'/>";
  return `
  <cpu mode='host-model' check='partial'>
    ${topology(i)}
    <feature policy='disable' name='mpx'/>
  </cpu>`;
}

function passthroughCpu(i) {
  if (i % 8 === 2) return "\n  <cpu mode='host-passthrough' check='none' migratable='on'/>";
  return `
  <cpu mode='host-passthrough' check='none'>
    ${topology(i)}
    <cache mode='passthrough'/>
  </cpu>`;
}

function topology(i) {
  return `<topology sockets='${1 + (i % 2)}' dies='1' cores='${1 + (i % 29)}' threads='${1 + (i % 3)}'/>`;
}

function domain({ name, disks, nics, ports, cpu, rich }) {
  const many = (count, make) => Array.from({ length: count }, (_, i) => make(i, '      ')).join('');
  return `<domain type='kvm'>
  <name>${name}</name>
  <uuid>${uuid(name)}</uuid>${rich ? PROSE : ''}
  <memory unit='KiB'>${(1 + (name.length % 7)) * 1048576}</memory>
  <currentMemory unit='KiB'>${(1 + (name.length % 7)) * 1048576}</currentMemory>
  <vcpu placement='static'>${1 + (name.length % 7)}</vcpu>${rich ? TUNING : ''}
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>${rich ? LOADER : ''}
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>${cpu}
  <clock offset='utc'>
    <timer name='rtc' tickpolicy='catchup'/>
    <timer name='hpet' present='no'/>
  </clock>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${many(disks, disk)}${many(ports, port)}${many(nics, nic)}${rich ? DEVICES : ''}    <memballoon model='virtio'/>
  </devices>
</domain>
`;
}

function disk(i, indent) {
  return `    <disk type='file' device='disk'>
${indent}<driver name='qemu' type='qcow2' cache='none' discard='unmap'/>
${indent}<source file='/var/lib/libvirt/images/volume-${i}.qcow2'/>
${indent}<target dev='sd${letters(i)}' bus='scsi'/>
${indent}<address type='drive' controller='${i >> 8}' bus='0' target='${(i >> 4) & 15}' unit='${i & 15}'/>
    </disk>
`;
}

function port(i, indent) {
  return `    <controller type='pci' index='${i + 1}' model='pcie-root-port'>
${indent}<target chassis='${i + 1}' port='0x${(16 + i).toString(16)}'/>
${indent}<address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x${(i % 8).toString(16)}'/>
    </controller>
`;
}

function nic(i, indent) {
  return `    <interface type='bridge'>
${indent}<mac address='52:54:00:1a:2b:${(16 + i).toString(16)}'/>
${indent}<source bridge='br${i}'/>
${indent}<model type='virtio'/>
    </interface>
`;
}

function letters(i) {
  return (i >= 26 ? letters(Math.floor(i / 26) - 1) : '') + String.fromCharCode(97 + (i % 26));
}

/** The same for the same name. */
function uuid(name) {
  let state = 2166136261;
  for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 16777619) >>> 0;
  const hex = [1, 2, 3, 4].map((n) => (Math.imul(state, n * 2654435761) >>> 0).toString(16).padStart(8, '0'));
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const PROSE = `
  <title>Web front end, rack 17</title>
  <description>Serves the shop &amp; its images. Owner: web team.</description>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/12"/>
    </libosinfo:libosinfo>
  </metadata>`;

const TUNING = `
  <iothreads>2</iothreads>
  <!-- pinned away from core 0, which serves interrupts -->
  <cputune>
    <vcpupin vcpu='0' cpuset='2'/>
    <vcpupin vcpu='1' cpuset='3'/>
    <emulatorpin cpuset='1'/>
  </cputune>
  <resource>
    <partition>/machine</partition>
  </resource>`;

const LOADER = `
    <loader readonly='yes' secure='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.ms.fd</loader>
    <nvram>/var/lib/libvirt/qemu/nvram/web-17_VARS.fd</nvram>`;

const DEVICES = `    <controller type='scsi' index='0' model='virtio-scsi'/>
    <!-- console of last resort -->
    <serial type='pty'>
      <target type='isa-serial' port='0'/>
    </serial>
    <console type='pty'>
      <target type='serial' port='0'/>
    </console>
    <channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
    </channel>
    <input type='tablet' bus='usb'/>
    <tpm model='tpm-crb'>
      <backend type='emulator' version='2.0'/>
    </tpm>
    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>
    <video>
      <model type='virtio' heads='1' primary='yes'/>
    </video>
    <watchdog model='itco' action='reset'/>
    <rng model='virtio'>
      <backend model='random'>/dev/urandom</backend>
    </rng>
`;
