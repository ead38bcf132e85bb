// Measures the facts in lib/cpu/facts of a QEMU, here or in the root directory of another system (as debootstrap makes
// one, with /proc, /dev and /sys mounted):
//   node scripts/measure-qemu.mjs [--root DIR] [PART …]     prints JSON
// PART: properties, dependencies, models, compat, shown, topology, blockers; all of them by default. Takes a minute or two.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dependencies, models, properties } from './qemu/features.mjs';
import {
  compatChanges,
  compatRows,
  machineTypes,
  onMachine,
  TOPOLOGIES,
  topologyFeatures,
} from './qemu/machines.mjs';
import { blocker, imageOf, KINDS } from './qemu/migratable.mjs';
import { emulator, versionOf } from './qemu/session.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--root');
const root = at < 0 ? undefined : words.splice(at, 2)[1];
const command = emulator(root);
const accelerators = existsSync(join(root ?? '/', 'dev/kvm')) ? ['tcg', 'kvm'] : ['tcg'];
const IMAGES = ['qcow', 'qcow2', 'qed', 'vdi', 'vhdx', 'vmdk', 'vpc'];

async function perAccelerator(measure) {
  const found = {};
  for (const accelerator of accelerators) found[accelerator] = await measure(accelerator);
  return found;
}

/** Features that a document asked without a machine may omit, and how to ask for them. */
const OMITTED = [
  { name: 'arch-capabilities' },
  { name: 'pdcm', props: { pdcm: true, pmu: false, vendor: 'GenuineIntel' } },
];

async function shown() {
  const machines = ['none', ...(await machineTypes(command))];
  return perAccelerator(async (accelerator) => {
    const found = {};
    for (const machine of machines)
      found[machine] = await onMachine(command, { machine, accelerator }, OMITTED);
    return found;
  });
}

async function topology() {
  const types = await machineTypes(command);
  const rows = [];
  for (const accelerator of accelerators)
    for (const cpu of ['Nehalem', 'EPYC,ht=off,cmp-legacy=off', 'EPYC,ht=on,cmp-legacy=on'])
      for (const sockets of TOPOLOGIES) {
        const asked = { machine: types.at(-1), accelerator, cpu, topology: sockets };
        rows.push({ ...asked, ...(await topologyFeatures(command, asked, root)) });
      }
  return rows;
}

async function blockers() {
  const found = {};
  for (const [kind, args] of Object.entries(KINDS)) found[kind] = await blocker(command, args);
  for (const format of IMAGES) {
    const path = `/tmp/facts-${process.pid}.${format}`;
    const [program, ...rest] = [
      ...command.slice(0, -1),
      'qemu-img',
      'create',
      '-q',
      '-f',
      format,
      path,
      '1M',
    ];
    if (spawnSync(program, rest).status === 0)
      found[`image ${format}`] = await blocker(command, imageOf(format, path));
    rmSync(join(root ?? '/', path), { force: true });
  }
  return found;
}

const newest = async () => (await machineTypes(command)).at(-1);
const PARTS = {
  properties: () => properties(command, accelerators),
  // Asked under emulation: under KVM, and with the other vendor, the answers were the same (7.2, 10.0, 11.1).
  dependencies: () => dependencies(command, 'tcg', 'GenuineIntel'),
  models: () => perAccelerator(async (accelerator) => models(command, accelerator, await newest())),
  compat: async () => ({ rows: await compatRows(command), changes: await compatChanges(command) }),
  shown,
  topology,
  blockers,
};

const parts = words.length > 0 ? words : Object.keys(PARTS);
if (parts.some((part) => !Object.hasOwn(PARTS, part))) {
  console.error(`usage: node scripts/measure-qemu.mjs [--root DIR] [${Object.keys(PARTS).join('|')} …]`);
  process.exit(2);
}
const facts = { qemuVersion: await versionOf(command) };
for (const part of parts) facts[part] = await PARTS[part]();
console.log(JSON.stringify(facts, undefined, 1));
