import { Buffer } from 'node:buffer';
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
