// What QEMU makes of a machine type and a topology: compat properties of the CPU, and features it sets itself.
import { guestCpuid } from './cpuid-guest.mjs';
import { withQemu } from './session.mjs';

const parts = (name) => name.replace(/^.*-/, '').split('.').map(Number);
const older = (a, b) => {
  const [x, y] = [parts(a), parts(b)];
  return x[0] - y[0] || x[1] - y[1] || (x[2] ?? 0) - (y[2] ?? 0);
};

/** The versioned q35 machine types, oldest first. */
export async function machineTypes(command) {
  const all = await withQemu(command, ['-machine', 'none'], (ask) => ask('query-machines'));
  return all
    .map(({ name }) => name)
    .filter((name) => /^pc-q35-\d+\.\d+$/.test(name))
    .sort(older);
}

async function cpuProperties(command, machine, accelerator, cpu) {
  const options = [
    '-machine',
    `${machine},accel=${accelerator}`,
    '-m',
    '32',
    '-cpu',
    `${cpu},arch-capabilities=off`,
  ];
  return withQemu(command, options, async (ask) => {
    const [{ 'qom-path': path }] = await ask('query-cpus-fast');
    const found = {};
    for (const { name, type } of await ask('qom-list', { path })) {
      if (/^(?:bool|u?int\d*|str|string)$/.test(type))
        found[name] = await ask('qom-get', { path, property: name }).catch(() => undefined);
    }
    return found;
  });
}

/** CPU properties that machine types set: name → the last machine type with the older value, and both values. */
export async function compatProperties(command, accelerator, cpu) {
  const types = await machineTypes(command);
  const found = {};
  let before;
  for (const machine of types) {
    const now = await cpuProperties(command, machine, accelerator, cpu);
    for (const name of before === undefined ? [] : Object.keys(now)) {
      if (JSON.stringify(now[name]) !== JSON.stringify(before.properties[name]))
        found[name] = { until: before.machine, was: before.properties[name], is: now[name] };
    }
    before = { machine, properties: now };
  }
  return found;
}

/** Whether QEMU's definition of a CPU has these features on this machine type, with these properties set. */
export async function onMachine(command, { machine, accelerator, cpu, props = {} }, names) {
  const options = ['-machine', `${machine},accel=${accelerator}`];
  if (machine !== 'none') options.push('-cpu', 'qemu64,arch-capabilities=off');
  const model = { name: cpu, props };
  const { model: answer } = await withQemu(command, options, (ask) =>
    ask('query-cpu-model-expansion', { type: 'full', model }),
  );
  return Object.fromEntries(names.map((name) => [name, answer.props[name]]));
}

/** Topologies worth telling apart: sockets, cores, threads. */
export const TOPOLOGIES = ['2,1,1', '1,2,1'];
const SET_BY_QEMU = ['ht', 'cmp-legacy', 'topoext'];
const BITS = {
  ht: ['0x1.0', 'edx', 28],
  'cmp-legacy': ['0x80000001.0', 'ecx', 1],
  topoext: ['0x80000001.0', 'ecx', 22],
};

/** Of `ht`, `cmp-legacy` and `topoext`: what QEMU reports (what libvirt compares), and what the guest sees. */
export async function topologyFeatures(command, { machine, accelerator, cpu, topology }, root) {
  const [sockets, cores, threads] = topology.split(',').map(Number);
  const args = [
    ...['-machine', `${machine},accel=${accelerator}`, '-m', '32', '-cpu', `${cpu},arch-capabilities=off`],
    ...['-smp', `${sockets * cores * threads},sockets=${sockets},cores=${cores},threads=${threads}`],
  ];
  const reported = await withQemu(command, args, async (ask) => {
    const [{ 'qom-path': path }] = await ask('query-cpus-fast');
    const on = [];
    for (const property of SET_BY_QEMU) if (await ask('qom-get', { path, property })) on.push(property);
    return on;
  });
  const registers = guestCpuid(command, args, root);
  const seen = SET_BY_QEMU.filter((name) => {
    const [leaf, register, bit] = BITS[name];
    return ((registers[leaf][register] >>> bit) & 1) === 1;
  });
  return { reported, seen };
}
