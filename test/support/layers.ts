import type { Source } from './sources.ts';

/** From the lowest layer up; a file imports lower layers, or its own folder. What stands together meets nowhere. */
const LAYERS: readonly (readonly string[])[] = [
  ['types'],
  ['lib/text'],
  ['lib/issues'],
  ['lib/xml'],
  ['lib/cpu'],
  ['lib/parser', 'lib/diff', 'lib/writer'],
  ['lib/record', 'lib/pools', 'lib/fleet'],
  ['lib/checked-guest'],
  ['lib/check-pool', 'lib/guest', 'lib/compare', 'lib/gate'],
  ['lib/pool'],
  ['lib/rewrite', 'lib/lint', 'lib/kubevirt', 'lib/report', 'lib/verdicts', 'lib/rehearse'],
  ['lib/index', 'lib/index-compare'],
  ['page'],
  ['lib/cli'],
];

/** The only places that may import something from outside the package. */
const OUTSIDE: readonly (readonly [RegExp, RegExp])[] = [
  [/^#cpu-maps$/, /^lib\/cpu\/packed\.ts$/],
  [/^#?fast-xml-parser$/, /^lib\/xml\/values\.ts$/],
  [/^#?xmlbuilder2$/, /^lib\/xml\/render\.ts$/],
  [/^#?semver(?:\/|$)/, /^lib\/cpu\/versions\.ts$/],
  [/^node:/, /^lib\/cli\//],
  [/^diff$/, /^lib\/cli\/report\//],
  [/^package\.json$/, /^lib\/cli\//],
  [/^#package-files$/, /^lib\/cli\/(?:files\/scripts|hook\/program|page\/)/],
  [/^#yaml$/, /^page\/main\.ts$/],
];

/** The folder, or the file directly in lib, that a path belongs to. */
function placeOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'lib' ? `lib/${second.replace(/\.ts$/, '')}` : top;
}

/** The number of the layer a path belongs to; -1 for a place nobody gave a layer. */
function layerOf(path: string): number {
  return LAYERS.findIndex((places) => places.includes(placeOf(path)));
}

/** What is wrong with an import, if anything. */
export function problemOf(path: string, imported: string): string | undefined {
  const isOwn = /^(?:lib|types|page)\//.test(imported);
  if (isOwn) return isAllowed(path, imported) ? undefined : `${path} may not import ${imported}`;
  const isKnown = OUTSIDE.some(([name, place]) => name.test(imported) && place.test(path));
  return isKnown ? undefined : `${path} may not import the package ${imported}`;
}

function isAllowed(path: string, imported: string): boolean {
  if (placeOf(path) === placeOf(imported)) return true;
  return layerOf(imported) !== -1 && layerOf(imported) < layerOf(path);
}

/** A chain of imports that leads back to its start, if there is one. */
export function cycleIn(sources: readonly Pick<Source, 'path' | 'imports'>[]): readonly string[] | undefined {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const follow = (path: string, chain: readonly string[]): readonly string[] | undefined => {
    if (chain.includes(path)) return [...chain.slice(chain.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of importsOf.get(path) ?? []) {
      const cycle = follow(next, [...chain, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of sources) {
    const cycle = follow(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
