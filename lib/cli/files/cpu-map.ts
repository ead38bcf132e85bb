import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CpuMap } from '../../../types/cpu-map.ts';
import { mapProblem } from '../../cpu/map-problem.ts';
import { parseCpuMap } from '../../parser/cpu-map.ts';
import { isRecord } from '../../text/json.ts';
import { attempt, CommandError } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { readTextFile } from './read.ts';

/** A CPU map from a `cpu_map` directory or from a JSON file in the library's own form. */
export function readCpuMap(path: string, version: string, terminal: Terminal): CpuMap {
  const isDirectory = attempt('read', path, () => statSync(path)).isDirectory();
  return isDirectory ? readMapDirectory(path, version, terminal) : readMapFile(path, terminal);
}

function readMapDirectory(path: string, version: string, terminal: Terminal): CpuMap {
  const names = attempt('read', path, () => readdirSync(path)).filter((name) => name.endsWith('.xml'));
  const files = Object.fromEntries(
    names.map((name) => [name, readTextFile(join(path, name), terminal).text]),
  );
  return parseCpuMap(files, version, { directory: path });
}

function readMapFile(path: string, terminal: Terminal): CpuMap {
  const map = parsedJson(path, readTextFile(path, terminal).text);
  if (!looksLikeMap(map)) throw notAMap(path, 'it lacks what one has');
  const problem = mapProblem(map);
  if (problem !== undefined) throw notAMap(path, problem);
  return map;
}

function parsedJson(path: string, text: string): unknown {
  if (text.trimStart().startsWith('<'))
    throw notAMap(
      path,
      'it is a single file of XML; give the directory that holds index.xml and the other files',
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notAMap(path, error instanceof SyntaxError ? error.message : 'it is no JSON');
  }
}

function notAMap(path: string, problem: string): CommandError {
  return new CommandError('bad-cpu-map', `${path} is no CPU map: ${problem}`);
}

/** Has it all that a map has? What stands in the lists is the writer's word. */
function looksLikeMap(value: unknown): value is CpuMap {
  if (!isRecord(value) || !isRecord(value['vendors']) || !isRecord(value['arm']) || !isRecord(value['ppc64']))
    return false;
  const { arm, ppc64, features, models, version } = value;
  const lists = [
    features,
    models,
    ...['features', 'models'].map((key) => arm[key]),
    ...['vendors', 'models'].map((key) => ppc64[key]),
  ];
  return typeof version === 'string' && lists.every((list) => Array.isArray(list) && list.every(hasName));
}

function hasName(entry: unknown): boolean {
  return typeof entry === 'string' || (isRecord(entry) && typeof entry['name'] === 'string');
}
