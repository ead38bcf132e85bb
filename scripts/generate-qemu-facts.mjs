// Writes what QEMU itself says of its CPUs into lib/cpu/facts/measured:
//   npm run generate-qemu-facts -- [ROOT …]
// from the installed QEMU and the one in each ROOT, the root directory of another system (`.ci/roots` makes them). All
// releases that the tables are to have must be given at once. Needs /dev/kvm, and one QEMU since 9.1.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { load } from './load.mjs';
import { compatChanges, compatRows, machineTypes, unexplained } from './qemu/machines.mjs';
import { dependencies, models, properties } from './qemu/features.mjs';
import { beyondMaps } from './qemu/models.mjs';
import { emulator, versionOf } from './qemu/session.mjs';
import { compatTable, dependenciesTable, modelsTable, propertiesTable } from './qemu/tables.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const TARGET = 'lib/cpu/facts/measured';

const library = await load(`
  export { ENFORCED_OPENERS } from './lib/cpu/facts/qemu-dependencies.ts';
  export { featuresOfModel, indexOf } from './lib/cpu/map.ts';
  export { libvirtName } from './lib/cpu/names.ts';
`);
const maps = [];
for (const { version } of JSON.parse(readFileSync('lib/cpu/maps.json', 'utf8')))
  maps.push((await import(`libvirt-migratable/maps/${version}`)).cpuMap);
const named = (name) => {
  const own = library.libvirtName(name);
  return maps.some((map) => library.indexOf(map).features.has(own)) ? own : undefined;
};
const inLibvirt = (names) => names.flatMap((name) => named(name) ?? []);

async function measure(root) {
  const command = emulator(root);
  const version = await versionOf(command);
  console.error(`QEMU ${version} …`);
  const newest = (await machineTypes(command)).at(-1);
  const { names, enforced, excluded } = await dependencies(command, 'tcg', 'GenuineIntel');
  const pairs = Object.entries(enforced).filter(([parent]) => named(parent) !== undefined);
  return {
    version,
    properties: await properties(command, ['tcg', 'kvm']),
    models: { kvm: await models(command, 'kvm', newest), qemu: await models(command, 'tcg', newest) },
    names: new Set(inLibvirt(names)),
    enforced: new Map(pairs.map(([parent, children]) => [named(parent), new Set(inLibvirt(children))])),
    excluded,
    compat: { rows: await compatRows(command), changes: await compatChanges(command) },
  };
}

/** Pairs of what opens a leaf or register, and what stands in it. */
function openerPairs() {
  const features = new Map(maps.flatMap((map) => map.features.map(({ name, bit }) => [name, bit])));
  return [...features].flatMap(([name, bit]) => {
    const opener = library.ENFORCED_OPENERS.find(({ opens }) => opens(bit));
    return opener === undefined || opener.parent === name ? [] : [[opener.parent, name, opener.since]];
  });
}

/** The same rows of all QEMUs, each once; what an older one changes must be among them. */
function allCompatRows(measured) {
  const rows = new Map();
  for (const row of measured.flatMap(({ compat }) => compat.rows ?? []))
    rows.set(Object.values(row).join(' '), row);
  for (const { version, compat } of measured) {
    const [first] = unexplained(compat.changes, [...rows.values()]);
    if (first !== undefined)
      throw new Error(`QEMU ${version} sets what no newer one tells: ${JSON.stringify(first)}`);
  }
  return [...rows.values()];
}

const measured = [];
for (const root of [undefined, ...process.argv.slice(2)]) measured.push(await measure(root));
measured.sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
const tables = {
  properties: propertiesTable(measured, (name) =>
    library.indexOf(maps[0]).features.has(library.libvirtName(name)),
  ),
  models: modelsTable(beyondMaps(measured, { ...library, maps, named })),
  dependencies: dependenciesTable(measured, openerPairs()),
  compat: compatTable(allCompatRows(measured)),
};

const versions = measured.map(({ version }) => version).join(', ');
const libvirts = maps.map(({ version }) => version).join(', ');
const head = `// Written by \`npm run generate-qemu-facts\`: QEMU ${versions}; names of libvirt ${libvirts}.\n`;
for (const [name, text] of Object.entries(tables)) {
  const options = { parser: 'typescript', singleQuote: true, printWidth: 110 };
  writeFileSync(`${TARGET}/${name}.ts`, await format(head + text, options));
}
