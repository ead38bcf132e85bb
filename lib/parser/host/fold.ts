import type { FoldedDoubt, FoldedFacts, FoldedLine, FoldedName } from '../../../types/fold.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import type { HostIssueCode, Issue, IssueFactsByCode } from '../../../types/issue.ts';
import { NO_PROCESSOR } from '../../cpu/cpuid.ts';
import { madeHost } from '../../cpu/made-host.ts';
import { bundledMap, bundledVersions } from '../../cpu/packed.ts';
import { isGradeOf } from '../../cpu/grade.ts';
import { isSilence, unshownNames } from '../../cpu/silence.ts';
import { HOST_ISSUES } from '../../issues/hosts.ts';
import { aboutHosts, issue, LibvirtXmlError, type ErrorPlace } from '../../issues/issues.ts';
import { isRecord } from '../../text/json.ts';
import { countOfEntry, namesOfEntry } from '../../text/name-set.ts';
import { remembered } from '../../text/remembered.ts';
import { hostFrom } from './build.ts';
import type { Reading } from './listed.ts';

/** Raised when a program that reads folds would have to change. */
export const FOLD_VERSION = 1;

/** A text that begins like this is a fold: its lines are read one by one. */
export const FOLD_START: RegExp = /^\s*\{"foldVersion":/;

/** What every line that this library writes begins with. */
export const FOLD_HEAD: string = `{"foldVersion":${FOLD_VERSION},"hosts":`;

/** More hosts than can be compared one by one; folding takes any number. */
const MOST_HOSTS = 1_000_000;

/** The hosts of a fold, each by its name; what hosts of a line have in common is there once. */
export function readFold(reading: Reading): readonly Host[] {
  const { text, file, options } = reading;
  const { maxLength } = options;
  if (maxLength !== undefined && text.length > maxLength)
    throw refused(`the fold is longer than ${maxLength} characters`, { text, offset: 0, file }, 'too-large');
  const hosts: Host[] = [];
  const known = new Map<string, Host>();
  let offset = 0;
  for (const line of text.split('\n')) {
    const place = { text, offset, file };
    if (line.trim() !== '') {
      const { hosts: entries, facts } = foldedLine(line, place);
      const first = remembered(known, factsText(facts), () => hostOf(facts, place));
      for (const name of namesIn(entries, hosts.length, place)) hosts.push(named(first, name));
    }
    offset += line.length + 1;
  }
  return hosts;
}

function namesIn(entries: readonly FoldedName[], before: number, place: ErrorPlace): readonly string[] {
  const count = entries.reduce((sum, entry) => sum + countOfEntry(entry), before);
  if (count > MOST_HOSTS)
    throw refused(`a fold of more than ${MOST_HOSTS} hosts cannot be taken apart`, place, 'too-large');
  return entries.flatMap((entry) => [...namesOfEntry(entry)]);
}

function named(host: Host, name: string): Host {
  const issues = host.issues.map((found) => aboutHosts(found, [name]));
  return madeHost({ ...host, name, issues: issues.length === 0 ? host.issues : issues });
}

/** One line of a fold. @throws LibvirtXmlError `bad-fold` for anything else */
export function foldedLine(line: string, place: ErrorPlace): FoldedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw refused('this line of a fold is no JSON', place);
  }
  if (!isRecord(value) || value['foldVersion'] === undefined)
    throw refused('this is no line of a fold', place);
  const { foldVersion, hosts, ...facts } = value;
  if (foldVersion !== FOLD_VERSION)
    throw refused(`this fold is of version ${JSON.stringify(foldVersion)}, which is not known here`, place);
  if (!isEntries(hosts)) throw refused('"hosts" are not names or patterns of names', place);
  const wrong = Object.keys(facts).find((key) => !isFact(key) || !TESTS[key](facts[key]));
  if (wrong !== undefined) throw refused(`"${wrong}" is not what a fold can say`, place);
  if (!isFacts(facts)) throw refused('this line does not say what is known from where', place);
  for (const doubt of facts.doubts ?? []) doubtOf(doubt, place);
  return { hosts, facts: withSortedNames(facts) };
}

function isFact(key: string): key is keyof FoldedFacts {
  return Object.hasOwn(TESTS, key);
}

/** Every list is sorted and names nothing twice, whoever wrote it. */
function withSortedNames(facts: FoldedFacts): FoldedFacts {
  const lists = ['features', 'uncertain', 'silent', 'unnamed', 'deprecated'] as const;
  const sorted = lists.flatMap((key) => {
    const names = facts[key];
    return names === undefined || typeof names === 'string' ? [] : [[key, [...new Set(names)].sort()]];
  });
  return { ...facts, ...(Object.fromEntries(sorted) as Partial<FoldedFacts>) };
}

function isEntries(value: unknown): value is readonly FoldedName[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return (value as readonly unknown[]).every((entry) => {
    if (typeof entry === 'string') return entry !== '' && countOfEntry(entry) > 0;
    return isRecord(entry) && typeof entry['name'] === 'string' && Object.keys(entry).length === 1;
  });
}

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string' && value !== '';
const isNames: Test = (value) => Array.isArray(value) && value.every((name) => isText(name));
const isCount: Test = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** Every fact, in the order in which a line has them, and what it may be. */
const TESTS: Readonly<Record<keyof FoldedFacts, Test>> = {
  source: isText,
  grade: isText,
  arch: isText,
  virtType: isText,
  vendor: isText,
  model: isText,
  maps: (value) =>
    isNames(value) && (value as string[]).every((version) => bundledVersions().includes(version)),
  cpu: (value) =>
    Array.isArray(value) && value.length === 3 && value.every((number) => number === null || isCount(number)),
  addressBits: isCount,
  addressLimit: isCount,
  features: isNames,
  uncertain: isNames,
  silent: (value) => isNames(value) || (typeof value === 'string' && isSilence(value)),
  unnamed: isNames,
  properties: (value) =>
    isRecord(value) &&
    Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one)),
  deprecated: isNames,
  doubts: (value) => Array.isArray(value) && value.every(isDoubt),
};

function isDoubt(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { code, severity } = value;
  const isKnown = typeof code === 'string' && Object.hasOwn(HOST_ISSUES, code);
  return isKnown && ['error', 'warning', 'note'].includes(String(severity));
}

/** A grade that is better than what the source is worth would make a guess look like an answer. */
function isFacts(facts: object): facts is FoldedFacts {
  const { source, grade } = facts as Partial<FoldedFacts>;
  return source !== undefined && grade !== undefined && isGradeOf(source, grade);
}

/** Facts as they stand behind the names of the hosts: equal facts are equal texts. */
export function factsText(facts: FoldedFacts): string {
  const stated = Object.keys(TESTS).flatMap((key): readonly (readonly [string, unknown])[] => {
    const value = facts[key as keyof FoldedFacts];
    return value === undefined ? [] : [[key, value]];
  });
  return JSON.stringify(Object.fromEntries(stated)).slice('{'.length);
}

/** A host without a name of its own, of which this is known. */
function hostOf(facts: FoldedFacts, place: ErrorPlace): Host {
  const { source, grade, arch, virtType, vendor, model, features, uncertain = [], unnamed } = facts;
  const cpuMaps = (facts.maps ?? []).map(bundledMap);
  const { properties = {}, deprecated = [], doubts = [] } = facts;
  return hostFrom({
    name: 'host',
    source,
    grade,
    arch,
    virtType,
    vendor,
    model,
    features,
    uncertain,
    unnamed,
    properties,
    cpuMaps,
    deprecatedFeatures: deprecated,
    silent: silentNames(facts, cpuMaps),
    physicalAddressLimit: facts.addressLimit,
    processor: processorOf(facts),
    issues: doubts.map((doubt) => doubtOf(doubt, place)),
  });
}

function processorOf({ cpu, addressBits }: FoldedFacts): Host['processor'] {
  if (cpu === undefined && addressBits === undefined) return undefined;
  const [family, model, stepping] = (cpu ?? []).map((number) => number ?? undefined);
  return { ...NO_PROCESSOR, family, model, stepping, physicalAddressBits: addressBits };
}

function silentNames(
  { silent = [], features = [], uncertain = [] }: FoldedFacts,
  maps: readonly CpuMap[],
): readonly string[] {
  if (typeof silent !== 'string') return silent;
  const told = new Set([...features, ...uncertain]);
  return isSilence(silent) ? unshownNames(maps, silent).filter((name) => !told.has(name)) : [];
}

/** The facts of a doubt are told by its code; whatever is there instead must not end in a crash. */
function doubtOf({ code, severity, ...facts }: FoldedDoubt, place: ErrorPlace): Issue<HostIssueCode> {
  try {
    const known = { ...facts, hosts: ['host'] } as unknown as IssueFactsByCode[HostIssueCode];
    return issue(code as HostIssueCode, known, severity);
  } catch {
    throw refused(`"doubts" holds a "${code}" that does not say what it is about`, place);
  }
}

function refused(
  reason: string,
  place: ErrorPlace,
  code: 'bad-fold' | 'too-large' = 'bad-fold',
): LibvirtXmlError {
  const hint = 'Make it anew: virt-migratable profile HOST… | virt-migratable fold -';
  return new LibvirtXmlError(code, reason, { ...place, hint });
}
