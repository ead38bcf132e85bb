import { asText } from '../issues/given.ts';
import { LibvirtXmlError, type ErrorPlace } from '../issues/issues.ts';
import { FOLD_HEAD, factsText, foldedLine } from '../parser/host/fold.ts';
import { newNameSets } from '../text/name-set.ts';
import { ownCopy } from '../text/own-copy.ts';
import { newTextTable } from '../text/text-table.ts';
import { valueKind } from '../text/value-kind.ts';

/** Lines of profiles and folds on their way to one fold: what it takes grows with unlike hosts, not with hosts. */
export interface Fold {
  /** @throws LibvirtXmlError, at the place: `bad-fold` for what is no such line, `too-large` for more than a fold holds */
  readonly add: (line: string, place?: () => ErrorPlace) => void;
  /** The fold, line by line, without line ends. Equal hosts give equal lines, in whatever order and grouping they came. */
  readonly lines: () => Generator<string>;
  readonly counts: () => { readonly lines: number; readonly profiles: number; readonly hosts: number };
}

/** The beginning of a line of one host with a plain name. */
const ONE_NAME = `${FOLD_HEAD}["`;
const NAME_END = '"],';

/** How many texts behind names are known as they came: all that a fleet has, and not what never comes again. */
const MOST_KNOWN = 4096;

/** A fold of no lines yet. */
export function newFold(): Fold {
  /** What hosts can have in common; a set of names for each. */
  const profiles = newTextTable();
  const names = newNameSets();
  /** By the text behind the names, as it came. */
  const asGiven = new Map<string, number>();
  let count = 0;
  const addSlowly = (line: string, place: ErrorPlace): number => {
    const { hosts, facts } = foldedLine(line, place);
    const profile = profiles.add(factsText(facts));
    for (const entry of hosts) names.addEntry(profile, entry);
    return profile;
  };
  const add = (line: string, place: () => ErrorPlace): void => {
    const rest = restOf(line);
    const known = rest && (asGiven.get(rest.text) ?? profiles.find(rest.text));
    if (rest !== undefined && known !== undefined) names.add(known, rest.name);
    const profile = known ?? addSlowly(line, place());
    if (rest === undefined || asGiven.has(rest.text)) return;
    if (asGiven.size === MOST_KNOWN) asGiven.clear();
    asGiven.set(ownCopy(rest.text), profile);
  };
  return {
    add: (line, place = () => ({ text: line, offset: 0 })) => {
      if (line.trim() === '') return;
      count++;
      withRoom(() => {
        add(line, place);
      }, place);
    },
    lines: function* lines() {
      const entries = names.entries();
      const lineOf = (profile: number): string =>
        `${FOLD_HEAD}${JSON.stringify(entries(profile))},${profiles.text(profile)}`;
      for (const profile of profiles.sorted()) yield withRoom(() => lineOf(profile));
    },
    counts: () => ({ lines: count, profiles: profiles.size(), hosts: names.size() }),
  };
}

/** @throws LibvirtXmlError `too-large` where the memory of a fold ends, or that of the process */
function withRoom<T>(work: () => T, place?: () => ErrorPlace): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const reason = 'the fold holds over 1 GiB: too many unlike hosts, or names with nothing in common';
    const hint = 'Fold and plan parts of the fleet on their own, for instance by site.';
    throw new LibvirtXmlError('too-large', reason, { ...(place?.() ?? { text: '', offset: 0 }), hint });
  }
}

/** The name and the rest of a line of one host whose name has nothing to it; most lines are such, and are not parsed. */
function restOf(line: string): { readonly name: string; readonly text: string } | undefined {
  if (!line.startsWith(ONE_NAME)) return undefined;
  const end = line.indexOf(NAME_END, ONE_NAME.length);
  const name = line.slice(ONE_NAME.length, end);
  return end === -1 || /["\\[\]]/.test(name) || name === ''
    ? undefined
    : { name, text: line.slice(end + NAME_END.length) };
}

/**
 * Lines of `profileLine`, or of folds, as one fold: a line for all hosts that are alike, with their names in short
 * (`kvm-[01-12,17]`). Folding parts of a fleet and then the folds comes to the same, in whatever order, and a host that
 * is in several parts counts once. `parseHosts` reads the lines, joined by line ends, as the hosts they were made of.
 *
 * @throws LibvirtXmlError `bad-fold` for what is no such line, `not-text` for what is no text; TypeError for no list.
 * @example
 * const line = (name) => profileLine(hostFromFeatures({ name, features: ['avx'], libvirtVersion: '9.0.0' }));
 * const fold = foldLines([...foldLines([line('kvm-02'), line('kvm-01')]), line('kvm-02')]);
 * fold.map((one) => JSON.parse(one).hosts); // → [['kvm-[01-02]']]
 */
export function foldLines(lines: Iterable<string>): readonly string[] {
  const fold = newFold();
  const given: unknown = lines;
  if (typeof given !== 'object' || given === null || !(Symbol.iterator in given))
    throw new TypeError(`lines cannot be ${valueKind(given)}: give a list of texts`);
  let number = 0;
  for (const line of lines) fold.add(asText(line, `lines[${number++}]`));
  return [...fold.lines()];
}
