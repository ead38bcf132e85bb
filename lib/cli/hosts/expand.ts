import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { shapeOf } from '../../parser/host/recognise.ts';
import { withoutEnding } from '../../text/ending.ts';
import { naturalOrder } from '../../text/natural.ts';
import { attempt, CommandError } from '../errors.ts';
import { globbed, isDirectory, isGlob, statsOf } from '../files/glob.ts';
import { readTextFile } from '../files/read.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { CPU_MAP_ENDING } from './names.ts';

/** What stands beside hosts by custom, whatever its ending. */
const PAPERS = /^(?:readme|licen[cs]e|changelog|changes|notes?|todo)\b/i;
/** What editors and package managers leave, and texts about hosts. */
const LEFTOVER = /~$|\.(?:bak|orig|old|rej|swp|tmp|md|rst|html?|sh|rpm(?:save|new)|dpkg-\w+)$/i;
/** The command's own files. */
const OWN = /^virt-migratable\.(?:json|ya?ml)$|\.lock\.json$/;

/** Which hosts to take from a directory, and what became of the rest. */
interface Sorted {
  readonly hosts: string[];
  readonly directories: string[];
  /** What is passed over: texts by custom beside hosts, and the command's own files. */
  readonly papers: string[];
  /** What is passed over, and told: it may have been meant. */
  readonly others: string[];
}

/** The files of hosts that a path stands for, in natural order: itself, all in a directory, or all that match a pattern. */
export function filesOf(path: string, terminal: Terminal): readonly string[] {
  if (isGlob(path)) return filesMatching(path, terminal);
  const stats = statsOf(path);
  if (stats?.isDirectory() === true) return filesIn(path, terminal);
  if (stats === undefined && MACHINE.test(path) && withoutEnding(path) === path)
    throw new CommandError(
      'not-found',
      `cannot read ${path}: no such file or directory; if it is a machine, write qemu+ssh://${path}/system`,
    );
  return [path];
}

/** What a machine may be called, with who logs in. */
const MACHINE = /^(?:[\w.-]+@)?[\w.-]+$/;

function filesIn(directory: string, terminal: Terminal): readonly string[] {
  const names = attempt('read', `the directory of hosts ${directory}`, () => readdirSync(directory));
  const visible = names.filter((name) => !name.startsWith('.')).sort(naturalOrder);
  const sorted = sortedFiles(
    visible.map((name) => join(directory, name)),
    terminal,
  );
  if (sorted.hosts.length === 0) throw noHosts(directory, sorted);
  tellOthers(directory, sorted, terminal);
  return sorted.hosts;
}

function filesMatching(pattern: string, terminal: Terminal): readonly string[] {
  const paths = globbed(pattern);
  if (paths.length === 0) throw new CommandError('not-found', `no file matches ${pattern}`);
  const sorted = sortedFiles(paths, terminal);
  const inside = sorted.directories.flatMap((directory) => filesIn(directory, terminal));
  if (sorted.hosts.length + inside.length === 0) throw noHosts(pattern, sorted);
  tellOthers(pattern, { ...sorted, directories: [] }, terminal);
  return [...sorted.hosts, ...inside].sort(naturalOrder);
}

function sortedFiles(paths: readonly string[], terminal: Terminal): Sorted {
  const sorted: Sorted = { hosts: [], directories: [], papers: [], others: [] };
  for (const path of paths) {
    const name = basename(path);
    if (isDirectory(path)) {
      if (!name.endsWith(CPU_MAP_ENDING)) sorted.directories.push(path);
    } else if (isHostFile(path, terminal)) sorted.hosts.push(path);
    else (OWN.test(name) || PAPERS.test(name) ? sorted.papers : sorted.others).push(path);
  }
  return sorted;
}

/** By its ending; without one, by what it holds. */
function isHostFile(path: string, terminal: Terminal): boolean {
  const name = basename(path);
  if (OWN.test(name) || PAPERS.test(name) || LEFTOVER.test(name)) return false;
  if (withoutEnding(name) !== name) return true;
  return statsOf(path)?.isFile() === true && HELD.has(shapeOf(startOf(path, terminal)));
}

/** The beginning of a text; of what is none, nothing. */
function startOf(path: string, terminal: Terminal): string {
  try {
    return readTextFile(path, terminal, { packed: true }).text.slice(0, HEAD);
  } catch (error) {
    if (isLibvirtXmlError(error)) return '\0';
    throw error;
  }
}

/** What can be no other kind of file by chance. */
const HELD: ReadonlySet<string> = new Set(['xml', 'json', 'fold', 'cpuinfo', 'lscpu', 'cpuid']);
/** In UTF-16 units. */
const HEAD = 1 << 16;

function tellOthers(
  place: string,
  { papers, others, directories }: Sorted,
  { tell, detail }: Terminal,
): void {
  if (papers.length > 0) detail(words`ignored in ${place}: ${papers.join(', ')}\n`);
  if (others.length > 0)
    tell(words`note: ignored ${others.join(', ')}: the name of a host file ends in ${ENDINGS}\n`);
  if (directories.length > 0)
    detail(words`ignored in ${place}, as they are directories: ${directories.join(', ')}\n`);
}

const ENDINGS = '.xml, .json, .ndjson, .yaml or .txt';

function noHosts(place: string, { directories, ...rest }: Sorted): CommandError {
  const [first] = directories;
  const others = [...rest.papers, ...rest.others];
  const advice =
    first !== undefined
      ? `it has directories: give ${directories.join(', ')}, or '${join(place, '*')}'`
      : others.length > 0
        ? `it only has ${others.map((path) => basename(path)).join(', ')}`
        : 'it is empty';
  const rule = `The name of a host file ends in ${ENDINGS}; "virt-migratable capture URI … -o ${place}" writes such files.`;
  return new CommandError('not-found', `no host found in ${place}: ${advice}`, [rule]);
}
