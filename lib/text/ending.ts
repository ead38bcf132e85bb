/** The endings of files that hold hosts; empty where a name has none of them. */
const HOST_FILE_ENDING = /(?:\.(?:xml|json|ndjson|ya?ml|txt))?(?:\.gz)?$/i;

/** A path without what only says how its file of hosts is written. */
export function withoutEnding(path: string): string {
  return path.replace(HOST_FILE_ENDING, '');
}
