import type { InputErrorCode, Issue, IssueCode, IssueFacts, Severity } from '../../types/issue.ts';
import type { Position } from '../../types/xml.ts';
import { GUEST_ISSUES } from './guest.ts';
import { hosts, list, option, plural, type Words } from './words.ts';
import { excerptAt, positionAt } from '../text/position.ts';

/** A gate's line is the only word an operator gets: it names every feature. */
const every = ({ features = [] }: IssueFacts): string => features.join(', ');
const them = ({ features }: IssueFacts): string => plural(features, 'it', 'them');
const others = ({ hosts: [, ...rest] = [] }: IssueFacts): string =>
  rest.length === 0 ? 'not every host is known to have' : `${list(rest)} ${plural(rest, 'lacks', 'lack')}`;

const inferred = ({ features = [], received }: IssueFacts): string =>
  features.length === 0
    ? `read with the CPU map of libvirt ${received}`
    : `${list(features)} ${plural(features, 'depends', 'depend')} on it and ${plural(features, 'counts', 'count')} as unknown; state the version to be sure`;

/** Code → weight and words. The only place where findings become sentences. */
const ISSUES: Readonly<Record<IssueCode, Words>> = {
  ...GUEST_ISSUES,
  'arch-mismatch': [
    'error',
    (f) =>
      `architectures differ (${f.received}, expected ${f.expected}; ${hosts(f)}): a guest cannot migrate between them`,
  ],
  'arch-unsupported': [
    'error',
    (f) =>
      `${f.received} is not supported: libvirt gives no list of CPU features a guest would see there (${hosts(f)}), so nothing is guessed`,
  ],
  'arm-hosts-differ': [
    'error',
    (f) =>
      `the CPUs of ${hosts(f)} are not the same, or not known to be: on aarch64 libvirt can turn off nothing but SVE lengths and pointer authentication, so only equal hosts can be a pool`,
  ],
  'arm-not-comparable': [
    'warning',
    (f) =>
      `libvirt does not say what a guest gets on aarch64: beyond SVE and pointer authentication, that ${hosts(f)} give the same is for you to know`,
  ],
  'base-models-differ': [
    'warning',
    (f) =>
      `${hosts(f)} have different base models (${f.received}); what all of them can give is ${f.expected === '' ? 'not known' : f.expected}`,
  ],
  'check-full-model': [
    'warning',
    (f) =>
      `check="full" with the model ${f.model}: QEMU adds ${list(f.features)}, which is not listed, so libvirt refuses to start it; require or disable ${plural(f.features, 'it', 'them')}, or let guard write all lines`,
  ],
  'check-not-enforced': [
    'note',
    (f) =>
      `check="full" in mode ${f.received} compares only the features that are listed, and none is required: libvirt refuses no host for what it lacks; guard writes the lines`,
  ],
  'context-mismatch': [
    'error',
    (f) =>
      f.command === undefined
        ? `the domain is of type "${f.expected}", but ${hosts(f)} ${plural(f.hosts, 'was', 'were')} asked about "${f.received}": run "virsh domcapabilities --virttype ${f.expected}" there`
        : `the domain is for ${f.expected}, but ${hosts(f)} ${plural(f.hosts, 'was', 'were')} asked about ${f.received}: run "${f.command}" there${f.option === undefined ? '' : `, or let it pass with ${option(f)}`}`,
  ],
  'core-feature': [
    'error',
    (f) =>
      `${f.feature} would have to be disabled (missing on ${hosts(f)}), but no guest boots without it: these hosts are too different`,
  ],
  'cpus-incompatible': ['error', (f) => `the CPUs of ${hosts(f)} have no feature in common`],
  'duplicate-host': [
    'warning',
    (f) => `${hosts(f)} is given more than once: is one of the files another host's?`,
  ],
  'feature-climbed': [
    'warning',
    (f) => `${f.feature} goes in place of ${f.expected}, a name that not every host knows`,
  ],
  'feature-dependency': ['note', (f) => `${f.feature} goes too: it means nothing without ${f.expected}`],
  'feature-dropped': [
    'note',
    (f) =>
      `${f.feature} differs, but QEMU has no such property: libvirt leaves it out, and to disable it does nothing`,
  ],
  'feature-filtered': [
    'note',
    (f) => `${f.feature} differs, but libvirt never passes it to QEMU: no guest sees it, nothing to do`,
  ],
  'feature-not-expressible': [
    'error',
    (f) =>
      `${list(f.features)} must be off, but libvirt on ${hosts(f)} does not know ${plural(f.features, 'that name', 'those names')} and would refuse the domain: ${f.option === undefined ? '' : `disable ${list(f.candidates)} instead with ${option(f)}, `}leave the host out, or upgrade its libvirt`,
  ],
  'feature-not-migratable': [
    'note',
    (f) => `${f.feature} differs, but QEMU gives it to no migratable guest: nothing to do`,
  ],
  'feature-topology': [
    'note',
    (f) => `${f.feature} differs, but QEMU derives it from the guest's topology: nothing to do`,
  ],
  'feature-unnamed': [
    'note',
    (f) =>
      `${hosts(f)} ${plural(f.hosts, 'gives', 'give')} guests ${list(f.features)} too, for which libvirt has no CPU feature${f.expected === undefined ? '' : ` and of which ${f.expected} lacks some`}: no <feature> can turn ${plural(f.features, 'it', 'them')} off`,
  ],
  'guest-feature-gained': [
    'error',
    (f) =>
      `host ${f.hosts?.[0]} has ${every(f)}, which ${others(f)}: the domain was started without disabling ${them(f)} and might gain ${them(f)} on arrival`,
  ],
  'guest-feature-missing': [
    'error',
    (f) =>
      `host ${hosts(f)} lacks ${every(f)}, which the domain ${f.received}${f.received === 'asks for' ? '' : `: it was started without disabling ${them(f)}`}`,
  ],
  'guest-feature-shown': [
    'error',
    (f) =>
      `started on ${f.hosts?.[0]}, the domain may have ${every(f)}, which ${others(f)}: disable ${them(f)} in its XML`,
  ],
  'guest-not-rescuable': [
    'error',
    (f) =>
      `QEMU's -global turns features off in host-passthrough and maximum CPUs of x86_64 only; the domain has ${f.received}`,
  ],
  'guest-rescued': [
    'warning',
    (f) =>
      `${every(f)} of host ${hosts(f)} ${plural(f.features, 'is', 'are')} kept from the domain with QEMU's -global; libvirt marks it as tainted (custom-argv, hook-script)`,
  ],
  'host-model-differs': [
    'warning',
    (f) =>
      `a host-model CPU becomes another model on each host at its next cold start (${f.received}; ${hosts(f)}): its features are equal then, its family, model and level are not; pin it to one named model`,
  ],
  'inferred-libvirt-version': [
    'warning',
    (f) => `the libvirt version of ${hosts(f)} is not stated: ${inferred(f)}`,
  ],
  'live-incompatible': [
    'error',
    (f) =>
      `${hosts(f)} cannot take the running guest: it lacks ${list(f.features)}, which the guest ${f.expected}`,
  ],
  'live-name-unknown': [
    'error',
    (f) =>
      `${hosts(f)} cannot take the running guest: libvirt there does not know ${list(f.features)}, which the guest's CPU names`,
  ],
  'live-needs-power-cycle': [
    'warning',
    () =>
      'this is the XML of a running guest, whose CPU cannot change: what is written here takes effect when the guest is stopped and started, not when it reboots; change the stored XML (virsh dumpxml --inactive)',
  ],
  'live-unknown': [
    'error',
    (f) =>
      `nobody knows whether ${hosts(f)} can take the running guest${f.features?.length === 0 ? '' : `: it may have ${list(f.features)}`}`,
  ],
  'lock-feature-gained': [
    'error',
    (f) => `${hosts(f)} has ${list(f.features)}, which it had not when the baseline was locked`,
  ],
  'lock-feature-lost': [
    'error',
    (f) => `${hosts(f)} has lost ${list(f.features)} since the baseline was locked`,
  ],
  'lock-feature-unsure': [
    'error',
    (f) =>
      `nobody knows of ${list(f.features)} on ${hosts(f)} what was known, or not, when the baseline was locked`,
  ],
  'lock-host-missing': [
    'error',
    (f) => `${hosts(f)} ${plural(f.hosts, 'is', 'are')} in the locked baseline, but not among the hosts`,
  ],
  'lock-host-new': ['error', (f) => `${hosts(f)} ${plural(f.hosts, 'is', 'are')} not in the locked baseline`],
  'lock-identity': [
    'error',
    (f) => `${hosts(f)} is not what it was when the baseline was locked: ${f.received}, then ${f.expected}`,
  ],
  'match-strict': [
    'warning',
    () => 'match="strict" starts only on a host without any further feature: it is left as it is',
  ],
  'model-exceeds-hosts': [
    'error',
    (f) =>
      `${f.model === undefined ? 'a CPU that follows its host' : `the model ${f.model}`} is more than ${hosts(f)} can give${f.expected === '' ? '' : `: give the guest the model ${f.expected}`}`,
  ],
  'migratable-set': ['note', (f) => `${f.received} becomes "on": QEMU refuses to migrate a guest without`],
  'model-missing': [
    'error',
    (f) =>
      `QEMU on ${hosts(f)} does not have the CPU model "${f.model}"${f.policy === 'allow' ? ': with fallback="allow" libvirt starts the guest there with another model, if it knows one to take in its place' : ': take another model, or leave the host out'}`,
  ],
  'model-not-usable': [
    'error',
    (f) =>
      `the CPU model ${f.model} cannot be used on ${hosts(f)}, which lacks ${list(f.features)} of it: take another model, or leave the host out`,
  ],
  'model-vendor': [
    'warning',
    (f) =>
      `the model ${f.model} is one of ${f.received}, the hosts (${hosts(f)}) are of ${f.expected}: a guest sees a CPU that was never built`,
  ],
  'no-common-model': [
    'error',
    (f) =>
      `no named CPU model serves all of ${hosts(f)}: guard the CPU instead of pinning it, or name a model`,
  ],
  'no-cpu-model': [
    'warning',
    (f) =>
      `the domain has ${f.received}: QEMU gives it a default model, nothing is written there; give it a <cpu> with a mode or model to make it migratable on purpose`,
  ],
  'not-migratable': ['error', (f) => `${f.received} makes a guest that QEMU refuses to migrate: set it on`],
  'partial-answer': [
    'warning',
    (f) =>
      `the QMP answer of ${hosts(f)} lists only what is on: what it does not name counts as absent; give the whole answer of query-cpu-model-expansion`,
  ],
  'pin-refused': [
    'error',
    (f) =>
      `libvirt refuses ${f.received} beside a named model: take it out, or guard the CPU instead of pinning it`,
  ],
  'policy-conflict': [
    'error',
    (f) =>
      `the domain asks for ${f.feature} with policy "${f.policy}", but ${hosts(f)} cannot give it: drop the line or the host`,
  ],
  'policy-forbid': [
    'warning',
    (f) =>
      `the domain forbids ${f.feature}, which ${hosts(f)} has: it does not start there unless check is none`,
  ],
  'policy-overridden': [
    'warning',
    (f) => `policy "${f.policy}" for ${f.feature} becomes "disable", because ${hosts(f)} cannot give it`,
  ],
  'policy-unsupported': [
    'error',
    (f) =>
      `policy "${f.policy}" for ${f.feature} is not supported on ${f.received}: only "require" and "disable" are`,
  ],
  'sve-lengths': [
    'error',
    (f) => `libvirt refuses ${f.feature} in a domain whose sve is off: leave the lengths out, or keep sve`,
  ],
  'sve-required': [
    'warning',
    () =>
      'with a vector length in the domain, libvirt asks for sve too: the guest starts only where there is SVE',
  ],
  'too-few-hosts': ['error', (f) => `a pool needs at least two hosts, got ${f.received}`],
  'unknown-feature': [
    'error',
    (f) =>
      `libvirt on ${hosts(f)} does not know the CPU feature "${f.feature}"${f.expected === undefined ? '' : `; did you mean "${f.expected}"?`}`,
  ],
  'unknown-model': ['error', (f) => `libvirt on ${hosts(f)} does not know the CPU model "${f.model}"`],
  'unknown-presence': ['error', (f) => `nobody knows the CPU features of ${hosts(f)}: ${f.received}`],
  'vendor-mismatch': [
    'error',
    (f) => `CPU vendors differ (${f.received}; ${hosts(f)}): a guest cannot migrate between them`,
  ],
  'virtio-conflict': [
    'error',
    (f) =>
      `the domain asks for ${f.expected}, but ${hosts(f)} cannot offer it: drop the attribute or the host`,
  ],
  'virtio-device-differs': [
    'warning',
    (f) =>
      `${f.received} devices differ in ${list(f.features)} (${hosts(f)}), and only network devices are levelled: QEMU may refuse a guest that has one`,
  ],
  'virtio-feature': [
    'note',
    (f) =>
      `${f.feature} of virtio-net goes: ${f.received} ${f.received?.includes(',') === true ? 'offer' : 'offers'} it, ${hosts(f)} ${plural(f.hosts, 'does', 'do')} not`,
  ],
  'virtio-not-expressible': [
    'error',
    (f) =>
      f.expected === 'property'
        ? `${f.feature} of virtio-net must be off (${hosts(f)} ${plural(f.hosts, 'does', 'do')} not offer it), and libvirt has no switch for it: allow a property for QEMU (--qemu-properties), or leave the host out`
        : `${f.feature} of virtio-net must be off (${hosts(f)} ${plural(f.hosts, 'does', 'do')} not offer it), and nothing turns it off: leave the host out`,
  ],
  'virtio-overridden': ['warning', (f) => `${f.expected} becomes "off", because ${hosts(f)} cannot offer it`],
  'virtio-property-unchecked': [
    'warning',
    (f) =>
      `nobody knows whether QEMU on ${hosts(f)} has the property ${f.feature}, without which it refuses to start the guest: add its answer to device-list-properties`,
  ],
  'virtio-property-unknown': [
    'error',
    (f) =>
      `QEMU on ${hosts(f)} does not know the property ${f.feature} and would refuse to start the guest: leave the host out, or give it a newer QEMU`,
  ],
  'virtio-unknown': [
    'error',
    (f) => `nobody knows what virtio-net devices offer on ${hosts(f)}: give the answer of its QEMU too`,
  ],
  'weak-source': [
    'warning',
    (f) =>
      `${hosts(f)} ${plural(f.hosts, 'is', 'are')} known by ${f.received} only, which lists the physical CPU, not what a guest gets: use "virsh domcapabilities"`,
  ],
};

/** A finding with its weight and words. `severity` replaces the usual weight where an option asks for it. */
export function issue(code: IssueCode, facts: IssueFacts, severity?: Severity): Issue {
  const [usual, words] = ISSUES[code];
  return { code, severity: severity ?? usual, message: words(facts), ...facts };
}

/** Does any issue stop the write? */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === 'error');
}

/**
 * Input that cannot be read. `message` has the file, line and column, the reason, the line with a caret under the
 * culprit, and what to do. Two copies of the library may be loaded (ESM and CommonJS): test with `isLibvirtXmlError`.
 */
export class LibvirtXmlError extends Error {
  override readonly name = 'LibvirtXmlError';
  readonly code: InputErrorCode;
  /** Why, in one sentence, without the place. */
  readonly reason: string;
  readonly file: string | undefined;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** In UTF-16 units from 0. */
  readonly offset: number;
  /** The line and a caret below it. */
  readonly excerpt: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(code: InputErrorCode, reason: string, place: ErrorPlace) {
    const { line, column }: Position = positionAt(place.text, place.offset);
    const excerpt = excerptAt(place.text, place.offset);
    const hint = place.hint === undefined ? '' : `\n${place.hint}`;
    super(`${place.file ?? '<input>'}:${line}:${column}: ${reason}\n${excerpt}${hint}`);
    this.code = code;
    this.reason = reason;
    this.file = place.file;
    this.line = line;
    this.column = column;
    this.offset = place.offset;
    this.excerpt = excerpt;
    this.hint = place.hint;
  }
}

/** Where an input error stands, and what to do about it. */
export interface ErrorPlace {
  readonly text: string;
  readonly offset: number;
  readonly file?: string | undefined;
  readonly hint?: string | undefined;
}

/**
 * Is this an input error of this library, whichever copy of it threw?
 *
 * @example
 * try { parseDomain('<domain>'); } catch (error) { isLibvirtXmlError(error) && error.code; } // → 'bad-xml'
 */
export function isLibvirtXmlError(error: unknown): error is LibvirtXmlError {
  return error instanceof Error && error.name === 'LibvirtXmlError';
}
