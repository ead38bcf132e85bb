import { FORMS, MODES, PAIRS, TOPOLOGIES, VIRTUALISATIONS, type Cell } from './matrix.ts';
import type { Kind, Outcome } from './outcome.ts';

/** A cell of the matrix, and what became of its guest. */
export interface Result {
  readonly cell: Cell;
  readonly outcome: Outcome;
}

const SIGNS: Readonly<Record<Kind, string>> = {
  identical: '=',
  refused: 'refused',
  libvirt: 'libvirt',
  warned: 'warned',
  changed: '**changed**',
};

const HEAD = `# Guests between releases

What became of guests that were started on one host, moved to another of a different release, and moved back. Written by
the end-to-end suite, from guests that ran:

\`\`\`sh
.ci/roots /var/tmp/roots        # Debian 13, Debian 13 with the QEMU of its backports, and forky
VIRT_MIGRATABLE_ROOTS=/var/tmp/roots VIRT_MIGRATABLE_MATRIX=full VIRT_MIGRATABLE_MATRIX_PAGE=docs/matrix.md \\
  npm run test:e2e -- matrix    # hours; VIRT_MIGRATABLE_MATRIX=4 takes four samples of some fifty guests
\`\`\`

All hosts are one machine. Each two that meet have emulators that take different CPU features away. The firmware of a
guest runs CPUID with every leaf, again and again. What is compared: all those answers, every feature of the vCPU that QEMU has,
its family, model, stepping, levels and address bits; before, there, and back again.

| in a cell | |
|--|--|
| = | identical there and back |
| refused | by this program, before anything moved: \`rewrite\` refused, or the gate did |
| libvirt | refused by libvirt, at start or on the way |
| warned | changed, in nothing but features that the program had named in a warning |
| **changed** | changed |
| | not tried |

Where one row stands for several topologies, all that were tried have the same outcome. \`per host\` and \`auto\` run with the
gate (\`hook install --rescue\`) on both hosts. \`auto\` is the plain form, and where that cannot move the guest the first way that can (\`rewrite --auto\`).
`;

/** The page of the matrix, in Markdown. */
export function matrixPage(results: readonly Result[]): string {
  return `${HEAD}\n${matrixTables(results)}`;
}

/** How many guests there were, and what became of each. */
export function matrixTables(results: readonly Result[]): string {
  const parts = PAIRS.flatMap((pair) =>
    VIRTUALISATIONS.flatMap(({ accelerator }) => {
      const own = results.filter(
        ({ cell }) =>
          cell.pair.from === pair.from &&
          cell.pair.to === pair.to &&
          cell.virtualisation.accelerator === accelerator,
      );
      return own.length === 0
        ? []
        : [`## ${pair.from} → ${pair.to}, ${accelerator}, ${pair.machine}\n\n${table(own)}`];
    }),
  );
  return [counts(results), ...parts, apart(results)].join('\n');
}

function counts(results: readonly Result[]): string {
  const kinds = Object.keys(SIGNS) as Kind[];
  const rows = Object.keys(FORMS).map((form) => {
    const own = results.filter(({ cell }) => cell.form === form);
    const numbers = kinds.map((kind) => own.filter(({ outcome }) => outcome.kind === kind).length);
    return `| ${[form, ...numbers].join(' | ')} |`;
  });
  return `## How many\n\n| form | ${kinds.join(' | ')} |\n|${'--|'.repeat(kinds.length + 1)}\n${rows.join('\n')}\n`;
}

function table(results: readonly Result[]): string {
  const forms = Object.keys(FORMS);
  const rows = MODES.flatMap((mode) => {
    const lines = TOPOLOGIES.map(({ name }) => ({
      name,
      signs: forms.map((form) => {
        const found = results.find(
          ({ cell }) => cell.mode === mode && cell.topology.name === name && cell.form === form,
        );
        return found === undefined ? '' : SIGNS[found.outcome.kind];
      }),
    })).filter(({ signs }) => signs.some(Boolean));
    return folded(lines).map(({ names, signs }) => `| ${[mode, names.join(', '), ...signs].join(' | ')} |`);
  });
  return `| mode | topology | ${forms.join(' | ')} |\n|${'--|'.repeat(forms.length + 2)}\n${rows.join('\n')}\n`;
}

interface Row {
  readonly names: readonly string[];
  readonly signs: readonly string[];
}

/** Rows that do not contradict each other, as one. */
function folded(
  lines: readonly { readonly name: string; readonly signs: readonly string[] }[],
): readonly Row[] {
  return lines.reduce<readonly Row[]>((rows, { name, signs }) => {
    const fits = (row: Row): boolean =>
      row.signs.every((sign, i) => sign === signs[i] || sign === '' || signs[i] === '');
    const at = rows.findIndex(fits);
    const row = rows[at];
    if (row === undefined) return [...rows, { names: [name], signs }];
    const both = { names: [...row.names, name], signs: row.signs.map((sign, i) => sign || (signs[i] ?? '')) };
    return rows.with(at, both);
  }, []);
}

/** What differed and is told apart by name, what changed, and what libvirt said. */
function apart(results: readonly Result[]): string {
  const list = (title: string, kinds: readonly Kind[]): string => {
    const own = results.filter(({ outcome }) => kinds.includes(outcome.kind));
    const lines = own.map(({ cell, outcome }) => ({ form: cell.form, words: outcome.details.join(', ') }));
    const distinct = [...new Set(lines.map(({ form, words }) => `- ${form}: ${words}`))].sort();
    return distinct.length === 0 ? '' : `## ${title}\n\n${distinct.join('\n')}\n`;
  };
  const names = [...new Set(results.flatMap(({ outcome }) => outcome.apart))].sort();
  return [
    `## Differences that are no change of the CPU\n\n${names.map((name) => `- ${name}`).join('\n')}\n`,
    list('What changed', ['changed', 'warned']),
    list('Why it was refused', ['refused']),
    list('What libvirt said', ['libvirt']),
  ]
    .filter(Boolean)
    .join('\n');
}
