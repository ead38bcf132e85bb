// Puts installed libvirt CPU maps into lib/cpu/maps.json, beside those it holds:
//   npm run generate-cpu-maps -- [VERSION=]DIR …     (DIR as /usr/share/libvirt/cpu_map; VERSION defaults to its last part)
// lib/cpu/packed.ts says what is written, and unpacks it. One feature or model to a line, so that changes can be read.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare } from 'semver';
import { parseCpuMap } from 'libvirt-migratable';

const target = fileURLToPath(new URL('../lib/cpu/maps.json', import.meta.url));
const maps = new Map();
for (const { version } of JSON.parse(readFileSync(target, 'utf8')))
  maps.set(version, (await import(`libvirt-migratable/maps/${version}`)).cpuMap);

for (const argument of process.argv.slice(2)) {
  const [, version = basename(resolve(argument)), directory = argument] =
    /^([\d.]+)=(.+)$/.exec(argument) ?? [];
  const names = readdirSync(directory).filter((name) => name.endsWith('.xml'));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
  maps.set(version, parseCpuMap(files, version));
}

const sorted = [...maps.values()].sort((a, b) => compare(a.version, b.version));
writeFileSync(target, `[\n${sorted.map((map, i) => pack(map, sorted[i - 1])).join(',\n')}\n]\n`);
for (const { version, features, models } of sorted)
  console.error(`${version}: ${features.length} features, ${models.length} models`);

function pack({ features, models, ...rest }, before) {
  const lines = (rows) => rows.map((row) => JSON.stringify(row)).join(',\n');
  const packedFeatures = features.map((one) => nameIfIn(before?.features, one) ?? packFeature(one));
  const packedModels = models.map(
    (one, i) => nameIfIn(before?.models, one) ?? packModel(one, models.slice(0, i)),
  );
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},\n"features":[\n${lines(packedFeatures)}\n],\n"models":[\n${lines(packedModels)}\n]}`;
}

function nameIfIn(rows = [], one) {
  const same = rows.find(({ name }) => name === one.name);
  return JSON.stringify(same) === JSON.stringify(one) ? one.name : undefined;
}

function packFeature({ name, bit, aliases = [], migratable = true }) {
  const [, ...parts] = bit;
  const place = [...parts.slice(0, -2).map((part) => part.toString(16)), ...parts.slice(-2)].join('.');
  return [name, place, ...aliases, ...(migratable ? [] : ['!'])].join(' ');
}

/** As changes to the model that takes the fewest words. */
function packModel(model, older) {
  const [best] = [undefined, ...older]
    .map((like) => packedLike(model, like))
    .sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
  return best;
}

function packedLike({ decode, features, signatures, removed, added, ...rest }, like) {
  const changed = (names, before) => (names === undefined ? undefined : changes(names, before).join(' '));
  return {
    ...rest,
    decode: Object.keys(decode)
      .filter((who) => decode[who])
      .join(' '),
    signatures: signatures?.map((numbers) => numbers.join('.')).join(' '),
    like: like?.name,
    features: changed(features, like?.features),
    removed: changed(removed, like?.removed),
    added: changed(added, like?.added),
  };
}

/** What to add to these names and to take from them. */
function changes(names, before = []) {
  return [
    ...names.filter((name) => !before.includes(name)),
    ...before.filter((name) => !names.includes(name)).map((name) => `-${name}`),
  ];
}
