import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Host } from '../../../types/host.ts';
import { contradictionOf } from '../../cpu/contradiction.ts';
import { joinHosts } from '../../cpu/join.ts';
import { usageError } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, words } from '../terminal/words.ts';
import { hostName, isUri, withoutEnding, type NamedSource } from './names.ts';

/** A source and the hosts that were read from it. */
export interface ReadSource extends NamedSource {
  readonly hosts: readonly Host[];
}

/**
 * What each source is called: files whose own names collide get their directories in front, because only a stated
 * NAME makes two documents one host.
 */
export function distinctNames(sources: readonly NamedSource[], terminal: Terminal): readonly string[] {
  const names = sources.map(hostName);
  const owners = new Map<string, number[]>();
  for (const [i, name] of names.entries()) owners.set(name, [...(owners.get(name) ?? []), i]);
  const isOpen = ({ name, value }: NamedSource): boolean => name === undefined && !isUri(value);
  const alone = new Set(names.filter((name) => owners.get(name)?.length === 1));
  for (const [short, group] of owners) {
    if (group.length < 2) continue;
    const files = group.filter((i) => isOpen(sources[i] ?? { name: short, value: '' }));
    if (files.length === 0) continue;
    const values = files.map((i) => sources[i]?.value ?? '');
    const longer = longerNames(values, new Set([...alone, short]));
    for (const [at, i] of files.entries()) names[i] = longer[at] ?? short;
    tellNames(terminal, short, longer);
  }
  return names;
}

function tellNames({ tell, colour }: Terminal, short: string, names: readonly string[]): void {
  const label = styled('note', 'cyan', colour.err);
  const more = names.length > MOST_TOLD ? ` and ${names.length - MOST_TOLD} more` : '';
  const told = `${names.slice(0, MOST_TOLD).join(', ')}${more}`;
  tell(
    words`${label}: "${short}" would be the name of several hosts: files are called ${told}; use NAME=FILE for another name, or for two documents of one host\n`,
  );
}

const MOST_TOLD = 6;

/** As much of each path as tells it from the others; its ending too, where two files differ in that alone. */
function longerNames(values: readonly string[], taken: ReadonlySet<string>): readonly string[] {
  const paths = values.map((value) => resolve(value));
  const isEnding = new Set(paths.map(withoutEnding)).size < new Set(paths).size;
  const parts = paths.map((path) => (isEnding ? path : withoutEnding(path)).split(sep));
  const longest = Math.max(...parts.map(({ length }) => length));
  for (let count = isEnding ? 1 : 2; count < longest; count++) {
    const names = parts.map((words) => words.slice(-count).join(sep));
    const distinct = new Set(names);
    if (distinct.size === new Set(paths).size && ![...distinct].some((name) => taken.has(name))) return names;
  }
  return isEnding ? paths : paths.map(withoutEnding);
}

/** One file is one host, under however many names. */
export function refuseSameFile(sources: readonly NamedSource[]): void {
  const seen = new Map<string, string>();
  for (const { name, value } of sources) {
    if (isUri(value) || value === '-') continue;
    const path = realPath(value);
    const other = seen.get(path);
    const called = name === undefined ? value : `${name}=${value}`;
    if (other !== undefined)
      throw usageError(
        `${other} and ${called} are the same file: one host, not two; give each host its own document, or use --same-host if they are clones`,
      );
    seen.set(path, called);
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Whoever reads it says what is wrong with it.
    return resolve(path);
  }
}

/** Documents that were given one name are of one host, or the command line contradicts itself. */
export function refuseTwins(sources: readonly ReadSource[]): void {
  const byName = new Map<string, ReadSource[]>();
  for (const source of sources) {
    if (source.name === undefined) continue;
    const group = byName.get(source.name);
    if (group === undefined) byName.set(source.name, [source]);
    else group.push(source);
  }
  for (const [name, group] of byName) {
    if (group.length < 2) continue;
    const joined = joinHosts(group.flatMap(({ hosts }) => hosts));
    const [first, second] = joined.filter((host) => host.name === name);
    if (first === undefined || second === undefined) continue;
    const found = contradictionOf(first, second);
    const why =
      found === undefined
        ? 'each of them is a whole host'
        : `they state unlike ${found.fact === 'uuid' ? 'UUIDs' : found.fact} (${found.values.join(', ')})`;
    const files = group.map(({ value }) => value).join(', ');
    throw usageError(`${files} were all given as ${name}, and ${why}: give each host a NAME of its own`);
  }
}
