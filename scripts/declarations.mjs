// The declarations of what the library exports, once for both module forms.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';

const { preProcessFile } = createRequire(import.meta.url)('typescript');

/** What the module of each bundled CPU map has. */
const CPU_MAP = `import type { CpuMap } from '../types/cpu-map.ts';
/** What this libvirt version knows about CPUs, frozen. */
export declare const cpuMap: CpuMap;
`;

/**
 * Writes `dist/types` (CommonJS, because both forms can import that) with what the entries lead to and nothing else,
 * and for each ES module a declaration that passes them on. `entries` are names in dist → sources.
 */
export function writeDeclarations(entries) {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const all = mkdtempSync(join(tmpdir(), 'declarations-'));
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--emitDeclarationOnly', '--outDir', all], {
    stdio: 'inherit',
  });
  const declared = (source) => source.replace(/\.ts$/, '.d.ts');
  for (const path of reachable(all, Object.values(entries).map(declared)))
    write(
      `dist/types/${path}`,
      readFileSync(join(all, path), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, ''),
    );
  write('dist/types/package.json', '{ "type": "commonjs" }\n');
  write('dist/types/lib/cpu-map.d.ts', CPU_MAP);
  for (const [name, source] of Object.entries({ ...entries, 'cpu-map': 'lib/cpu-map.ts' }))
    write(`dist/${name}.d.mts`, `export * from './types/${source.replace(/\.ts$/, '.js')}';\n`);
  rmSync(all, { recursive: true });
}

/** The declarations that these lead to, themselves included. */
function reachable(folder, paths, found = new Set()) {
  for (const path of paths) {
    if (found.has(path)) continue;
    found.add(path);
    const imported = preProcessFile(readFileSync(join(folder, path), 'utf8')).importedFiles;
    const own = imported.map(({ fileName }) => posix.join(posix.dirname(path), fileName));
    reachable(
      folder,
      own.map((file) => file.replace(/(?:\.d)?\.ts$/, '.d.ts')),
      found,
    );
  }
  return found;
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
