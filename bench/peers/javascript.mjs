// One JavaScript engine in a process of its own, so that no engine's garbage is collected in another's time.
// Arguments: which engine, and a job file as in libxml2.c; answers as there.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [engine, jobFile] = process.argv.slice(2);
const [first, ...paths] = readFileSync(jobFile, 'utf8').split('\n').filter(Boolean);
const names = first.split(' ');
const files = paths.map((path) => readFileSync(path));
const texts = files.map((bytes) => bytes.toString('utf8'));

const PEERS = new Set(['fast-xml-parser', 'xmlbuilder2']);

/** Each makes what is timed: inputs for a number of passes, prepared outside the time, and what is done with each. */
const ENGINES = {
  async rewriteDomain() {
    return { inputs: repeated(texts), rewrite: await ours() };
  },
  /** With the decoding and encoding that a program with files has, and that libxml2 and lxml have in their times. */
  async 'rewriteDomain, bytes'() {
    const rewrite = await ours();
    return { inputs: repeated(files), rewrite: (bytes) => Buffer.from(rewrite(bytes.toString('utf8'))) };
  },
  /** The writer on its own: the names are given, no hosts are asked. In any corpus the same work as a peer's. */
  async disableFeatures() {
    const { disableFeatures } = await import('libvirt-migratable');
    return { inputs: repeated(texts), rewrite: (text) => disableFeatures(text, names).xml };
  },
  /** No two `<cpu>` are the same text, so nothing read before is of use. */
  async 'rewriteDomain, cold'() {
    const { parseDomain } = await import('libvirt-migratable');
    const cut = texts.map((text) => cutAtCpu(text, parseDomain(text).cpu));
    return { inputs: (passes) => variants(cut, passes), rewrite: await ours() };
  },
  async 'fast-xml-parser'() {
    const { XMLParser, XMLBuilder } = await import('fast-xml-parser');
    return { inputs: repeated(texts), rewrite: fastXmlParser(new XMLParser(FXP), new XMLBuilder(FXP)) };
  },
  async xmlbuilder2() {
    const { create } = await import('xmlbuilder2');
    return { inputs: repeated(texts), rewrite: (text) => xmlbuilder2(create(text)) };
  },
};

async function ours() {
  const { parseHost, rewriteDomain } = await import('libvirt-migratable');
  const { rewriteHosts } = await import('../inputs.mjs');
  const hosts = rewriteHosts().map(({ name, xml }) => parseHost(xml, { name, libvirtVersion: '9.0.0' }));
  return (text) => rewriteDomain(text, hosts, { strict: true }).shared;
}

function repeated(documents) {
  return (passes) => ({ documents, passes });
}

/** The text in front of and behind the place in its `<cpu>` where a comment can stand. */
function cutAtCpu(text, cpu) {
  if (cpu === undefined) return [text];
  const { end } = cpu.startTag;
  if (end < cpu.span.end) return [text.slice(0, end), text.slice(end)];
  return [`${text.slice(0, end - 2)}>`, `</cpu>${text.slice(end)}`];
}

let variant = 0;

function variants(cut, passes) {
  const documents = [];
  for (let pass = 0; pass < passes; pass++) {
    for (const [before, after] of cut) {
      const text = after === undefined ? before : `${before}<!--${variant++}-->${after}`;
      // Through bytes and back, so that it is one flat string as a file's is.
      documents.push(Buffer.from(text).toString('utf8'));
    }
  }
  return { documents, passes: 1 };
}

/** The options with which it changes no value and keeps comments, CDATA and order. */
const FXP = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  commentPropName: '#comment',
  cdataPropName: '#cdata',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  format: false,
};

function fastXmlParser(parser, builder) {
  const child = (nodes, name) => nodes?.find((node) => name in node)?.[name];
  return (text) => {
    const tree = parser.parse(text);
    const [name] = tree.flatMap((node) => Object.keys(node)).filter((key) => !/^[#?:]/.test(key));
    const root = child(tree, name);
    const cpu = child(name === 'domain' ? root : child(root, 'domain'), 'cpu');
    for (const feature of names) cpu?.push({ feature: [], ':@': { policy: 'disable', name: feature } });
    return builder.build(tree);
  };
}

function xmlbuilder2(document) {
  const named = (parent, name) => parent?.find(({ node }) => node.nodeName === name, false, false);
  const root = document.root();
  const cpu = named(root.node.nodeName === 'domain' ? root : named(root, 'domain'), 'cpu');
  for (const name of names) cpu?.ele('feature', { policy: 'disable', name });
  return document.end({ headless: true });
}

const folder = PEERS.has(engine) ? `node_modules/${engine}/` : '';
const { version } = JSON.parse(readFileSync(new URL(`../../${folder}package.json`, import.meta.url), 'utf8'));
const { inputs, rewrite } = await ENGINES[engine]();
console.log(`ready ${version}`);

for await (const line of createInterface({ input: process.stdin })) {
  const asked = Number(line);
  const { documents, passes } = inputs(Math.max(asked, 1));
  console.log(asked === 0 ? count(documents) : time(documents, passes));
}

function count(documents) {
  return documents.reduce(
    (sum, document) => sum + rewrite(document).toString().split('disable').length - 1,
    0,
  );
}

/** Processor time of the whole process: what the compiler and the garbage collector do beside us counts too. */
function time(documents, passes) {
  const start = process.cpuUsage();
  for (let pass = 0; pass < passes; pass++) {
    for (const document of documents) rewrite(document);
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / passes / documents.length;
}
