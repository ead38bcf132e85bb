// What QEMU makes of a machine type and a topology: properties that the type sets for CPUs, and features QEMU sets itself.
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

const switches = { true: 'on', false: 'off' };
const written = (value) => switches[value] ?? String(value);

/**
 * The properties of CPUs that machine types set: `{ until, model, property, value }`, where `until` is the last type that
 * sets it and an empty `model` means all. Only a QEMU since 9.1 tells; `undefined` from an older one.
 */
export async function compatRows(command) {
  const types = await machineTypes(command);
  const machines = await withQemu(command, ['-machine', 'none'], (ask) =>
    ask('query-machines', { 'compat-props': true }).catch(() => undefined),
  );
  if (machines === undefined) return undefined;
  const found = new Map();
  for (const type of types) {
    const own = new Map();
    for (const { 'qom-type': cpu, property, value } of machines.find(({ name }) => name === type)[
      'compat-props'
    ])
      if (/(?:^|-)x86_64-cpu$/.test(cpu)) {
        const model = cpu.replace(/-?x86_64-cpu$/, '');
        // Of several values the last one counts.
        own.set(`${model} ${property}`, {
          until: type.replace('pc-q35-', ''),
          model,
          property,
          value: written(value),
        });
      }
    for (const row of own.values()) found.set(Object.values({ ...row, until: '' }).join(' '), row);
  }
  return [...found.values()];
}

/** What changes in the definitions of models from one machine type to the next: `{ until, model, property, value }`. */
export async function compatChanges(command) {
  const types = await machineTypes(command);
  const found = [];
  let before;
  for (const machine of types) {
    const now = await definitions(command, machine);
    for (const [model, props] of Object.entries(before?.models ?? {}))
      for (const [property, value] of Object.entries(props))
        if (now[model][property] !== value)
          found.push({ until: before.until, model, property, value: written(value) });
    before = { until: machine.replace('pc-q35-', ''), models: now };
  }
  return found;
}

async function definitions(command, machine) {
  const options = ['-machine', `${machine},accel=tcg`, '-m', '32', '-cpu', 'qemu64'];
  return withQemu(command, options, async (ask) => {
    const found = {};
    for (const { name } of await ask('query-cpu-definitions'))
      if (!['base', 'host'].includes(name))
        found[name] = (await ask('query-cpu-model-expansion', { type: 'full', model: { name } })).model.props;
    return found;
  });
}

/** Levels follow from what the model has, unless `full-cpuid-auto-level` is off. */
const DERIVED = /^(?:min-)?x?level2?$|^level-func7$/;

/** Of these changes, those that no row explains. */
export function unexplained(changes, rows) {
  const explained = new Set(
    rows.map(
      ({ until, model, property, value }) => `${until} ${model} ${property} ${Number(value) || value}`,
    ),
  );
  return changes.filter(({ until, model, property, value }) => {
    const name = property.replaceAll('_', '-');
    const isIn = (of) => explained.has(`${until} ${of} ${name} ${Number(value) || value}`);
    return !DERIVED.test(property) && !isIn(model) && !isIn('');
  });
}

/** What QEMU's definition of `max` has on this machine type, with each of these sets of properties: the values of one name. */
export async function onMachine(command, { machine, accelerator }, questions) {
  const options = ['-machine', `${machine},accel=${accelerator}`];
  if (machine !== 'none') options.push('-cpu', 'qemu64,arch-capabilities=off');
  return withQemu(command, options, async (ask) => {
    const found = {};
    for (const { name, props = {} } of questions) {
      const argument = { type: 'full', model: { name: 'max', props } };
      found[name] = (await ask('query-cpu-model-expansion', argument)).model.props[name];
    }
    return found;
  });
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
