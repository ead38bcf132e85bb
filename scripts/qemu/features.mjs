// What QEMU makes of its own feature names: which ones it has, which go with which, what each named model holds.
import { spawnSync } from 'node:child_process';
import { withQemu } from './session.mjs';

/** Every feature name this QEMU knows, without the aliases of other spelling. */
export function featureNames([program, ...rest]) {
  const { stdout } = spawnSync(program, [...rest, '-cpu', 'help'], { encoding: 'utf8' });
  const [, list = ''] = stdout.split(/Recognized CPUID flags:\n/);
  return [...new Set(list.split(/\s+/).filter(Boolean))].sort();
}

/** The features of a CPU of this kind that are on, and those which its accelerator does not support. */
async function featuresOf(command, accelerator, cpu, names) {
  const options = ['-machine', `q35,accel=${accelerator}`, '-m', '32', '-cpu', cpu];
  return withQemu(command, options, async (ask) => {
    const [{ 'qom-path': path }] = await ask('query-cpus-fast');
    const get = (property) => ask('qom-get', { path, property });
    const on = [];
    for (const name of names) if (await get(name)) on.push(name);
    return { on, unsupported: await get('unavailable-features') };
  });
}

/**
 * Which feature properties there are; which of them `max` turns on under emulation; and, where there is KVM, which `host`
 * does not although KVM supports them.
 */
export async function properties(command, accelerators) {
  const names = featureNames(command);
  const { on: max } = await featuresOf(command, 'tcg', 'max', names);
  return { names, max, ...(accelerators.includes('kvm') && { held: await heldBack(command, names) }) };
}

async function heldBack(command, names) {
  // On a host that is a guest itself, KVM may not take the MSRs that this one opens.
  const cpu = 'host,arch-capabilities=off';
  const { on } = await featuresOf(command, 'kvm', cpu, names);
  const off = names.filter((name) => !on.includes(name) && name !== 'arch-capabilities');
  const forced = [cpu, ...off.map((name) => `${name}=on`)].join(',');
  const { on: asked, unsupported } = await featuresOf(command, 'kvm', forced, names);
  return off.filter((name) => asked.includes(name) && !unsupported.includes(name));
}

const expander = (ask, name) => async (props) =>
  (await ask('query-cpu-model-expansion', { type: 'full', model: { name, props } })).model.props;

/**
 * Every feature forced on, one turned off at a time: name → what goes with it. Asked of a definition, not of a running
 * guest: what the host lacks is no reason to be off.
 */
export async function dependencies(command, accelerator, vendor) {
  const flags = featureNames(command);
  return withQemu(command, ['-machine', `none,accel=${accelerator}`], async (ask) => {
    const expand = expander(ask, 'max');
    const known = await expand({});
    const names = flags.filter((name) => typeof known[name] === 'boolean');
    const all = {
      ...Object.fromEntries(names.map((name) => [name, true])),
      vendor,
      pmu: true,
      migratable: false,
    };
    const { enforced, excluded } = await oneOff(expand, all, names);
    // Once more without each of what excludes something: nothing that only the other's absence shows is missed.
    for (const rival of new Set(Object.values(excluded))) {
      const rest = names.filter((name) => name !== rival);
      merge(enforced, (await oneOff(expand, { ...all, [rival]: false }, rest)).enforced);
    }
    return { names, enforced, excluded };
  });
}

/** What goes off with each of these names; and of what is off though asked for, the name without which it comes on. */
async function oneOff(expand, all, names) {
  const on = await expand(all);
  const off = names.filter((name) => on[name] !== true && !name.startsWith('kvm'));
  const enforced = {};
  const excluded = {};
  for (const name of names) {
    const props = await expand({ ...all, [name]: false });
    const gone = names.filter((other) => other !== name && on[other] === true && props[other] !== true);
    if (gone.length > 0) enforced[name] = gone;
    // Of two that exclude each other, both are off.
    for (const other of off) if (props[other] === true) excluded[other] = name;
  }
  return { enforced, excluded };
}

function merge(into, more) {
  for (const [name, gone] of Object.entries(more))
    into[name] = [...new Set([...(into[name] ?? []), ...gone])].sort();
}

/** What each named model holds on this machine type, before the host takes anything away. */
export async function models(command, accelerator, machine) {
  const flags = featureNames(command);
  const options = ['-machine', `${machine},accel=${accelerator}`, '-cpu', 'qemu64,arch-capabilities=off'];
  return withQemu(command, options, async (ask) => {
    const named = (await ask('query-cpu-definitions')).map(({ name }) => name);
    const found = {};
    for (const name of named.filter((one) => !['base', 'host', 'max'].includes(one)).sort()) {
      const props = await expander(ask, name)({});
      found[name] = flags.filter((flag) => props[flag] === true && !flag.startsWith('kvm'));
    }
    return found;
  });
}
