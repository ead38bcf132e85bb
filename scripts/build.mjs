// Builds dist/: esm and cjs with declarations by tsc, and the command as one file, so that it starts fast.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
process.chdir(root);

rmSync('dist', { recursive: true, force: true });
const tsc = (project) =>
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', project], {
    stdio: 'inherit',
  });
tsc('tsconfig.json');
tsc('tsconfig.cjs.json');
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');

const { metafile } = await build({
  entryPoints: ['lib/cli/bin.ts'],
  outfile: 'dist/cli/virt-migratable.cjs',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
});
writeLicences(Object.keys(metafile.inputs));

/** The command holds code of other packages: their licence texts stand beside it. */
function writeLicences(inputs) {
  const packages = [
    ...new Set(
      inputs.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean),
    ),
  ].sort();
  const text = packages.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].find((candidate) =>
      exists(join(folder, candidate)),
    );
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  mkdirSync(dirname('dist/cli/licences'), { recursive: true });
  writeFileSync('dist/cli/THIRD-PARTY-LICENSES.txt', text.join(`\n${'-'.repeat(72)}\n\n`));
}

function exists(path) {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
