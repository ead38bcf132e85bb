import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { preProcessFile } from 'typescript';

/** The folder of the package. */
export const ROOT = dirname(dirname(__dirname));

/** One of our source files, by its path in the package, and what it imports. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths of our own files, and names of packages as they are written. */
  readonly imports: readonly string[];
}

/** Every TypeScript file below these folders, sorted by path. */
export function sourcesBelow(...folders: readonly string[]): readonly Source[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => posix.join(folder, ...file.split(/[\\/]/))),
  );
  return paths.sort().map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, imports: importsOf(path, text) };
  });
}

/** What a file imports or re-exports, types included. */
export function importsOf(path: string, text: string): readonly string[] {
  return preProcessFile(text).importedFiles.map(({ fileName }) =>
    fileName.startsWith('.') ? posix.join(posix.dirname(path), fileName) : fileName,
  );
}
