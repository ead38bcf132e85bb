import { groupedBy, remembered } from './remembered.ts';

/** Names that differ in one number alone: `kvm-` and `.lan` around 1, 2, 12. */
interface Series {
  readonly before: string;
  readonly after: string;
  /** Digits of each number, where some have leading zeros; 0 where none has. */
  readonly digits: number;
}

/** A name as one of a series; without a number it stands for itself. */
interface Member {
  readonly name: string;
  readonly series?: Series;
  readonly number: number;
}

/** One name, or numbers of a series that follow each other. */
interface Run {
  readonly series: Series | undefined;
  readonly text: string;
  readonly count: number;
}

const DIGITS = /(\d+)/;
/** Longer runs of digits are no numbers to count by, and would not be exact. */
const MOST_DIGITS = 15;
/** What the short form is written with: a name that has it is never folded. */
const RESERVED = /[[\],]/;
/** What most names are: they are known at a look. */
const ONE_NUMBER = /^([^\d[\],]*)(\d{1,15})([^\d[\],]*)$/;
/** Fewer names than this are clearer one by one. */
const FEWEST = 4;
const FEWEST_OF_A_SERIES = 3;
/** Of more ranges than this, the first are named: hosts that lie scattered are not read one by one. */
const MOST_RUNS = 12;
const SHOWN_OF_MANY = 5;

/**
 * Names in short, those that differ in one number together: in the order of the first of each. To write out every
 * bracket gives the names again, each once.
 *
 * @example
 * foldNames(['kvm-01', 'kvm-02', 'kvm-03', 'kvm-17', 'db']); // → ['kvm-[01-03,17]', 'db']
 */
export function foldNames(names: readonly string[]): readonly string[] {
  return joined(runsOf(names));
}

/**
 * Names for a sentence: up to three as they are, more in short, and of very many the first and a count.
 *
 * @example
 * nameList(['a', 'b']); // → 'a, b'
 * nameList(['kvm-01', 'kvm-02', 'kvm-03', 'kvm-04', 'kvm-17']); // → 'kvm-[01-04,17]'
 */
export function nameList(names: readonly string[]): string {
  if (names.length < FEWEST) return names.join(', ');
  const runs = runsOf(names);
  if (runs.length <= MOST_RUNS) return joined(runs).join(', ');
  const shown = runs.slice(0, SHOWN_OF_MANY);
  const left = runs.slice(SHOWN_OF_MANY).reduce((sum, { count }) => sum + count, 0);
  return `${joined(shown).join(', ')} and ${left} more`;
}

/** All numbers of a series together, where its first name stands. */
function runsOf(names: readonly string[]): readonly Run[] {
  const members = membersOf([...new Set(names)]);
  const bySeries = groupedBy(members, ({ series, name }) => series ?? name);
  return [...bySeries.values()].flatMap((members) =>
    members.length < FEWEST_OF_A_SERIES
      ? members.map(({ name }): Run => ({ series: undefined, text: name, count: 1 }))
      : rangesOf(members),
  );
}

function rangesOf(members: readonly Member[]): readonly Run[] {
  const series = members[0]?.series;
  const numbers = members.map(({ number }) => number).sort((a, b) => a - b);
  const runs: Run[] = [];
  const written = (number: number | undefined): string => String(number).padStart(series?.digits ?? 0, '0');
  for (let start = 0, end = 0; start < numbers.length; start = end) {
    const first = numbers[start] ?? 0;
    do end++;
    while (numbers[end] === first + end - start);
    const count = end - start;
    const last = count === 1 ? '' : `-${written(numbers[end - 1])}`;
    runs.push({ series, text: written(first) + last, count });
  }
  return runs;
}

/** Ranges of one series in one bracket. */
function joined(runs: readonly Run[]): readonly string[] {
  const all: string[] = [];
  for (let at = 0, end = 0; at < runs.length; at = end) {
    const { series, text = '' } = runs[at] ?? {};
    do end++;
    while (series !== undefined && runs[end]?.series === series);
    const numbers = runs.slice(at, end).map((run) => run.text);
    all.push(series === undefined ? text : `${series.before}[${numbers.join(',')}]${series.after}`);
  }
  return all;
}

/** Each name in the largest series that it can be in; of equal ones, in that of its last number. */
function membersOf(names: readonly string[]): readonly Member[] {
  const sizes = new Map<string, number>();
  const padded = new Set<string>();
  const candidates = names.map((name) => {
    const all = numbersIn(name);
    for (const { key, digits } of all) {
      sizes.set(key, (sizes.get(key) ?? 0) + 1);
      if (digits.length > 1 && digits.startsWith('0')) padded.add(key);
    }
    return all;
  });
  const known = new Map<string, Series>();
  return names.map((name, i) => {
    const best = candidates[i]?.reduceRight<Numbered | undefined>(
      (most, one) =>
        most === undefined || (sizes.get(one.key) ?? 0) > (sizes.get(most.key) ?? 0) ? one : most,
      undefined,
    );
    if (best === undefined) return { name, number: 0 };
    const { before, after, digits } = best;
    const width = padded.has(best.key) ? digits.length : 0;
    const key = `${best.key}\0${width}`;
    const series = remembered(known, key, () => ({ before, after, digits: width }));
    return { name, series, number: Number(digits) };
  });
}

/** A number in a name, and what is around it. */
interface Numbered {
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly digits: string;
}

function numbersIn(name: string): readonly Numbered[] {
  const [, front, only, back] = ONE_NUMBER.exec(name) ?? [];
  if (only !== undefined)
    return [{ key: `${front}\0${back}`, before: front ?? '', after: back ?? '', digits: only }];
  if (RESERVED.test(name)) return [];
  const parts = name.split(DIGITS);
  const found: Numbered[] = [];
  for (let i = 1; i < parts.length; i += 2) {
    const digits = parts[i] ?? '';
    if (digits.length > MOST_DIGITS) continue;
    const before = parts.slice(0, i).join('');
    const after = parts.slice(i + 1).join('');
    found.push({ key: `${before}\0${after}`, before, after, digits });
  }
  return found;
}
