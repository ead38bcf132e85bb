// Writes man/virt-migratable.1 from the option table. test/cli/manual.test.ts fails where the two differ.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['lib/cli/options/manual.ts'],
  bundle: true,
  format: 'esm',
  write: false,
});
const { manualPage } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
writeFileSync(`${root}man/virt-migratable.1`, manualPage());
