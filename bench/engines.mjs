// Engines that rewrite domains, each a process that is asked for a number of passes and answers its time. A peer is
// used where it is installed; where it is not, nothing is said of it but that.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { outputOf } from './timing.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Name → how to start it on a job file, or `undefined` when it is not installed. `directory` is for what is built. */
export function commands(directory) {
  const javascript = (name) => [name, [process.execPath, file('./peers/javascript.mjs'), name]];
  return new Map([
    javascript('rewriteDomain'),
    javascript('rewriteDomain, bytes'),
    javascript('rewriteDomain, cold'),
    javascript('disableFeatures'),
    ['libxml2 (C)', libxml2(directory)],
    ['lxml (Python)', lxml()],
    javascript('fast-xml-parser'),
    javascript('xmlbuilder2'),
  ]);
}

function libxml2(directory) {
  const flags = outputOf('xml2-config', ['--cflags', '--libs'])?.split(/\s+/);
  if (flags === undefined) return undefined;
  const program = join(directory, 'libxml2');
  const built = outputOf('cc', ['-O2', '-D_GNU_SOURCE', file('./peers/libxml2.c'), '-o', program, ...flags]);
  return built === undefined ? undefined : [program];
}

/** The system's own Python first: one under another manager rarely has the system's lxml. */
function lxml() {
  const python = ['/usr/bin/python3', 'python3'].find(
    (name) => outputOf(name, ['-c', 'import lxml.etree']) !== undefined,
  );
  return python === undefined ? undefined : [python, file('./peers/lxml_peer.py')];
}

/** A started engine: its version, and a question to it. */
export async function startEngine(name, [program, ...args], jobFile) {
  const child = spawn(program, [...args, jobFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`${name} ended without an answer`);
    return value;
  };
  const [, version] = (await answer()).split(' ');
  return {
    name,
    version,
    ask: async (passes) => {
      child.stdin.write(`${passes}\n`);
      return Number(await answer());
    },
    stop: () => child.stdin.end(),
  };
}
