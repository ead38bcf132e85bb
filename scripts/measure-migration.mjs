// Measures what a libvirt refuses to move, by trying it: a paused guest of one kind after the other is started under one
// libvirtd and moved to another.
//   node scripts/measure-migration.mjs SOURCE DESTINATION SHARED      prints JSON
// SOURCE and DESTINATION are libvirt URIs; both hosts, and this program, see SHARED by that path. Guests are emulated, of
// 64 MiB, and paused.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [source, destination, shared] = process.argv.slice(2);
if (shared === undefined) {
  console.error('usage: node scripts/measure-migration.mjs SOURCE DESTINATION SHARED');
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'facts-'));
const NAME = `facts-${process.pid}`;
const MACHINE = 'pc-q35-7.2';

function virsh(uri, ...words) {
  const options = { encoding: 'utf8', timeout: 60_000 };
  const { status, stdout, stderr } = spawnSync('virsh', ['-q', '-c', uri, ...words], options);
  return { done: status === 0, text: `${stdout}${stderr}`.trim() };
}

function makeImage(format) {
  const words = ['create', '-q', '-f', format, join(shared, `facts.${format}`), '8M'];
  const { status, stderr } = spawnSync('qemu-img', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const disk = (format, more = '', attributes = '') =>
  `<disk type='file' device='disk'><driver name='qemu' type='${format}' ${attributes}/>` +
  `<source file='${shared}/facts.${format}'/><target dev='vda' bus='virtio'/>${more}</disk>`;
const shmem = (more) =>
  `<shmem name='facts' ${more}><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>`;
const virtiofs = `<filesystem type='mount'><driver type='virtiofs'/><binary><sandbox mode='chroot'/></binary>
  <source dir='${shared}'/><target dir='t'/></filesystem>`;

/** Kind → devices of the guest; or what else of it there is. */
const KINDS = {
  nothing: {},
  'shmem peer': { devices: shmem('') },
  'shmem master': { devices: shmem("role='master'") },
  'disk transient': { devices: disk('qcow2', '<transient/>') },
  'disk on one host': { devices: disk('raw'), safe: true },
  'disk on one host, cache none': { devices: disk('raw', '', "cache='none'"), safe: true },
  'disk read-only': { devices: disk('raw', '<readonly/>'), safe: true },
  'disk vmdk': { devices: disk('vmdk') },
  'disk vdi': { devices: disk('vdi') },
  'disk vpc': { devices: disk('vpc') },
  'disk qcow': { devices: disk('qcow') },
  'disk qed': { devices: disk('qed') },
  'filesystem 9p': {
    devices: `<filesystem type='mount'><source dir='${shared}'/><target dir='t'/></filesystem>`,
  },
  'filesystem virtiofs': {
    devices: virtiofs,
    memory: "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>",
  },
  'sound usb': { devices: "<sound model='usb'/><audio id='1' type='none'/>" },
  'sound virtio': { devices: "<sound model='virtio'/><audio id='1' type='none'/>" },
  'sound ich9': { devices: "<sound model='ich9'/><audio id='1' type='none'/>" },
  'serial usb': {
    devices: "<serial type='null'><target type='usb-serial'><model name='usb-serial'/></target></serial>",
  },
  'iommu intel': { devices: "<iommu model='intel'/>" },
  'panic, watchdog': { devices: "<panic model='pvpanic'/><watchdog model='itco'/>" },
  'several cores': { processors: 2 },
  snapshot: {
    devices: disk('qcow2'),
    persistent: true,
    then: [
      'snapshot-create-as',
      NAME,
      'one',
      '--disk-only',
      '--diskspec',
      `vda,file=${shared}/facts.snapshot`,
    ],
  },
  'block job': {
    devices: disk('qcow2'),
    then: [
      'blockcopy',
      NAME,
      'vda',
      `${shared}/facts.copy`,
      '--transient-job',
      '--bytes',
      '--bandwidth',
      '1',
    ],
  },
};

function domainOf({ devices = '', memory = '', processors = 1 }) {
  return `<domain type='qemu'><name>${NAME}</name><memory unit='MiB'>64</memory>${memory}<vcpu>${processors}</vcpu>
<os><type arch='x86_64' machine='${MACHINE}'>hvm</type></os><features><acpi/></features>
<cpu mode='custom' match='exact' check='partial'><model fallback='forbid'>qemu64</model>
<topology sockets='1' cores='${processors}' threads='1'/></cpu>
<devices><memballoon model='none'/>${devices}</devices></domain>`;
}

/** `moves`, or what libvirt says; `null` where such a guest cannot be started. */
function outcomeOf(kind) {
  const file = join(scratch, 'domain.xml');
  writeFileSync(file, domainOf(kind));
  try {
    if (kind.persistent === true) virsh(source, 'define', file);
    const started = kind.persistent ? ['start', NAME] : ['create', file];
    if (!virsh(source, ...started, '--paused').done) return null;
    if (kind.then !== undefined && !virsh(source, ...kind.then).done) return null;
    const flags = ['--live', ...(kind.safe === true ? [] : ['--unsafe'])];
    const uri = ['--migrateuri', `unix://${shared}/facts.sock`];
    const { done, text } = virsh(source, 'migrate', ...flags, NAME, destination, ...uri);
    return done ? 'moves' : text.replace(/^error: /, '');
  } finally {
    for (const uri of [source, destination]) {
      virsh(uri, 'destroy', NAME);
      virsh(uri, 'undefine', NAME, '--snapshots-metadata');
    }
    for (const name of ['facts.snapshot', 'facts.copy', 'facts.sock'])
      rmSync(join(shared, name), { force: true });
  }
}

const IMAGES = ['raw', 'qcow2', 'qcow', 'qed', 'vmdk', 'vdi', 'vpc'];
for (const format of IMAGES) makeImage(format);
const outcomes = {};
for (const [name, kind] of Object.entries(KINDS)) outcomes[name] = outcomeOf(kind);
for (const format of IMAGES) rmSync(join(shared, `facts.${format}`), { force: true });
rmSync(scratch, { recursive: true });
console.log(JSON.stringify(outcomes, undefined, 1));
