// One domain in, 20 features disabled, one domain out: ours beside others that parse and serialise, in the same run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDomain } from 'libvirt-migratable';
import { commands, startEngine } from './engines.mjs';
import { corpus, FEATURES, largeDomain, smallDomain } from './inputs.mjs';
import { lowerQuartile, microseconds, number, printTable, ratio } from './timing.mjs';

const ROUNDS = 15;
const ROUND_MS = 60;
const WARM_UP_MS = 1500;
const OURS = 'rewriteDomain';

export async function benchRewrite() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-rewrite-'));
  try {
    const engines = commands(directory);
    const inputs = [
      ['small', 'a domain of 8 kB', [smallDomain()]],
      ['large', 'a domain of 1 MB', [largeDomain()]],
      ['corpus', 'many small domains', readable(corpus())],
    ];
    const times = new Map();
    for (const [key, title, documents] of inputs) {
      times.set(key, await benchInput(engines, directory, title, documents));
    }
    tellGrowth(times.get('small'), times.get('large'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A foreign corpus may hold what is refused on purpose (DOCTYPE, damage): no engine gets it. */
function readable(documents) {
  const kept = documents.filter((text) => {
    try {
      parseDomain(text);
      return true;
    } catch {
      return false;
    }
  });
  const refused = documents.length - kept.length;
  if (refused > 0) console.log(`\n${refused} of ${documents.length} documents are refused and left out`);
  return kept;
}

async function benchInput(installed, directory, title, documents) {
  const job = writeJob(directory, documents);
  const engines = [];
  for (const [name, command] of installed) {
    if (command !== undefined) engines.push(await startEngine(name, command, job));
  }
  try {
    const work = new Map();
    for (const engine of engines) work.set(engine.name, await engine.ask(0));
    const times = await timeInTurns(engines);
    printTable(`${title}: ${describe(documents)}`, table(installed, engines, times, work));
    return times;
  } finally {
    for (const engine of engines) engine.stop();
  }
}

function writeJob(directory, documents) {
  const paths = documents.map((text, i) => {
    const path = join(directory, `domain-${i}.xml`);
    writeFileSync(path, text);
    return path;
  });
  const job = join(directory, 'job');
  writeFileSync(job, [FEATURES.join(' '), ...paths, ''].join('\n'));
  return job;
}

function describe(documents) {
  const length = documents.reduce((sum, text) => sum + text.length, 0) / documents.length;
  return `${documents.length} of ${number(length)} characters${documents.length > 1 ? ' on average' : ''}`;
}

/** One engine after the other, round by round, so that a busy moment of the machine meets them all. */
async function timeInTurns(engines) {
  const passes = new Map();
  for (const engine of engines) passes.set(engine.name, await warmUp(engine));
  const times = new Map(engines.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const engine of engines) times.get(engine.name).push(await engine.ask(passes.get(engine.name)));
  }
  return times;
}

/** Runs the engine until its compiler has settled; returns the number of passes that fill a round. */
async function warmUp(engine) {
  let passes = 1;
  let round = 0;
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end || round < ROUND_MS / 2;) {
    const start = performance.now();
    await engine.ask(passes);
    round = performance.now() - start;
    if (round < ROUND_MS / 2) passes *= 2;
    else if (performance.now() > end) break;
  }
  return passes;
}

function table(installed, engines, times, work) {
  const ours = times.get(OURS);
  const rows = [...installed.keys()].map((name) => {
    const engine = engines.find((one) => one.name === name);
    if (engine === undefined) return [name, '', 'not installed'];
    const found = work.get(name);
    const note = found === work.get(OURS) ? '' : `${found} lines, not ${work.get(OURS)}`;
    return [
      name,
      engine.version,
      microseconds(times.get(name)),
      ratio(times.get(name), ours, lowerQuartile),
      note,
    ];
  });
  return [['engine', 'version', 'a document', `× ${OURS}`, ''], ...rows];
}

function tellGrowth(small, large) {
  const perByte = (times, { length }) => lowerQuartile(times.get(OURS)) / length;
  const growth = perByte(large, largeDomain()) / perByte(small, smallDomain());
  console.log(`\n${OURS}: a byte of 1 MB takes ${number(growth)} × the time of a byte of 8 kB`);
}
