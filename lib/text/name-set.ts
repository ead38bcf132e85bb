import type { FoldedName } from '../../types/fold.ts';
import { isDigit } from './natural.ts';
import { addNumber, newNumbers, type Numbers } from './numbers.ts';
import { newTextTable, type TextTable } from './text-table.ts';

/**
 * Sets of names, by number, that take little memory: names that differ in a number (`kvm-01` … `kvm-99999`) are bits,
 * and of all others the bytes are kept.
 */
export interface NameSets {
  /** @throws RangeError where there are too many that have nothing in common */
  readonly add: (set: number, name: string) => void;
  /** Adds a name or the names of a pattern; false, and nothing added, for what is neither. @throws RangeError as `add` */
  readonly addEntry: (set: number, entry: FoldedName) => boolean;
  /** How many names there are in all sets. */
  readonly size: () => number;
  /** What gives the names of a set as patterns and single names, sorted: equal sets have equal entries. */
  readonly entries: () => (set: number) => readonly FoldedName[];
}

/** A name that ends in a number, or has one in front of its domain, taken apart. */
interface Numbered {
  readonly before: string;
  /** How many digits: `01` is another name than `1`. */
  readonly width: number;
  readonly number: number;
  readonly after: string;
}

/** What names have around a number, and its width; such names are a series. */
type Frame = Pick<Numbered, 'before' | 'width' | 'after'>;

/** The names of all sets: a row is a name that is no numbered one, or up to 256 numbers of a series. */
interface Rows {
  readonly keys: TextTable;
  /** The set of each row. */
  readonly sets: Numbers;
  /** Which numbers: row P of a series has those from 256 P on; -1 where it is no series. */
  readonly pages: Numbers;
  /** The only number, or less than 0 and, from -1 down, which piece of the bits has the numbers. */
  readonly numbers: Numbers;
  bits: Uint32Array;
  pieces: number;
  count: number;
}

/** More digits are no number of a host. */
const MOST_DIGITS = 9;

/** How many names one pattern may stand for. */
const MOST_NAMES = 10_000_000;

const PAGE_BITS = 8;
const WORDS = 2 ** PAGE_BITS / 32;

/** Empty sets. */
export function newNameSets(): NameSets {
  const rows: Rows = {
    keys: newTextTable(),
    sets: newNumbers(),
    pages: newNumbers(),
    numbers: newNumbers(),
    bits: new Uint32Array(64 * WORDS),
    pieces: 0,
    count: 0,
  };
  const add = (set: number, name: string): void => {
    const numbered = numberedName(name);
    if (numbered === undefined) addSingle(rows, set, name);
    else addNumbered(rows, set, numbered);
  };
  return {
    add,
    addEntry: (set, entry) => {
      if (typeof entry === 'string' && /[[\]]/.test(entry)) return addPattern(rows, set, entry);
      add(set, typeof entry === 'object' ? entry.name : entry);
      return true;
    },
    size: () => rows.count,
    entries: () => {
      const sorted = rows.keys.sorted();
      const ends = endsOf(rows, sorted);
      return (set) => {
        const [from, to] = ends.get(set) ?? [0, 0];
        return sortedEntries([...entriesOf(rows, sorted.subarray(from, to))]);
      };
    },
  };
}

/** The names that entries stand for, one by one; nothing for what is no entry. */
export function* namesOfEntry(entry: FoldedName): Generator<string> {
  if (typeof entry === 'object') yield entry.name;
  else if (!/[[\]]/.test(entry)) yield entry;
  else {
    const pattern = patternIn(entry);
    if (pattern === undefined) return;
    const { before, after, ranges } = pattern;
    for (const { from, to, width } of ranges)
      for (let number = from; number <= to; number++) yield nameOf({ before, width, after }, number);
  }
}

/** How many names an entry stands for; 0 for what is none. */
export function countOfEntry(entry: FoldedName): number {
  if (typeof entry === 'object' || !/[[\]]/.test(entry)) return 1;
  return patternIn(entry)?.ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0) ?? 0;
}

/** A line end is in no numbered name, and in no text of JSON. */
function addSingle(rows: Rows, set: number, name: string): void {
  const row = rows.keys.add(`${set}\n${JSON.stringify(name)}`);
  if (row < rows.sets.length) return;
  addRow(rows, set, -1, 0);
}

function addNumbered(rows: Rows, set: number, { before, width, after, number }: Numbered): void {
  const page = number >>> PAGE_BITS;
  const row = rows.keys.add(`${set}\n${before}\n${width}\n${after}\n${page}`);
  if (row === rows.sets.length) {
    addRow(rows, set, page, number);
    return;
  }
  let known = rows.numbers.values[row] as number;
  if (known === number) return;
  if (known >= 0) {
    const piece = newPiece(rows);
    putBit(rows, piece, known);
    known = rows.numbers.values[row] = -1 - piece;
  }
  if (putBit(rows, -1 - known, number)) rows.count++;
}

function addRow(rows: Rows, set: number, page: number, number: number): void {
  addNumber(rows.sets, set);
  addNumber(rows.pages, page);
  addNumber(rows.numbers, number);
  rows.count++;
}

function newPiece(rows: Rows): number {
  if (rows.pieces * WORDS === rows.bits.length) {
    const more = new Uint32Array(2 * rows.bits.length);
    more.set(rows.bits);
    rows.bits = more;
  }
  return rows.pieces++;
}

/** Was the number not there yet? */
function putBit({ bits }: Rows, piece: number, number: number): boolean {
  const place = piece * WORDS + ((number >>> 5) & (WORDS - 1));
  const before = bits[place] as number;
  bits[place] = before | (1 << (number & 31));
  return bits[place] !== before;
}

/** Its last number in front of the first dot; in an address of digits and dots, its last number. */
function numberedName(name: string): Numbered | undefined {
  if (/[[\]\n]/.test(name) || !name.isWellFormed()) return undefined;
  const dot = /[^\d.]/.test(name) ? name.indexOf('.') : -1;
  let end = dot === -1 ? name.length : dot;
  while (end > 0 && !isDigit(name, end - 1)) end--;
  let start = end;
  while (start > 0 && isDigit(name, start - 1)) start--;
  const width = end - start;
  if (width === 0 || width > MOST_DIGITS) return undefined;
  return {
    before: name.slice(0, start),
    width,
    number: Number(name.slice(start, end)),
    after: name.slice(end),
  };
}

interface Pattern {
  readonly before: string;
  readonly after: string;
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly width: number }[];
}

/** `kvm-[01-12,17].example`; `undefined` for anything else, and for more names than there are hosts. */
function patternIn(entry: string): Pattern | undefined {
  const [before = '', list = '', after, ...more] = entry.split(/[[\]]/);
  const words = list.split(',');
  const isPattern = after !== undefined && more.length === 0 && entry[before.length] === '[';
  if (!isPattern || words.some((word) => !/^\d{1,9}(?:-\d{1,9})?$/.test(word))) return undefined;
  const ranges = words.map((word) => {
    const [from = '', to = from] = word.split('-');
    return { from: Number(from), to: Number(to), width: from.length, isWhole: from.length === to.length };
  });
  const count = ranges.reduce((sum, { from, to }) => sum + Math.max(to - from + 1, 0), 0);
  const isSound = ranges.every(({ from, to, isWhole }) => isWhole && from <= to);
  return isSound && count <= MOST_NAMES ? { before, after, ranges } : undefined;
}

function addPattern(rows: Rows, set: number, entry: string): boolean {
  const pattern = patternIn(entry);
  if (pattern === undefined) return false;
  const { before, after, ranges } = pattern;
  for (const { from, to, width } of ranges) {
    // Somebody may have written a pattern of the front of a number: such names are taken one by one.
    const first = numberedName(nameOf({ before, width, after }, from));
    const isOurs = first?.before === before && first.width === width;
    for (let number = from; number <= to; number++) {
      const name = nameOf({ before, width, after }, number);
      const numbered = isOurs ? { before, width, number, after } : numberedName(name);
      if (numbered === undefined) addSingle(rows, set, name);
      else addNumbered(rows, set, numbered);
    }
  }
  return true;
}

/** Where the rows of each set begin and end among all, which stand sorted by key, so by set. */
function endsOf(rows: Rows, sorted: Uint32Array): ReadonlyMap<number, readonly [from: number, to: number]> {
  const ends = new Map<number, readonly [number, number]>();
  let from = 0;
  for (let to = 1; to <= sorted.length; to++) {
    const set = rows.sets.values[sorted[from] as number] as number;
    if (to < sorted.length && rows.sets.values[sorted[to] as number] === set) continue;
    ends.set(set, [from, to]);
    from = to;
  }
  return ends;
}

/** The rows of a series stand together, because a page is the last part of a key. */
function* entriesOf(rows: Rows, sorted: Uint32Array): Generator<FoldedName> {
  let series: number[] = [];
  let last = '';
  for (const row of sorted) {
    const key = rows.keys.text(row);
    const frame = rows.pages.values[row] === -1 ? '' : key.slice(0, key.lastIndexOf('\n'));
    if (series.length > 0 && frame !== last) yield patternOf(rows, last, series);
    if (frame !== last) series = [];
    last = frame;
    if (frame === '') yield single(JSON.parse(key.slice(key.indexOf('\n') + 1)) as string);
    else series.push(row);
  }
  if (series.length > 0) yield patternOf(rows, last, series);
}

/** The names of a series in one pattern; a single one as it is. */
function patternOf(rows: Rows, key: string, series: readonly number[]): FoldedName {
  const [, before = '', digits = '', after = ''] = key.split('\n');
  const frame = { before, width: Number(digits), after };
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const number of numbersIn(rows, series)) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) ranges[ranges.length - 1] = [last[0], number];
    else ranges.push([number, number]);
  }
  const written = (number: number): string => String(number).padStart(frame.width, '0');
  const words = ranges.map(([from, to]) => (from === to ? written(from) : `${written(from)}-${written(to)}`));
  const [word = '', another] = words;
  const isOne = another === undefined && !word.includes('-');
  return isOne ? `${before}${word}${after}` : `${before}[${words.join()}]${after}`;
}

function* numbersIn({ pages, numbers, bits }: Rows, series: readonly number[]): Generator<number> {
  const pageOf = (row: number): number => pages.values[row] as number;
  for (const row of series.toSorted((a, b) => pageOf(a) - pageOf(b))) {
    const number = numbers.values[row] as number;
    if (number >= 0) yield number;
    else yield* numbersOf(bits, -1 - number, pageOf(row));
  }
}

function* numbersOf(bits: Uint32Array, piece: number, page: number): Generator<number> {
  for (let place = 0; place < WORDS; place++)
    for (let rest = bits[piece * WORDS + place] as number; rest !== 0; rest &= rest - 1)
      yield page * 2 ** PAGE_BITS + place * 32 + 31 - Math.clz32(rest & -rest);
}

function nameOf({ before, width, after }: Frame, number: number): string {
  return `${before}${String(number).padStart(width, '0')}${after}`;
}

/** A name alone; one with a bracket says that it is no pattern. */
export function single(name: string): FoldedName {
  return /[[\]]/.test(name) ? { name } : name;
}

function sortedEntries(entries: readonly FoldedName[]): readonly FoldedName[] {
  const key = (entry: FoldedName): string => (typeof entry === 'string' ? entry : entry.name);
  return entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
