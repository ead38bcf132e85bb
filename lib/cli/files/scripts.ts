import { basename } from 'node:path';
import { packageFile } from '#package-files';

/** Where the build puts scripts: no two are of one name. */
const FOLDERS = ['dist', 'dist/page', 'dist/cli'];

export interface Script {
  /** Its path in the package. */
  readonly path: string;
  readonly code: string;
}

/**
 * A script of this package and all that it asks for, by name. `scriptOf` gives the name of what is asked for, or nothing
 * for what is no script of ours.
 */
export function scriptsFrom(
  entry: string,
  scriptOf: (asked: string) => string | undefined,
): ReadonlyMap<string, Script> {
  const names = new Set([entry]);
  const found = new Map<string, Script>();
  for (const name of names) {
    const script = builtScript(name);
    found.set(name, script);
    for (const [, asked = ''] of script.code.matchAll(/\brequire\("([^"]+)"\)/g)) {
      const next = scriptOf(asked);
      if (next !== undefined) names.add(basename(next));
    }
  }
  return found;
}

export function builtScript(name: string): Script {
  for (const path of FOLDERS.map((folder) => `${folder}/${name}`)) {
    const code = packageFile(path);
    if (code !== undefined) return { path, code };
  }
  throw new Error(`this package lacks its own ${name}`);
}
