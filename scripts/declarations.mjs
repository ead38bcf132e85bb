// The declarations of what the library exports, once for both module forms.
import { writeFileSync } from 'node:fs';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/** What the module of each bundled CPU map has. */
const CPU_MAP = `import type { CpuMap } from './index.js';
/** What this libvirt version knows about CPUs, frozen. */
export declare const cpuMap: CpuMap;
`;

/**
 * Writes `dist/types`, as CommonJS because both forms can import that, and for each ES module a declaration that passes
 * on what is there. `entries` are names → sources.
 */
export async function writeDeclarations(entries) {
  const bundle = await rollup({ input: entries, plugins: [dts({ tsconfig: 'tsconfig.json' })] });
  await bundle.write({ dir: 'dist/types', entryFileNames: '[name].d.ts', chunkFileNames: 'shared.d.ts' });
  writeFileSync('dist/types/cpu-map.d.ts', CPU_MAP);
  writeFileSync('dist/types/package.json', '{ "type": "commonjs" }\n');
  for (const name of [...Object.keys(entries), 'cpu-map'])
    writeFileSync(`dist/${name}.d.mts`, `export * from './types/${name}.js';\n`);
}
