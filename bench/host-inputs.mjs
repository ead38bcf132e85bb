// Host documents for the benchmarks, written by this file alone, from names every libvirt since 9.0.0 knows.
import { hostFromFeatures, parseHost, parseHosts, profileLine } from 'libvirt-migratable';
import { randomBits } from './random.mjs';

const LEGACY =
  'ds acpi ss ht tm pbe dtes64 monitor ds_cpl vmx smx est tm2 xtpr pdcm dca osxsave tsc_adjust cmt intel-pt'.split(
    ' ',
  );
const LATER = 'md-clear stibp ssbd arch-capabilities mbm_total mbm_local invtsc ibrs-all rdctl-no'.split(' ');

/** Intel models and their signature; every one has fewer features than the lists above add. */
const MODELS = [
  ['Nehalem', 26],
  ['Westmere', 44],
  ['SandyBridge', 45],
  ['IvyBridge', 62],
  ['Haswell-noTSX', 63],
  ['Broadwell', 79],
  ['Skylake-Server', 85],
  ['Cascadelake-Server', 85],
];

/** So many kinds of host, up to 728: model, signature and features. */
function kindsOf(count) {
  return Array.from({ length: count }, (_, i) => {
    const [model, signature] = MODELS[i % MODELS.length];
    const legacy = LEGACY.filter((_name, n) => (i + n) % 13 !== 0);
    // A model has some of the later ones itself; libvirt's hosts never list a feature of their model again.
    const later =
      model === 'Cascadelake-Server' ? ['md-clear', 'stibp', 'invtsc'] : LATER.slice(0, 2 + (i % 7));
    return { model, signature, features: [...legacy, ...later] };
  });
}

/**
 * So many hosts' `<cpu>` in a row, of so many kinds, as `virsh cpu-baseline` takes them. Frequency and microcode differ
 * from host to host as on real machines, so that no two of these texts are the same.
 */
export function fleet(count, kindCount = 40) {
  const kinds = kindsOf(kindCount);
  return Array.from({ length: count }, (_, i) => hostCpu(kinds[(i * 7) % kindCount], i)).join('');
}

/** Pieces of a text of so many lines of `profile`, of 60 kinds with about 165 features each. */
export function* profileLines(count, nameOf) {
  const names = namesOf('12.8.0').slice(0, 170);
  const lines = Array.from({ length: 60 }, (_, kind) =>
    profileLine(
      hostFromFeatures({
        ...{ name: 'NAME', vendor: 'Intel', libvirtVersion: '12.8.0' },
        features: names.filter((_name, n) => (n * 7 + kind) % 61 !== 0),
      }),
    ).split('NAME'),
  );
  for (let i = 0; i < count; i++) {
    const [before, after] = lines[(Math.imul(i, 40_503) >>> 8) % lines.length];
    yield `${before}${nameOf(i)}${after}\n`;
  }
}

function hostCpu({ model, signature, features }, i) {
  return `<cpu>
  <arch>x86_64</arch>
  <model>${model}</model>
  <vendor>Intel</vendor>
  <microcode version='${1000 + (i % 97)}'/>
  <counter name='tsc' frequency='${2_100_000_000 + i * 1013}' scaling='no'/>
  <signature family='6' model='${signature}' stepping='4'/>
${features.map((name) => `  <feature name='${name}'/>\n`).join('')}</cpu>
`;
}

/**
 * So many hosts' `<cpu>` in a row, with so many different sets of features between them: each host has its model, and
 * of the names beyond it about two in five.
 */
export function unlikeFleet(count, sets) {
  const names = namesOf('9.0.0').slice(0, 100);
  const random = randomBits(7);
  const kinds = Array.from({ length: sets }, () => ({
    model: 'Nehalem',
    signature: 26,
    features: names.filter(() => random() < 0.28),
  }));
  return Array.from({ length: count }, (_, i) => hostCpu(kinds[i % sets], i)).join('');
}

/** Pieces of a text of so many hosts that have so many features each, of those that a libvirt knows; no two have the same. */
export function* largeFleet(count, size) {
  const names = namesOf('12.8.0');
  const random = randomBits(11);
  for (let i = 0; i < count; i++) {
    const lacking = new Set();
    while (lacking.size < names.length - size) lacking.add(Math.floor(random() * names.length));
    const features = names.filter((_name, n) => !lacking.has(n));
    yield hostCpu({ model: '486', signature: 85, features }, i);
  }
}

/** So many hosts of so many kinds that lack other features each, made from sets; all boot what guests boot. */
export function alikeHosts(count, kinds) {
  const [{ features, model }] = smallPool();
  const needed = new Set(['cmov cx8 fpu fxsr lm mmx sse sse2 syscall pae nx msr tsc apic'.split(' ')].flat());
  const sets = Array.from({ length: kinds }, (_, kind) =>
    features.filter((name, i) => needed.has(name) || (i * 7 + kind) % kinds !== 0),
  );
  return Array.from({ length: count }, (_, i) =>
    hostFromFeatures({ name: `kvm-${i}`, features: sets[i % kinds], model, libvirtVersion: '9.0.0' }),
  );
}

/** Every feature name that a libvirt knows. */
function namesOf(libvirtVersion) {
  const { cpuMaps } = hostFromFeatures({ name: 'a', features: [], libvirtVersion });
  return cpuMaps[0].features.map(({ name }) => name);
}

/** One host as `virsh domcapabilities` prints it, without what says nothing about the CPU. */
export function domainCapabilities({ lacks = [] } = {}) {
  const features = LEGACY.filter((name) => !lacks.includes(name));
  return `<domainCapabilities>
  <path>/usr/bin/qemu-system-x86_64</path>
  <domain>kvm</domain>
  <machine>pc-q35-7.2</machine>
  <arch>x86_64</arch>
  <vcpu max='288'/>
  <os supported='yes'>
    <loader supported='yes'>
      <value>/usr/share/OVMF/OVMF_CODE_4M.fd</value>
      <enum name='type'><value>rom</value><value>pflash</value></enum>
      <enum name='secure'><value>no</value></enum>
    </loader>
  </os>
  <cpu>
    <mode name='host-passthrough' supported='yes'>
      <enum name='hostPassthroughMigratable'>
        <value>on</value>
        <value>off</value>
      </enum>
    </mode>
    <mode name='host-model' supported='yes'>
      <model fallback='forbid'>Skylake-Server</model>
      <vendor>Intel</vendor>
${features.map((name) => `      <feature policy='require' name='${name}'/>\n`).join('')}${lacks.map((name) => `      <feature policy='disable' name='${name}'/>\n`).join('')}    </mode>
    <mode name='custom' supported='yes'>
${CUSTOM.map(customModel).join('')}    </mode>
  </cpu>
  <devices>
${Object.entries(DEVICES).map(device).join('')}  </devices>
</domainCapabilities>
`;
}

const CUSTOM =
  'qemu64 kvm64 Westmere Snowridge Skylake-Server SandyBridge Opteron_G5 Nehalem IvyBridge Haswell EPYC Conroe 486'
    .split(' ')
    .flatMap((model) => [model, ...(model.length > 7 ? [`${model}-IBRS`] : [])]);

function customModel(model) {
  return `      <model usable='yes' vendor='Intel'>${model}</model>\n`;
}

/** Device → enum → its values, as libvirt 9.0.0 with QEMU 7.2 lists them, as far as guests of this bench ask. */
const DEVICES = {
  disk: {
    diskDevice: 'disk cdrom floppy lun',
    bus: 'fdc scsi virtio usb sata',
    model: 'virtio virtio-transitional virtio-non-transitional',
  },
  graphics: { type: 'sdl vnc spice egl-headless dbus' },
  video: { modelType: 'vga cirrus vmvga qxl virtio none bochs ramfb' },
  hostdev: { mode: 'subsystem', subsysType: 'usb pci scsi' },
  rng: { model: 'virtio virtio-transitional virtio-non-transitional', backendModel: 'random egd builtin' },
  filesystem: { driverType: 'path handle virtiofs' },
  tpm: { model: 'tpm-tis tpm-crb', backendModel: 'passthrough emulator' },
};

function device([name, enums]) {
  const lists = Object.entries(enums).map(
    ([key, values]) => `      <enum name='${key}'>
${values
  .split(' ')
  .map((value) => `        <value>${value}</value>\n`)
  .join('')}      </enum>
`,
  );
  return `    <${name} supported='yes'>\n${lists.join('')}    </${name}>\n`;
}

/** What `virsh capabilities` adds: who the machine is, and its machine types. */
function capabilities(i) {
  const machines = [
    ...['pc-i440fx-7.2', 'pc-q35-7.2', 'pc-q35-7.1'].map(
      (name) => `<machine maxCpus='255'>${name}</machine>`,
    ),
    "<machine canonical='pc-q35-7.2' maxCpus='288'>q35</machine>",
  ];
  return `<capabilities>
  <host>
    <uuid>4c4c4544-0051-3010-8052-b${i}c04f384631</uuid>
    <cpu>
      <arch>x86_64</arch>
      <model>Skylake-Server</model>
      <vendor>Intel</vendor>
      <microcode version='${33_554_509 + i}'/>
      <signature family='6' model='85' stepping='${i === 0 ? 7 : 4}'/>
${LEGACY.map((name) => `      <feature name='${name}'/>\n`).join('')}    </cpu>
  </host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <emulator>/usr/bin/qemu-system-x86_64</emulator>
      ${machines.join('')}
      <domain type='kvm'/>
    </arch>
  </guest>
</capabilities>
`;
}

/** The same hosts as `virsh hypervisor-cpu-baseline` prints them, which say nothing of guests' types and machines: for any corpus. */
export function plainPool() {
  return LACKING.map((lacks, i) =>
    parseHost(
      `<cpu mode='custom' match='exact'>
  <model fallback='forbid'>Skylake-Server</model>
  <vendor>Intel</vendor>
${LEGACY.filter((name) => !lacks.includes(name))
  .map((name) => `  <feature policy='require' name='${name}'/>\n`)
  .join('')}${lacks.map((name) => `  <feature policy='disable' name='${name}'/>\n`).join('')}</cpu>
`,
      { name: `kvm-${i + 1}`, libvirtVersion: '9.0.0' },
    ),
  );
}

/** What a small pool's hosts lack: together they differ in 15 features that guests see. */
export const LACKING = [
  [],
  ['aes', 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'mpx', 'pcid', 'tsc_adjust', 'vmx'],
  ['erms', 'hle', 'invpcid', 'rtm'],
];

/** Three hosts with all that is known of them, so that a plan has as much to say of a guest as it has of a real one. */
export function smallPool() {
  return LACKING.flatMap((lacks, i) =>
    parseHosts(capabilities(i) + domainCapabilities({ lacks }), {
      name: `kvm-${i + 1}`,
      libvirtVersion: '9.0.0',
    }),
  );
}

/** Hosts of which each has a tenth less than it could, and no two the same. */
export function unlikeHosts(count) {
  const names = namesOf('12.8.0');
  const random = randomBits(1);
  return Array.from({ length: count }, (_, i) =>
    hostFromFeatures({
      name: `host-${i}`,
      features: names.filter((_name, n) => n < 100 || random() < 0.9),
      libvirtVersion: '12.8.0',
    }),
  );
}
