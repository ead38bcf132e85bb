import { Buffer } from 'node:buffer';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * What modules of the library export, as they stand in its sources: for scripts that write what has to agree with them.
 *
 * @param contents `export … from './lib/….ts'`, from the top of the repository.
 */
export async function load(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: ['#*'],
    write: false,
  });
  const code = Buffer.from(outputFiles[0].text).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

/** Writes what was generated, by path; with --check, it only says which files are another, and the exit code is 1. */
export function keep(files, command) {
  const stale = Object.keys(files).filter(
    (path) => !existsSync(path) || readFileSync(path, 'utf8') !== files[path],
  );
  if (!process.argv.includes('--check')) for (const path of stale) writeFileSync(path, files[path]);
  else if (stale.length > 0) {
    console.error(`${stale.join(', ')}: not what the tables say; npm run ${command}`);
    process.exitCode = 1;
  }
}
