/** What a line `name : value` says, the name in lower case. */
export type Field = readonly [name: string, value: string];

/** The fields of a host by name; of one that stands there for each processor, the first. */
export type Fields = ReadonlyMap<string, string>;

/** One machine of a text that may hold several, and where it begins. */
export interface MachineText {
  readonly text: string;
  readonly start: number;
}

/** The machines of a text; each begins with the same line. */
export function machinesIn(text: string, firstLine: RegExp): readonly MachineText[] {
  const [, ...others] = [...text.matchAll(firstLine)].map(({ index }) => index);
  const starts = [0, ...others];
  return starts.map((start, i) => ({ text: text.slice(start, starts[i + 1]), start }));
}

/** The fields that have several lines where a terminal was too narrow for them. */
const LONG = /^[ \t]*(?:flags|features)[ \t]*:/i;
/** What can be the rest of such a line. */
const REST = /^[ \t]*\w[\w \t]*$/;

/** The fields of a text, in order. */
export function fieldsIn(text: string): readonly Field[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, i) => {
    const colon = line.indexOf(':');
    if (colon === -1) return [];
    const name = line.slice(0, colon).trim().toLowerCase();
    return [[name, LONG.test(line) ? unwrapped(lines, i) : line.slice(colon + 1).trim()] as const];
  });
}

/** The first value of each field. */
export function byName(fields: readonly Field[]): Fields {
  const first = new Map<string, string>();
  for (const [name, value] of fields) if (!first.has(name)) first.set(name, value);
  return first;
}

/**
 * The value of a field that goes on in the lines below it. On a terminal, lscpu breaks it where the line is full, also
 * within a word, and then all lines but the last are full: a missing blank at the end of one was cut off in a paste.
 */
function unwrapped(all: readonly string[], at: number): string {
  let end = at + 1;
  while (REST.test(all[end] ?? '')) end++;
  const [first = '', ...rest] = all.slice(at, end).map(withoutTabs);
  if (rest.length === 0) return first.slice(first.indexOf(':') + 1).trim();
  const column = first.length - first.slice(first.indexOf(':') + 1).trimStart().length;
  const indent = rest.every((line) => line.length - line.trimStart().length >= column) ? column : 0;
  const width = Math.max(first.length, ...rest.map(({ length }) => length));
  const isFull = [first, ...rest].slice(0, -1).every(({ length }) => length >= width - 1);
  const parts = [first.padEnd(width).slice(column), ...rest.map((line) => line.padEnd(width).slice(indent))];
  return parts.join(isFull ? '' : ' ').trim();
}

const TAB = 8;

function withoutTabs(line: string): string {
  const parts = line.split('\t');
  const last = parts.pop() ?? '';
  return parts.map((part) => part.padEnd((Math.floor(part.length / TAB) + 1) * TAB)).join('') + last;
}
