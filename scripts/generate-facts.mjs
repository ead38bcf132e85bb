// Writes facts.json, what CPU features mean to a guest, and in docs/facts.md what was measured of QEMU, from the tables in
// lib/cpu/facts; with --check, exits 1 if they differ from them:
//   npm run generate-facts
// One row to a line, so that the difference between two versions can be read.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keep, load } from './load.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const PAGE = 'docs/facts.md';
const HEADING = '## What QEMU does\n';

const library = await load(`
  export { allFacts, factsJson } from './lib/cpu/facts/facts.ts';
  export { COMPAT } from './lib/cpu/facts/measured/compat.ts';
  export { ENFORCED, EXCLUSIVE } from './lib/cpu/facts/measured/dependencies.ts';
  export { GIVEN_TO_ALL, LEFT_OUT, MORE_THAN_LISTED } from './lib/cpu/facts/measured/models.ts';
  export { MEASURED_PROPERTIES } from './lib/cpu/facts/measured/properties.ts';
`);

const names = (words) =>
  words
    .split(' ')
    .map((word) => `\`${word}\``)
    .join(' ');
const table = (heads, rows) =>
  [heads, heads.map(() => '--'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function qemuPart({
  COMPAT,
  ENFORCED,
  EXCLUSIVE,
  GIVEN_TO_ALL,
  LEFT_OUT,
  MORE_THAN_LISTED,
  MEASURED_PROPERTIES,
}) {
  const [oldest, ...later] = MEASURED_PROPERTIES;
  const since = (version) => (version === undefined ? '' : `QEMU ${version}`);
  return `${HEADING}
Measured by \`npm run generate-qemu-facts\` in QEMU ${MEASURED_PROPERTIES.map(({ qemu }) => qemu).join(', ')}, KVM (on AMD) and
emulation, beside the CPU maps in this package; \`npm run generate-facts\` writes this part from those tables. A version
between two of these counts as the older one, and what the newer one has as not known.

### Feature properties that came after QEMU ${oldest.qemu}

${table(
  ['QEMU', 'properties', 'on in `max` under emulation'],
  later.map((row) => [row.qemu, names(row.names), names(row.max)]),
)}

No property has gone. Those of QEMU ${oldest.qemu} that libvirt 9.0.0 has no name for: ${names(oldest.names)}. Of all
these, \`host\` turns on under KVM what the hardware and the kernel support, except ${names(oldest.held)}.

### What goes off with what

Everything in a leaf or register goes with the feature that opens it: \`arch-capabilities\`, \`core-capability\`, \`pdcm\`, \`vmx\`,
\`vmx-secondary-ctls\`, \`vmx-ept\`, \`vmx-vpid\`, \`vmx-vmfunc\`, \`svm\`, \`intel-pt\`, \`sgx\` (QEMU 10.0), \`avx10\`. And:

${table(
  ['feature', 'turns off', 'since'],
  ENFORCED.map((row) => [names(row.parent), names(row.children), since(row.since)]),
)}

${EXCLUSIVE.map(({ pair, since: first }) => `${pair.map(names).join(' and ')} exclude each other (QEMU ${first}).`).join('\n')}

### What named models have beyond libvirt's

Every model has ${names(GIVEN_TO_ALL.kvm)} under KVM and ${names(GIVEN_TO_ALL.qemu)} under emulation. None has
${names(LEFT_OUT.kvm)} under KVM, nor ${names(LEFT_OUT.qemu)} under emulation. A model without a row has what its family has.

${table(
  ['models', 'features'],
  MORE_THAN_LISTED.map(([models, features]) => [names(models), features && names(features)]),
)}

### What machine types set for CPUs

${table(
  ['until', 'models', 'sets'],
  COMPAT.map(([until, models, sets]) => [
    until,
    models ? names(models) : 'all',
    sets
      .split(',')
      .map((set) => `\`${set}\``)
      .join(' '),
  ]),
)}
`;
}

const [before] = readFileSync(PAGE, 'utf8').split(HEADING);
keep(
  { 'facts.json': library.factsJson(library.allFacts()), [PAGE]: before + qemuPart(library) },
  'generate-facts',
);
