// Writes lib/cpu/maps/VERSION.ts from installed libvirt CPU maps:
//   npm run generate-cpu-maps -- [VERSION=]DIR …     (DIR as /usr/share/libvirt/cpu_map; VERSION defaults to its last part)
// The facts stand as JSON in a string, a feature or model to a line: they load only when asked for, and diff well.
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
  const map = parseCpuMap(
    Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')])),
    version,
  );
  writeFileSync(join(target, `${version}.ts`), moduleOf(map));
  console.error(`${version}: ${map.features.length} features, ${map.models.length} models`);
}

/** The module's text. No fact holds a backquote, backslash or `${`; the check keeps it so. */
function moduleOf(map) {
  const { features, models, ...rest } = map;
  const lines = (rows) => rows.map((row) => JSON.stringify(row)).join(',\n');
  const json = `${JSON.stringify(rest).slice(0, -1)},\n"features":[\n${lines(features)}\n],\n"models":[\n${lines(models)}\n]}`;
  if (/[`\\]|\$\{/.test(json)) throw new Error('a name in the map needs escaping');
  return `/** Facts of libvirt ${map.version}'s CPU map, written by scripts/generate-cpu-maps.mjs. Not for editing. */\nexport const facts: string = \`${json}\`;\n`;
}
