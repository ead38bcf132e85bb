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

/** Which feature properties there are that the oldest libvirt has no name for, and which of them are on without being asked for. */
export function propertiesTable(measured, isNamed) {
  const rows = measured.map(({ version, properties }, i) => {
    const gained = (list) => {
      const [now, before] = [properties, measured[i - 1]?.properties].map((one) =>
        (one?.[list] ?? []).filter((name) => !isNamed(name)),
      );
      const lost = before.filter((name) => !now.includes(name));
      if (lost.length > 0)
        throw new Error(
          `QEMU ${version}, ${list}: ${lost.join(' ')} have gone, for which the table has no place`,
        );
      return text(now.filter((name) => !before.includes(name)));
    };
    return `{ qemu: '${version}', names: ${gained('names')}, max: ${gained('max')}, held: ${gained('held')} }`;
  });
  return `
/** One release of QEMU. Names are words between blanks, in QEMU's spelling; each list says what came since the release before. */
export interface MeasuredProperties {
  readonly qemu: string;
  /**
   * Boolean properties that are features of a CPU (\`-cpu help\` lists them) and that the oldest libvirt of these has no name
   * for. What that one names, every QEMU of these has, except \`FILTERED\` and \`NOT_IN_QEMU\`.
   */
  readonly names: string;
  /** Those that \`max\` turns on under emulation. */
  readonly max: string;
  /** Those that \`host\` leaves off under KVM although KVM supports them (measured on AMD). */
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
 * CPU properties that machine types set (\`pc-q35-…\` and \`pc-i440fx-…\` alike), the newest type first: the last of the types,
 * in QEMU's own numbering, which all older ones follow but for a later row of the same property; the
 * models that are meant, every model where none is named; and what is set, as on QEMU's command line.
 */
export const COMPAT: readonly (readonly [until: string, models: string, sets: string])[] = [
  ${lines.join(',\n')}
];
`;
}
