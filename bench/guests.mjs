// Domains that nobody has seen before, each rewritten once: beside libxml2, which parses, adds the lines and serialises.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { corpusIn, GROUP_SIZE, GROUPS } from './domains.mjs';
import { LACKING } from './host-inputs.mjs';
import { lowerQuartile, number, outputOf } from './timing.mjs';

const ROUNDS = 15;
const { CORPUS = '' } = process.env;
const file = (name) => fileURLToPath(new URL(name, import.meta.url));

const REACH = { 'mixed fleet': 5, 'every <cpu> another': 4.5, 'alike cluster': 6, corpus: 2.5 };

export async function* benchGuests() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-guests-'));
  try {
    const peer = libxml2(directory);
    for (const [group, reach] of Object.entries(REACH)) {
      if (group === 'corpus' && CORPUS === '') yield ['a real corpus', 'set CORPUS=DIR', `≥ ${reach} ×`, ''];
      else yield* rowsOf(group, reach, peer && [peer, writeJob(directory, documentsOf(group))]);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Twice: with the XML taken, and with its bytes written and every issue read. */
async function* rowsOf(group, reach, peer) {
  const [theirs, ours, whole] = await timesOf([
    ...(peer === undefined ? [undefined] : [peer]),
    ourEngine(group, 'plain'),
    ourEngine(group, 'plain', 'whole'),
  ]);
  const against = (time) => (theirs === undefined ? 'no libxml2' : `${number(theirs / time)} ×`);
  const title = group === 'corpus' ? 'domains of CORPUS' : `${group}, ${GROUP_SIZE} of 6.5 kB a round`;
  const peers = theirs === undefined ? '' : `, libxml2 ${number(theirs)} µs`;
  yield [`${title}: libxml2's time ÷ ours`, against(ours), `≥ ${reach} ×`, `${number(ours)} µs${peers}`];
  yield ['  the same, bytes written and issues read', against(whole), '', `${number(whole)} µs`];
}

export async function* benchForms() {
  for (const group of ['mixed fleet', 'every <cpu> another']) {
    const forms = ['plain', 'guard', 'pin', 'record'];
    const [plain, ...others] = await timesOf(forms.map((form) => ourEngine(group, form)));
    for (const [i, time] of others.entries())
      yield [
        `${group}: ${forms[i + 1]} ÷ plain, per guest`,
        `${number(time / plain)} ×`,
        '≤ 2.5 ×',
        `${number(time)} µs`,
      ];
  }
}

function ourEngine(...args) {
  return [process.execPath, '--expose-gc', file('./peers/guests.mjs'), ...args];
}

/** How to start libxml2 on a job; `undefined` where it is not installed. */
function libxml2(directory) {
  const flags = outputOf('xml2-config', ['--cflags', '--libs'])?.split(/\s+/);
  const program = join(directory, 'libxml2');
  const source = file('./peers/libxml2.c');
  const built = flags && outputOf('cc', ['-O2', '-D_GNU_SOURCE', source, '-o', program, ...flags]);
  return built === undefined ? undefined : program;
}

function documentsOf(group) {
  return group === 'corpus'
    ? corpusIn(CORPUS)
    : Array.from({ length: GROUP_SIZE }, (_, i) => GROUPS[group](i));
}

function writeJob(directory, documents) {
  const paths = documents.map((text, i) => {
    const path = join(directory, `domain-${i}.xml`);
    writeFileSync(path, text);
    return path;
  });
  const job = join(directory, 'job');
  writeFileSync(job, [[...new Set(LACKING.flat())].join(' '), ...paths, ''].join('\n'));
  return job;
}

/** Each engine is asked for a round in turn; the lower quartile of each, in microseconds of processor time a document. */
async function timesOf(commands) {
  const engines = commands.map((command) => command && startEngine(command));
  const times = engines.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, engine] of engines.entries()) if (engine !== undefined) times[i].push(await engine.ask());
  }
  for (const engine of engines) engine?.stop();
  return times.map((some) => (some.length === 0 ? undefined : lowerQuartile(some)));
}

function startEngine([program, ...args]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async () => {
    child.stdin.write('1\n');
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`${program} ended without an answer`);
    return Number(value);
  };
  return { ask, stop: () => child.stdin.end() };
}
