// npm run bench [GROUP…]: all groups, or those named. Each row is a ratio or a time beside what it has to reach.
import { cpus } from 'node:os';
import { benchFleet } from './fleet.mjs';
import { benchForms, benchGuests } from './guests.mjs';
import { benchPools } from './pools.mjs';
import { benchStartup } from './startup.mjs';
import { printRow } from './timing.mjs';

const GROUPS = {
  guests: benchGuests,
  forms: benchForms,
  fleet: benchFleet,
  pools: benchPools,
  startup: benchStartup,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(GROUPS, name));
if (unknown === undefined) {
  console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}\n`);
  printRow(['work', 'measured', 'reach', '']);
  for (const [name, rows] of Object.entries(GROUPS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for await (const row of rows()) printRow(row);
  }
} else {
  console.error(`there is no group "${unknown}"; groups: ${Object.keys(GROUPS).join(', ')}`);
  process.exitCode = 2;
}
