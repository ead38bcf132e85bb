// Writes facts.json, what CPU features mean to a guest, from the tables in lib/cpu/facts:
//   npm run generate-facts
// One row to a line, so that the difference between two versions can be read.
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['lib/cpu/facts/facts.ts'],
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  write: false,
});
const [{ text }] = outputFiles;
const { allFacts, factsJson } = await import(
  `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
);
writeFileSync(`${root}facts.json`, factsJson(allFacts()));
