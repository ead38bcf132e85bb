// Writes docs/issues.md, and what reports say of each code, from the tables in lib/issues; with --check, exits 1 if they
// differ from them.
import { fileURLToPath } from 'node:url';
import { keep, load } from './load.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const THEMES = [
  ['Documents of hosts', 'hosts', 'HOST_ISSUES'],
  ['The pool', 'hosts', 'POOL_ISSUES'],
  ['A locked baseline', 'lock', 'LOCK_ISSUES'],
  ['CPU features', 'features', 'FEATURE_ISSUES'],
  ['The CPU of the guest', 'cpu', 'CPU_ISSUES'],
  ['What it costs the guest', 'costs', 'COST_ISSUES'],
  ['Machine, devices, clocks', 'guest', 'GUEST_ISSUES'],
  ['virtio devices', 'virtio', 'VIRTIO_ISSUES'],
  ['A running guest', 'moves', 'LIVE_ISSUES'],
  ['The hook', 'moves', 'GATE_ISSUES'],
  ['Levelling on arrival', 'arrival', 'ARRIVAL_ISSUES'],
];

const tables = await load(`
  ${THEMES.map(([, file, name]) => `export { ${name} } from './lib/issues/${file}.ts';`).join('\n')}
  export { INPUT_ERRORS } from './lib/issues/input-errors.ts';
  export { issueCodes } from './lib/issues/table.ts';
  export { formatIssue, libraryOption } from './lib/issues/format.ts';
  export { issue } from './lib/issues/issues.ts';
  export { commandOption, inCommandWords } from './lib/report/wording.ts';
`);

const explained = new Set(THEMES.flatMap(([, , name]) => Object.keys(tables[name])));
const missing = tables.issueCodes().filter((name) => !explained.has(name));
if (missing.length > 0) throw new Error(`no theme here has ${missing.join(', ')}`);

const page = `${introduction()}\n${THEMES.map(theme).join('\n')}\n${inputErrors()}`;
const rules = Object.fromEntries(
  [...THEMES.map(([, , name]) => name), 'INPUT_ERRORS']
    .flatMap((name) => Object.entries(tables[name]))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { meaning, whatToDo }]) => [
      name,
      { meaning: commandWords(meaning), whatToDo: commandWords(whatToDo) },
    ]),
);
keep(
  { 'docs/issues.md': page, 'lib/report/rules.json': `${JSON.stringify(rules, null, 2)}\n` },
  'generate-issue-docs',
);

function introduction() {
  return `# Issues

Every finding has a stable \`code\`, a \`severity\` (\`error\` stops a rewrite, \`warning\` wants a look, \`note\` informs), a
sentence, and facts: those of its code, beside \`code\` in the library's \`Issue\` and in the JSON of the command. A host
in a fact is the name of a host. An issue about a place in the domain has \`span\`, \`line\` and \`column\` too.

The severity below is the usual one. This page is written by \`npm run generate-issue-docs\` from \`lib/issues\`.
`;
}

function theme([title, , name]) {
  const entries = Object.entries(tables[name]).sort(([a], [b]) => (a < b ? -1 : 1));
  return `## ${title}\n\n${entries.map(entry).join('\n')}`;
}

function entry([name, { severity, meaning, whatToDo, example }]) {
  const found = tables.inCommandWords(tables.issue(name, example));
  return `### ${name}

**${severity}.** ${options(meaning)}

What to do: ${options(whatToDo)}

\`\`\`
${tables.formatIssue(found)}
${JSON.stringify(example)}
\`\`\`
`;
}

function inputErrors() {
  const entries = Object.entries(tables.INPUT_ERRORS).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.map(([name, { meaning, whatToDo }]) => `| \`${name}\` | ${meaning} | ${whatToDo} |`);
  return `## Input that cannot be read

The library throws a \`LibvirtXmlError\` with one of these codes, the place and what to do; the command prints it and
exits with 2.

| code | meaning | what to do |
|--|--|--|
${lines.join('\n')}
`;
}

function commandWords(text) {
  return text.replace(/\{([\w-]+)\}/g, (_, name) => `\`${tables.commandOption(name)}\``);
}

function options(text) {
  return text.replace(
    /\{([\w-]+)\}/g,
    (_, name) => `\`${tables.commandOption(name)}\` (in the library \`${tables.libraryOption(name)}\`)`,
  );
}
