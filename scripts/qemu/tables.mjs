// What was measured of several QEMUs, oldest first, as tables in TypeScript.
import { enforcedRows } from './pairs.mjs';

const WIDTH = 100;

/** Words as a string of TypeScript in lines of a readable length. */
function text(words, blank = ' ') {
  const lines = [''];
  for (const [i, word] of words.entries()) {
    if (lines.at(-1).length + word.length > WIDTH) lines.push('');
    lines.push(`${lines.pop()}${word}${i < words.length - 1 ? blank : ''}`);
  }
  return lines.map((line) => JSON.stringify(line)).join(' + ');
}

/** What to add to these names, and with a `-` in front what to take from them. */
function changes(names, before = []) {
  return [
    ...names.filter((name) => !before.includes(name)),
    ...before.filter((name) => !names.includes(name)).map((name) => `-${name}`),
  ];
}

/** Which feature properties there are, and which of them the CPU that has all turns on. */
export function propertiesTable(measured) {
  const rows = measured.map(({ version, properties: { names, max, held } }, i) => {
    const before = measured[i - 1]?.properties;
    const lists = { names: changes(names, before?.names), max: changes(max, before?.max) };
    if (lists.names.some((name) => name.startsWith('-')))
      throw new Error(
        `QEMU ${version} has lost names, for which the table has no place: ${lists.names.join(' ')}`,
      );
    return `{ qemu: '${version}', names: ${text(lists.names)}, max: ${text(lists.max)},
      held: ${text(changes(held, before?.held))} }`;
  });
  return `
/** One release of QEMU. Names are words between blanks, in QEMU's spelling; each list says what changed since the release before. */
export interface MeasuredProperties {
  readonly qemu: string;
  /** Boolean properties that are features of a CPU, as \`-cpu help\` lists them. */
  readonly names: string;
  /** What \`max\` turns on under emulation. */
  readonly max: string;
  /** What \`host\` leaves off under KVM although KVM supports it (measured on AMD). */
  readonly held: string;
}

export const MEASURED_PROPERTIES: readonly MeasuredProperties[] = [${rows.join(',\n')}];
`;
}

/** What QEMU's named models have beyond what libvirt's maps list, which is in \`beyond\` for each kind of guest. */
export function modelsTable({ given, leftOut, beyond }) {
  const keys = new Map();
  const inherited = (name) => {
    for (let key = name; key !== ''; key = key.slice(0, Math.max(0, key.lastIndexOf('-'))))
      if (keys.has(key)) return keys.get(key);
    return '';
  };
  const inOrder = [...beyond].sort(
    ([a], [b]) => a.split('-').length - b.split('-').length || (a < b ? -1 : 1),
  );
  for (const [name, features] of inOrder)
    if (inherited(name) !== features.join(' ')) keys.set(name, features.join(' '));
  const groups = new Map();
  for (const [name, features] of keys) groups.set(features, [...(groups.get(features) ?? []), name]);
  const rows = [...groups]
    .map(([features, names]) => [names.sort(), features])
    .sort(([[a]], [[b]]) => (a < b ? -1 : 1));
  return `
/** What QEMU gives every named model that libvirt's maps do not list, by the kind of guest. */
export const GIVEN_TO_ALL: Readonly<Record<'kvm' | 'qemu', string>> = { kvm: ${text(given.kvm)}, qemu: ${text(given.qemu)} };

/** What QEMU leaves out of every named model by the kind of guest, whatever the table below says. */
export const LEFT_OUT: Readonly<Record<'kvm' | 'qemu', string>> = { kvm: ${text(leftOut.kvm)}, qemu: ${text(leftOut.qemu)} };

/**
 * Features that named models have and libvirt's maps do not list (in one of the maps, at least), without \`vmx-…\`. A model
 * that is not here has what its family has, the longest name here that its own begins with: \`Haswell-v1\` what \`Haswell\` has.
 */
export const MORE_THAN_LISTED: readonly (readonly [models: string, features: string])[] = [
  ${rows.map(([names, features]) => `[${text(names)}, '${features}']`).join(',\n')}
];
`;
}

/** Which features go with which; what the registers explain (\`openers\`) is left out. */
export function dependenciesTable(measured, openers) {
  const { rows, exclusive } = enforcedRows(measured, openers);
  const since = (version) => (version === undefined ? '' : `, since: '${version}'`);
  return `
/** Children that QEMU turns off with a parent. */
export interface Enforced {
  readonly parent: string;
  readonly children: string;
  /** First measured QEMU that does so, where an older one has both names and does not. */
  readonly since?: string;
}

export const ENFORCED: readonly Enforced[] = [
  ${rows.map((row) => `{ parent: '${row.parent}', children: '${row.children.join(' ')}'${since(row.since)} }`).join(',\n')}
];

/** Features that QEMU does not show together: with one of them on, the other one is off. */
export const EXCLUSIVE: readonly { readonly pair: readonly string[]; readonly since: string }[] = [
  ${exclusive.map(({ pair, since: first }) => `{ pair: ${JSON.stringify(pair)}, since: '${first}' }`).join(',\n')}
];
`;
}

/** Which CPU properties each machine type sets: the newest type first, and what is for all models. */
export function compatTable(rows) {
  const setBy = new Map();
  for (const { until, model, property, value } of rows) {
    const key = `${until} ${model}`;
    setBy.set(key, [...(setBy.get(key) ?? []), `${property}=${value}`]);
  }
  const groups = new Map();
  for (const [key, sets] of setBy) {
    const [until, model] = key.split(' ');
    const group = [until, sets.sort().join()].join(' ');
    groups.set(group, { until, sets, models: [...(groups.get(group)?.models ?? []), model].sort() });
  }
  const inOrder = [...groups.values()].sort(
    (a, b) => b.until.localeCompare(a.until, 'en', { numeric: true }) || (a.models[0] < b.models[0] ? -1 : 1),
  );
  const lines = inOrder.map(({ until, models, sets }) => `['${until}', ${text(models)}, ${text(sets, ',')}]`);
  return `
/**
 * CPU properties that machine types set: the last of the types, in QEMU's own numbering, which all older ones follow; the
 * models that are meant, every model where none is named; and what is set, as on QEMU's command line.
 */
export const COMPAT: readonly (readonly [until: string, models: string, sets: string])[] = [
  ${lines.join(',\n')}
];
`;
}
