// One pool that rewrites domains, in a process of its own. Arguments: the group, the form, and `whole` for one who also
// reads every issue and writes the bytes. Each line on standard input asks for a round: so many domains that were not
// there before, each rewritten once; the answer is microseconds of processor time a domain.
import { Buffer } from 'node:buffer';
import { createInterface } from 'node:readline';
import { createPool, parseDomain } from 'libvirt-migratable';
import { corpusIn, GROUP_SIZE, GROUPS } from '../domains.mjs';
import { plainPool, smallPool } from '../host-inputs.mjs';

const [group, form, extent] = process.argv.slice(2);
const { gc } = globalThis;
const FORMS = { plain: {}, guard: { cpu: 'guard' }, pin: { cpu: 'pin' }, record: { record: true } };
const isCorpus = group === 'corpus';
const hosts = isCorpus ? plainPool() : smallPool();
let pool = createPool(hosts);
let made = 0;

/** Through bytes and back: one flat string, as a file's text is. */
const flat = (text) => Buffer.from(text).toString('utf8');
const fresh = (of) => Array.from({ length: GROUP_SIZE }, () => flat(GROUPS[of](made++)));
const corpus = isCorpus ? corpusIn(process.env.CORPUS).filter(isReadable) : [];

// Until the compiler has settled.
for (let i = 0; i < 6; i++) round(fresh(isCorpus ? 'mixed fleet' : group));
for await (const line of createInterface({ input: process.stdin })) {
  // A new pool knows nothing of the corpus, however often it was read before.
  if (isCorpus) pool = createPool(hosts);
  console.log(line === '' ? 0 : round(isCorpus ? corpus : fresh(group)));
}

/** What is refused on purpose (DOCTYPE, damage) is not there for libxml2 alone. */
function isReadable(text) {
  try {
    return parseDomain(text) !== undefined;
  } catch {
    return false;
  }
}

/**
 * V8 moves what is young twice before it leaves it where it is. Who reads a file, rewrites it and lets it go never has it
 * moved; here 2,000 texts wait for their turn, so they are moved before the clock runs. What the rewrites leave behind is
 * collected while it runs.
 */
function round(documents) {
  let size = 0;
  for (let i = 0; i < 2; i++) gc({ type: 'minor' });
  const start = process.cpuUsage();
  for (const text of documents) size += work(text);
  gc({ type: 'minor' });
  const { user, system } = process.cpuUsage(start);
  if (size === 0) throw new Error('nothing was written');
  return (user + system) / documents.length;
}

function work(text) {
  const result = pool.rewrite(text, FORMS[form]);
  const xml = result.ok ? result.xml : '';
  return extent === 'whole' ? Buffer.from(xml).length + result.issues.length : xml.length;
}
