// Writes what QEMU itself says of its CPUs into lib/cpu/facts/measured:
//   npm run generate-qemu-facts -- [ROOT …]
// from the installed QEMU and the one in each ROOT, the root directory of another system (`.ci/roots` makes them). All
// releases that the tables are to have must be given at once. Needs /dev/kvm.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { properties } from './qemu/features.mjs';
import { propertiesTable } from './qemu/tables.mjs';
import { emulator, versionOf } from './qemu/session.mjs';

const target = fileURLToPath(new URL('../lib/cpu/facts/measured/', import.meta.url));

async function measure(root) {
  const command = emulator(root);
  const version = await versionOf(command);
  console.error(`QEMU ${version} …`);
  return { version, properties: await properties(command) };
}

const measured = [];
for (const root of [undefined, ...process.argv.slice(2)]) measured.push(await measure(root));
measured.sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));

const head = `// Written by \`npm run generate-qemu-facts\` from QEMU ${measured.map(({ version }) => version).join(', ')}.\n`;
const tables = { 'properties.ts': propertiesTable(measured) };
for (const [name, text] of Object.entries(tables))
  writeFileSync(
    target + name,
    await format(head + text, { parser: 'typescript', singleQuote: true, printWidth: 110 }),
  );
