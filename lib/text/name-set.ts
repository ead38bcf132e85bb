import type { FoldedName } from '../../types/fold.ts';
import { ownCopy } from './own-copy.ts';

/** A set of names that takes little memory where they differ in a number: `kvm-01` … `kvm-99999` are bits. */
export interface NameSet {
  readonly add: (name: string) => void;
  /** Adds a name or the names of a pattern; false, and nothing added, for what is neither. */
  readonly addEntry: (entry: FoldedName) => boolean;
  /** How many names there are. */
  readonly size: () => number;
  /** The names as patterns and single names, sorted: equal sets have equal entries. */
  readonly entries: () => readonly FoldedName[];
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

/** Page number → bits of so many numbers. */
type Pages = Map<number, Uint32Array>;

/** The numbers of each series, by its frame as text: the only one as it is, several as bits. */
type AllSeries = Map<string, number | Pages>;

/** More digits are no number of a host. */
const MOST_DIGITS = 9;

/** How many names one pattern may stand for. */
const MOST_NAMES = 10_000_000;

const PAGE_BITS = 10;
const WORDS = 2 ** PAGE_BITS / 32;

/** An empty set. */
export function newNameSet(): NameSet {
  const series: AllSeries = new Map();
  const singles = new Set<string>();
  let count = 0;
  const addNumbered = (name: Numbered): void => {
    if (put(series, name)) count++;
  };
  const add = (name: string): void => {
    const numbered = numberedName(name);
    if (numbered === undefined) singles.add(ownCopy(name));
    else addNumbered(numbered);
  };
  return {
    add,
    addEntry: (entry) => {
      const name = typeof entry === 'object' ? entry.name : entry;
      if (typeof entry === 'string' && /[[\]]/.test(entry)) return addPattern(entry, add, addNumbered);
      add(name);
      return true;
    },
    size: () => singles.size + count,
    entries: () =>
      sortedEntries([
        ...[...series].map(([key, numbers]) => patternOf(frameOf(key), numbers)),
        ...[...singles].map(single),
      ]),
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

/** A name that has a line end is no numbered one. */
function keyOf({ before, width, after }: Frame): string {
  return `${before}\n${width}\n${after}`;
}

function frameOf(key: string): Frame {
  const [before = '', width = '', after = ''] = key.split('\n');
  return { before, width: Number(width), after };
}

/** Was the name not there yet? */
function put(series: AllSeries, name: Numbered): boolean {
  const key = keyOf(name);
  const known = series.get(key);
  if (known === undefined) series.set(ownCopy(key), name.number);
  if (known === undefined || known === name.number) return known === undefined;
  if (typeof known === 'object') return putBit(known, name.number);
  // Pages for each of many names that have no others like them would take far more than the names.
  const pages: Pages = new Map();
  series.set(key, pages);
  putBit(pages, known);
  return putBit(pages, name.number);
}

function putBit(pages: Pages, number: number): boolean {
  const page = number >>> PAGE_BITS;
  let bits = pages.get(page);
  if (bits === undefined) pages.set(page, (bits = new Uint32Array(WORDS)));
  const place = (number >>> 5) & (WORDS - 1);
  const before = bits[place] as number;
  bits[place] = before | (1 << (number & 31));
  return bits[place] !== before;
}

/** Its last number in front of the first dot; in an address of digits and dots, its last number. */
function numberedName(name: string): Numbered | undefined {
  if (/[[\]\n]/.test(name)) return undefined;
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

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
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

function addPattern(
  entry: string,
  add: (name: string) => void,
  addNumbered: (name: Numbered) => void,
): boolean {
  const pattern = patternIn(entry);
  if (pattern === undefined) return false;
  const { before, after, ranges } = pattern;
  for (const { from, to, width } of ranges) {
    // Somebody may have written a pattern of the front of a number: such names are taken one by one.
    const first = numberedName(nameOf({ before, width, after }, from));
    const isOurs = first?.before === before && first.width === width;
    for (let number = from; number <= to; number++) {
      if (isOurs) addNumbered({ before, width, number, after });
      else add(nameOf({ before, width, after }, number));
    }
  }
  return true;
}

/** The names of a series in one pattern; a single one as it is. */
function patternOf(frame: Frame, numbers: number | Pages): FoldedName {
  if (typeof numbers === 'number') return nameOf(frame, numbers);
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const number of numbersIn(numbers)) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) ranges[ranges.length - 1] = [last[0], number];
    else ranges.push([number, number]);
  }
  const { before, width, after } = frame;
  const digits = (number: number): string => String(number).padStart(width, '0');
  const words = ranges.map(([from, to]) => (from === to ? digits(from) : `${digits(from)}-${digits(to)}`));
  return `${before}[${words.join()}]${after}`;
}

function* numbersIn(pages: Pages): Generator<number> {
  for (const [page, bits] of [...pages].sort(([a], [b]) => a - b))
    for (const [place, word] of bits.entries())
      for (let rest = word; rest !== 0; rest &= rest - 1)
        yield page * 2 ** PAGE_BITS + place * 32 + 31 - Math.clz32(rest & -rest);
}

function nameOf({ before, width, after }: Frame, number: number): string {
  return `${before}${String(number).padStart(width, '0')}${after}`;
}

/** A name alone; one with a bracket says that it is no pattern. */
function single(name: string): FoldedName {
  return /[[\]]/.test(name) ? { name } : name;
}

function sortedEntries(entries: readonly FoldedName[]): readonly FoldedName[] {
  const key = (entry: FoldedName): string => (typeof entry === 'string' ? entry : entry.name);
  return entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
