import { fragment } from '#xmlbuilder2';

const MOST_REMEMBERED = 1024;
const remembered = new Map<string, string>();

/**
 * `<feature policy='disable' name='NAME'/>` in the quotes asked for. xmlbuilder2 takes some µs an element, so each
 * line is built once. A feature name needs no escaping: libvirt's pattern for it has no character that would.
 */
export function renderFeature(policy: string, name: string, quote: string): string {
  const key = quote + policy + quote + name;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const doubleQuoted = fragment().ele('feature', { policy, name }).toString();
  const line = quote === '"' ? doubleQuoted : doubleQuoted.replaceAll('"', quote);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(key, line);
  return line;
}
