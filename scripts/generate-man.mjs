// Writes man/virt-migratable.1 from the option table. test/cli/manual.test.ts fails where the two differ.
import { writeFileSync } from 'node:fs';
import { load } from './load.mjs';

const { manualPage } = await load("export { manualPage } from './lib/cli/options/manual.ts';");
writeFileSync(new URL('../man/virt-migratable.1', import.meta.url), manualPage());
