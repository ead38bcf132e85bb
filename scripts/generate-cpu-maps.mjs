// Writes lib/cpu/maps/VERSION.json from installed libvirt CPU maps:
//   npm run generate-cpu-maps -- [VERSION=]DIR …     (DIR as /usr/share/libvirt/cpu_map; VERSION defaults to its last part)
// One feature or model to a line, so that the difference between two versions can be read. A new version is also
// named in lib/cpu/maps/lazy.cjs and all.mjs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCpuMap } from 'libvirt-migratable';

const target = fileURLToPath(new URL('../lib/cpu/maps/', import.meta.url));
const wanted = process.argv.slice(2);
if (wanted.length === 0) {
  console.error('usage: npm run generate-cpu-maps -- [VERSION=]DIR …');
  process.exit(2);
}

for (const argument of wanted) {
  const [, version = basename(resolve(argument)), directory = argument] =
    /^([\d.]+)=(.+)$/.exec(argument) ?? [];
  const names = readdirSync(directory).filter((name) => name.endsWith('.xml'));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
  const { features, models, ...rest } = parseCpuMap(files, version);
  const lines = (rows) => rows.map((row) => JSON.stringify(row)).join(',\n');
  const head = JSON.stringify(rest).slice(0, -1);
  const json = `${head},\n"features":[\n${lines(features)}\n],\n"models":[\n${lines(models)}\n]}\n`;
  writeFileSync(join(target, `${version}.json`), json);
  console.error(`${version}: ${features.length} features, ${models.length} models`);
}
