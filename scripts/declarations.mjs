// The declarations of what the library exports, once for both module forms.
import { mkdirSync, writeFileSync } from 'node:fs';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/** What the module of each bundled CPU map has. */
const CPU_MAP = `import type { CpuMap } from './index.js';
/** What this libvirt version knows about CPUs, frozen. */
export declare const cpuMap: CpuMap;
`;

/**
 * Writes `dist/types`, as CommonJS because both forms can import that, and for each ES module a declaration that passes
 * on what is there. What the comparison has as well stands in the declarations of the whole alone.
 */
export async function writeDeclarations() {
  await bundled('index', 'lib/index.ts');
  await bundled('compare', 'lib/index-compare.ts', (id) => !/\/(?:index-compare|libvirt-host)\.ts$/.test(id));
  writeFileSync('dist/types/cpu-map.d.ts', CPU_MAP);
  writeFileSync('dist/types/package.json', '{ "type": "commonjs" }\n');
  for (const name of ['index', 'compare', 'cpu-map'])
    writeFileSync(`dist/${name}.d.mts`, `export * from './types/${name}.js';\n`);
}

/** Writes the declarations of an entry; what `isElsewhere` is taken from those of the whole. */
async function bundled(name, input, isElsewhere = () => false) {
  const elsewhere = {
    name: 'elsewhere',
    resolveId: (id) => (isElsewhere(id) ? { id: './index.js', external: true } : null),
  };
  const bundle = await rollup({ input, plugins: [elsewhere, dts({ tsconfig: 'tsconfig.json' })] });
  const { output } = await bundle.generate({});
  // A tab for four blanks: the file is a tenth of the package.
  const text = exportedInPlace(output[0].code).replaceAll(/^(?: {4})+/gm, (blanks) =>
    '\t'.repeat(blanks.length / 4),
  );
  mkdirSync('dist/types', { recursive: true });
  writeFileSync(`dist/types/${name}.d.ts`, text);
}

/** The declarations with `export` at each, not with a list of names at the end. */
function exportedInPlace(text) {
  const lists = /^export (?:type )?\{ (.*) \};\n/gm;
  const names = [...text.matchAll(lists)].flatMap(([, list]) => list.split(', '));
  const declared = new RegExp(`^(?=(?:declare \\w+|interface|type) (?:${names.join('|')})\\b)`, 'gm');
  return `${text.replace(lists, '').replace(declared, 'export ').trimEnd()}\nexport {};\n`;
}
