import type { ErrorPlace } from '../issues/issues.ts';
import { FOLD_HEAD, factsText, foldedLine } from '../parser/host/fold.ts';
import { newNameSet, type NameSet } from '../text/name-set.ts';
import { ownCopy } from '../text/own-copy.ts';

/** Lines of profiles and folds on their way to one fold: what it takes grows with unlike hosts, not with hosts. */
export interface Fold {
  /** @throws LibvirtXmlError `bad-fold`, at the place, for what is no such line */
  readonly add: (line: string, place?: () => ErrorPlace) => void;
  /** The fold, line by line, without line ends. Equal hosts give equal lines, in whatever order and grouping they came. */
  readonly lines: () => Generator<string>;
  readonly counts: () => { readonly lines: number; readonly profiles: number; readonly hosts: number };
}

/** The beginning of a line of one host with a plain name. */
const ONE_NAME = `${FOLD_HEAD}["`;
const NAME_END = '"],';

/** A fold of no lines yet. */
export function newFold(): Fold {
  /** By the text behind the names, as it came. */
  const asGiven = new Map<string, NameSet>();
  /** By what that text says. */
  const profiles = new Map<string, NameSet>();
  let count = 0;
  const addSlowly = (line: string, place: ErrorPlace): void => {
    const { hosts, facts } = foldedLine(line, place);
    const key = factsText(facts);
    const names = profiles.get(key) ?? newNameSet();
    profiles.set(key, names);
    for (const entry of hosts) names.addEntry(entry);
    const rest = restOf(line);
    if (rest !== undefined) asGiven.set(ownCopy(rest.text), names);
  };
  return {
    add: (line, place = () => ({ text: line, offset: 0 })) => {
      if (line.trim() === '') return;
      count++;
      const rest = restOf(line);
      const names = rest === undefined ? undefined : asGiven.get(rest.text);
      if (rest === undefined || names === undefined) addSlowly(line, place());
      else names.add(rest.name);
    },
    lines: function* lines() {
      for (const key of [...profiles.keys()].sort())
        yield `${FOLD_HEAD}${JSON.stringify(profiles.get(key)?.entries())},${key}`;
    },
    counts: () => {
      const hosts = [...profiles.values()].reduce((sum, names) => sum + names.size(), 0);
      return { lines: count, profiles: profiles.size, hosts };
    },
  };
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
 * @throws LibvirtXmlError `bad-fold` for what is no such line.
 * @example
 * const line = (name) => profileLine(hostFromFeatures({ name, features: ['avx'], libvirtVersion: '9.0.0' }));
 * const fold = foldLines([...foldLines([line('kvm-02'), line('kvm-01')]), line('kvm-02')]);
 * fold.map((one) => JSON.parse(one).hosts); // → [['kvm-[01-02]']]
 */
export function foldLines(lines: Iterable<string>): readonly string[] {
  const fold = newFold();
  for (const line of lines) fold.add(line);
  return [...fold.lines()];
}
