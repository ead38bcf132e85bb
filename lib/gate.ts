import type { Domain } from '../types/domain.ts';
import type { GateOperation, GateOptions, GatePool, GateVerdict, RescueResult } from '../types/gate.ts';
import type { Issue, IssueCode } from '../types/issue.ts';
import type { ReadOptions } from '../types/options.ts';
import { cpuArgumentOf, globalSwitches, parseCpuArgument, switchesOf } from './cpu/cpu-argument.ts';
import { givenNames, qemuName } from './cpu/names.ts';
import { driverOf, globalElements } from './diff/arrival/arguments.ts';
import { arrivalMark } from './diff/arrival/mark.ts';
import { followsHost } from './diff/cpu/changes.ts';
import { levellingOn, propertiesOf, type Levelling } from './diff/gate/levelling.ts';
import { isGatePool } from './diff/gate/shape.ts';
import {
  judgeGuest,
  linesOff,
  rescuableFeatures,
  withParticulars,
  type GuestSwitches,
} from './diff/gate/verdict.ts';
import { asMade } from './issues/given.ts';
import { hasErrors, issue } from './issues/issues.ts';
import { FLAG, misfit, oneOf, optionsOf, READ, type OptionKind, type OptionKinds } from './issues/options.ts';
import { parseQemuCommandLine } from './parser/domain/qemu-command-line.ts';
import { parseDomain } from './parser/domain/domain.ts';
import { applyEdits } from './text/edit.ts';
import { argumentEdits } from './writer/command-line.ts';
import { editsAt } from './writer/element-edits.ts';

const GATE: OptionKinds<GateOptions> = { ...READ, rescue: FLAG };
const OPERATION: OptionKind = oneOf('migrate', 'restore', 'prepare');

/**
 * May this guest arrive, come back or be started on the gate's host? Pure: everything is decided from the domain's XML
 * and the pool's facts, as libvirt's hook has to (it must not ask libvirt).
 *
 * - `migrate`, `restore`: a host-passthrough or maximum guest has seen what its source had; whatever the pool differs in
 *   must be off. A custom CPU (host-model has become one by then) needs all it asks for on this host.
 * - `prepare`: what the guest would see if it was started here must be on every host, or off.
 *
 * @throws LibvirtXmlError for input that cannot be read; TypeError for an option or an operation that there is not.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const pool = gatePool(diffHosts([host('a', 'avx2'), host('b', 'taa-no')]), 'b');
 * const { decision, issues } = gateVerdict("<domain type='kvm'><cpu mode='maximum'/></domain>", pool, 'migrate');
 * decision; // → 'closed'
 * issues.map(({ code, features }) => [code, features]);
 * // → [['guest-feature-missing', ['avx2']], ['guest-feature-gained', ['taa-no']]]
 */
export function gateVerdict(
  domainXml: string,
  given: GatePool,
  operation: GateOperation,
  asked: GateOptions = {},
): GateVerdict {
  const options = optionsOf(asked, GATE);
  const wrong = misfit('operation', operation, OPERATION);
  if (wrong !== undefined) throw new TypeError(wrong);
  const hint = 'give what gatePool made, or pool.gate';
  if (!isGatePool(asMade(given, 'the pool', ['common', 'hosts', 'particulars'], hint)))
    throw new TypeError(`the pool is not whole: ${hint}`);
  const { rescue: _, ...read } = options;
  const domain = parseDomain(domainXml, read);
  const pool = withParticulars(domain, given);
  const mark = arrivalMark(domain);
  const isOnArrival =
    mark !== undefined &&
    driverFollowing(domain) !== undefined &&
    cpuArgumentOf(domain.commandLine) === undefined;
  return isOnArrival
    ? levelledVerdict(domain, mark.off, pool, operation, options)
    : plainVerdict(domain, pool, operation, options);
}

function plainVerdict(
  domain: Domain,
  pool: GatePool,
  operation: GateOperation,
  options: GateOptions,
): GateVerdict {
  const argument = cpuArgumentOf(domain.commandLine);
  // What QEMU takes instead of <cpu> is in QEMU's spelling, which a gate cannot read without the maps.
  const issues =
    argument === undefined
      ? judgeGuest(domain, pool, operation, switches(domain))
      : [issue('cpu-argument', { model: parseCpuArgument(argument.value).model }, 'error')];
  const rescued =
    options.rescue === true && operation === 'migrate' ? rescuableFeatures(domain, pool, issues) : undefined;
  if (rescued === undefined) return verdictOf(domain, pool, issues);
  const { xml } = turnOff(domain, rescued, options);
  const told = [issue('guest-rescued', { host: pool.self, features: rescued })];
  return { ...verdictOf(domain, pool, told), decision: 'rescued', features: rescued, xml };
}

function verdictOf(domain: Domain, pool: GatePool, issues: readonly Issue[]): GateVerdict {
  const features = [...new Set(issues.flatMap((one) => ('features' in one ? one.features : [])))].sort();
  const about = { guest: domain.name, host: pool.self, xml: domain.text };
  return { ...about, decision: decisionFor(issues), features, issues };
}

/**
 * A guest that says what is off in it wherever it runs. On its way it gets the list of this host; at its start it must
 * have it, because libvirt's hook cannot change it then.
 */
function levelledVerdict(
  domain: Domain,
  mark: readonly string[],
  pool: GatePool,
  operation: GateOperation,
  options: GateOptions,
): GateVerdict {
  const host = pool.self;
  const { off, on } = switches(domain);
  const lines = linesOff(domain.cpu, pool);
  const isSettled = (name: string): boolean =>
    lines.has(name) || lines.has(pool.ancestors[name] ?? '') || off.has(qemuName(name));
  const { put, take, strange, missing } = levellingOn(mark, pool, isSettled);
  const judged = judgeGuest(domain, pool, operation, {
    off: new Set([...off, ...propertiesOf([...mark, ...put])]),
    on,
  });
  const foreign = take.filter((name) => off.has(qemuName(name)));
  const lacking = operation === 'prepare' ? [...put, ...missing].sort() : [];
  const isForeign = operation === 'prepare' && foreign.length > 0;
  const differs = strange.length > 0 || (operation !== 'prepare' && missing.length > 0);
  const issues = [
    ...judged,
    ...(differs ? [issue('guest-mark-differs', { host, strange, missing })] : []),
    ...(lacking.length > 0 || isForeign
      ? [issue('guest-not-levelled', { host, missing: lacking, foreign, option: 'onArrival' })]
      : []),
  ];
  const verdict = verdictOf(domain, pool, issues);
  const isMoved = operation !== 'prepare' && put.length + foreign.length > 0;
  if (verdict.decision !== 'open' || !isMoved) return verdict;
  const told = issue('guest-levelled', { host, off: put, taken: foreign });
  const xml = relisted(domain, { put, take: foreign }, options);
  return {
    ...verdict,
    decision: 'levelled',
    features: [...put, ...foreign].sort(),
    issues: [...issues, told],
    xml,
  };
}

/** The guest's XML with another list for QEMU, and every other byte as it was. */
function relisted(
  domain: Domain,
  { put, take }: Pick<Levelling, 'put' | 'take'>,
  options: GateOptions,
): string {
  const driver = driverOf(domain.cpu?.mode);
  const gone = globalElements(domain, driver, propertiesOf(take));
  const removals = gone.flatMap((span) => editsAt(domain.text, { kind: 'remove-element', span }));
  const { edits } = turnOff(domain, put, options);
  const sorted = [...removals, ...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return applyEdits(domain.text, sorted);
}

/** With one of these, the pool's facts are not about such a guest. */
const UNJUDGED: ReadonlySet<IssueCode> = new Set(['context-mismatch', 'arch-mismatch', 'cpu-argument']);

function decisionFor(issues: readonly Issue[]): GateVerdict['decision'] {
  if (!hasErrors(issues)) return 'open';
  const isForeign = issues.some(({ code }) => UNJUDGED.has(code));
  return isForeign ? 'unjudged' : 'closed';
}

/**
 * A host-passthrough or maximum guest's XML with these features turned off by QEMU's own `-global`, its `<cpu>` and
 * every other byte untouched. For a live guest on its way: libvirt compares the `<cpu>`, but not this. It marks such a
 * guest as tainted (`custom-argv`, `hook-script`). Off already stays as it is.
 *
 * @param features libvirt's names of what the guest must not gain on the host it arrives on.
 * @returns the text unchanged, and an issue, for any other CPU.
 * @throws LibvirtXmlError for input that cannot be read; RangeError for a name libvirt's pattern does not allow.
 * @example
 * const { xml } = rescueDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>", ['lahf_lm']);
 * xml.slice(xml.indexOf('<cpu'));
 * // → "<cpu mode='host-passthrough'/><qemu:commandline><qemu:arg value='-global'/><qemu:arg value='host-x86_64-cpu.lahf-lm=off'/></qemu:commandline></domain>"
 */
export function rescueDomain(
  domainXml: string,
  features: readonly string[],
  options: ReadOptions = {},
): RescueResult {
  const names = givenNames(features);
  const domain = parseDomain(domainXml, options);
  const { cpu, arch = 'x86_64' } = domain;
  if (cpu === undefined || !followsHost(cpu) || arch !== 'x86_64')
    return { xml: domainXml, edits: [], issues: [issue('guest-not-rescuable', { mode: cpu?.mode, arch })] };
  return turnOff(domain, names, options);
}

function turnOff(domain: Domain, features: readonly string[], options: ReadOptions): RescueResult {
  const line = parseQemuCommandLine(domain, options);
  const driver = driverOf(domain.cpu?.mode);
  const switched = switchesOf(domain.commandLine, driver);
  const open = [...new Set(features.map(qemuName))].filter((name) => switched.get(name) !== 'off').sort();
  const args = open.flatMap((name) => ['-global', `${driver}.${name}=off`]);
  const edits = argumentEdits(domain.text, line, args);
  return { xml: applyEdits(domain.text, edits), edits, issues: [] };
}

/** What QEMU calls a CPU that follows its host; a named model's may be any. @see https://www.qemu.org/docs/master/system/qemu-cpu-models.html */
function driverFollowing({ cpu }: Pick<Domain, 'cpu'>): string | undefined {
  return cpu === undefined || !followsHost(cpu) ? undefined : driverOf(cpu.mode);
}

/** What the guest's CPU is told past libvirt, by QEMU's names: on by whatever kind of CPU, off by its own alone. */
function switches({ commandLine, cpu }: Domain): GuestSwitches {
  const driver = driverFollowing({ cpu });
  const named = (wanted: string, of: string): readonly string[] =>
    [...switchesOf(commandLine, of)].flatMap(([name, value]) => (value === wanted ? [name] : []));
  const drivers = new Set(globalSwitches(commandLine).map((one) => one.driver));
  return {
    off: new Set(driver === undefined ? [] : named('off', driver)),
    on: new Set([...drivers].flatMap((of) => named('on', of))),
  };
}
