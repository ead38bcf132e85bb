// What was measured of several QEMUs, oldest first, as tables in TypeScript: each row says what changed since the one before.

const WIDTH = 100;

/** Words as a string of TypeScript in lines of a readable length. */
function text(words) {
  const lines = [''];
  for (const word of words) {
    if (lines.at(-1).length + word.length > WIDTH) lines.push('');
    lines.push(`${lines.pop()}${word} `);
  }
  return lines.map((line, i) => `'${i === lines.length - 1 ? line.trimEnd() : line}'`).join(' + ');
}

/** What to add to these names, and with a `-` in front what to take from them. */
function changes(names, before = []) {
  return [
    ...names.filter((name) => !before.includes(name)),
    ...before.filter((name) => !names.includes(name)).map((name) => `-${name}`),
  ];
}

/** Which feature properties there are, and which of them the CPU that has all turns on. */
export function propertiesTable(measured) {
  const rows = measured.map(({ version, properties: { names, max, held } }, i) => {
    const before = measured[i - 1]?.properties;
    return `{ qemu: '${version}', names: ${text(changes(names, before?.names))},
      max: ${text(changes(max, before?.max))}, held: ${text(changes(held, before?.held))} }`;
  });
  return `
/** One release of QEMU. Names are words between blanks, in QEMU's spelling; each list says what changed since the release before. */
export interface MeasuredProperties {
  readonly qemu: string;
  /** Boolean properties that are features of a CPU, as \`-cpu help\` lists them. */
  readonly names: string;
  /** What \`max\` turns on under emulation. */
  readonly max: string;
  /** What \`host\` leaves off under KVM although KVM supports it (measured on AMD). */
  readonly held: string;
}

export const MEASURED_PROPERTIES: readonly MeasuredProperties[] = [${rows.join(',\n')}];
`;
}
