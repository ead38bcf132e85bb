// Writes docs/incidents.md from the tables in lib/cpu/facts; with --check, exits 1 if it differs from them.
import { fileURLToPath } from 'node:url';
import { keep, load } from './load.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const OUTCOMES = {
  refused: 'the move fails, the guest stays where it is',
  changes: 'the guest sees something else',
  fails: 'the guest does not start',
  corrupts: 'the move succeeds, and data of the guest may be lost',
  warns: 'nothing yet',
};

const { CPU_INCIDENTS, MACHINE_INCIDENTS, commandOption } = await load(`
  export { CPU_INCIDENTS } from './lib/cpu/facts/incidents-cpu.ts';
  export { MACHINE_INCIDENTS } from './lib/cpu/facts/incidents-machine.ts';
  export { commandOption } from './lib/report/wording.ts';
`);

const page = `# Incidents

Trouble with upgrades of libvirt, QEMU, the kernel or microcode that others had. \`virt-migratable rehearse\` looks for each of
them: on the way of a guest to an upgraded host (old → new), back to one that is not (new → old), and at its next start.
*From* is the host that a guest comes from, *to* the one that it goes to. What was measured was measured with the versions named.

This page is written by \`npm run generate-incidents\` from \`lib/cpu/facts\`. A new row needs one in
\`test/rehearse/incidents.test.ts\`, which says when it happens and when not.

## The CPU

${CPU_INCIDENTS.map(entry).join('\n')}
## Machine types and devices

${MACHINE_INCIDENTS.map(entry).join('\n')}`;

keep({ 'docs/incidents.md': page }, 'generate-incidents');

function entry(incident) {
  const {
    id,
    what,
    guests,
    when,
    outcome,
    symptom,
    from,
    to,
    depends,
    cured,
    cure,
    options = [],
    sources,
  } = incident;
  const lines = [
    ['happens', `${when === 'move' ? 'when a guest is moved' : 'at the next start'}: ${OUTCOMES[outcome]}`],
    ['guests', guests],
    ['message', symptom && `\`${symptom}\``],
    ['from', hostWords(from)],
    ['to', hostWords(to)],
    ['depends on', depends],
    [
      'repaired in',
      cured &&
        Object.entries(cured)
          .map(([program, version]) => `${nameOf(program)} ${version}`)
          .join(', '),
    ],
    [
      'cure',
      `${cure}${options.length === 0 ? '' : ` (\`rewrite ${options.map(commandOption).join(' ')}\`)`}`,
    ],
    ['sources', sources.map(sourceWords).join('; ')],
  ];
  const rows = lines.filter(([, words]) => words !== undefined && words !== '');
  return `### ${id}\n\n${what}\n\n${rows.map(([name, words]) => `- ${name}: ${words}`).join('\n')}\n`;
}

function hostWords(host = {}) {
  return Object.entries(host)
    .map(([program, { since, before }]) => {
      const range = [since && `from ${since} on`, before && `before ${before}`].filter(Boolean).join(', ');
      return `${nameOf(program)} ${range}`;
    })
    .join('; ');
}

function nameOf(program) {
  return program === 'qemu' ? 'QEMU' : program === 'kernel' ? 'Linux' : program;
}

function sourceWords(source) {
  return /^https?:/.test(source) ? `<${source}>` : source;
}
