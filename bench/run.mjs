// npm run bench [GROUP…]: all groups, or those named. See README.md.
import { cpus } from 'node:os';
import { benchFleet } from './fleet.mjs';
import { benchPools } from './pools.mjs';
import { benchRewrite } from './rewrite.mjs';
import { benchStartup } from './startup.mjs';

const GROUPS = { rewrite: benchRewrite, startup: benchStartup, fleet: benchFleet, pools: benchPools };

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(GROUPS, name));
if (unknown === undefined) {
  console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`);
  for (const [name, bench] of Object.entries(GROUPS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n== ${name}`);
    await bench();
  }
} else {
  console.error(`there is no group "${unknown}"; groups: ${Object.keys(GROUPS).join(', ')}`);
  process.exitCode = 2;
}
