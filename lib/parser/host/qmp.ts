import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host, HostProcessor } from '../../../types/host.ts';
import { ARM_FEATURE, s390xGeneration } from '../../cpu/arches.ts';
import { noBits, setBit, type NameBits } from '../../cpu/bits.ts';
import { vendorName } from '../../cpu/cpuid.ts';
import { indexOf, type CpuIndex } from '../../cpu/map.ts';
import { canonicalIn, numberOf } from '../../cpu/known-names.ts';
import { issue, type LibvirtXmlError } from '../../issues/issues.ts';
import { hostFrom } from './build.ts';
import { isObject, memberOf, stringsIn, valueAt } from './json-values.ts';
import { mapsFor, nameIn, refuse, type Reading as TextReading } from './listed.ts';
import { beyondMaps, versionDoubts } from './versions.ts';
import type { JsonDocument, JsonObject, JsonValue } from '../json.ts';

/** One answer to `query-cpu-model-expansion`: a model's name and its properties. */
interface Answer {
  readonly name: string | undefined;
  readonly props: JsonObject;
  /** Names that later machines will not have, by QEMU's own word. */
  readonly deprecated: readonly string[];
  readonly start: number;
}

/** What an architecture's answer says of the host. */
type Reading = Pick<
  Host,
  'arch' | 'features' | 'uncertain' | 'cpuMaps' | 'unnamed' | 'vendor' | 'model' | 'properties'
>;

/** Names that stand for the host's whole CPU, or for a list that leaves no model out. */
const WHOLE: ReadonlySet<string | undefined> = new Set([undefined, 'base', 'host', 'max']);

/** What QEMU's x86 CPU objects are told beside features: no guest sees these as such. */
const SETTING =
  /^(?:x-|hv-|host-|cpuid-|check$|enforce$|fill-mtrr-mask$|full-cpuid-auto-level$|kvm$|kvm-no-smi-migration$|kvm-pv-enforce-cpuid$|l3-cache$|legacy-cache$|legacy-multi-node$|lmce$|migratable$|pmu$|realized$|hotplugged$|hotpluggable$|start-powered-off$|tcg-cpuid$|vmware-cpuid-freq$|xen-vapic$)/;

const ARM_PROPERTY = /^(?:aarch64|sve\d*|sme\d*|pauth(?:-\w+)?)$/;
const S390X_PROPERTY = /^(?:aen|cmm|esan3|esop|sthyi|te|vx|zarch|zpci|msa\d?)$/;

/**
 * The hosts of a text of QMP answers: each answer one host, as each XML document is. A whole session (with QEMU's
 * greeting, or with the commands) is about one host, whose first answer is the one that counts, as libvirt asks first
 * for what may migrate.
 *
 * @see https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html#command-QMP-machine-target.query-cpu-model-expansion
 */
export function readAnswers(given: readonly JsonDocument[], reading: TextReading): readonly Host[] {
  const name = nameIn(reading);
  const documents = given.flatMap(({ value, start }) =>
    Array.isArray(value)
      ? value.map((item: JsonValue): JsonDocument => ({ value: item, start }))
      : { value, start },
  );
  const answers = documents.flatMap((document) => answerIn(document) ?? []);
  const [first] = answers;
  if (first === undefined) throw noAnswer(reading, documents);
  const qemuVersion = documents.map(greetingVersion).find((version) => version !== undefined);
  const isSession = documents.some(({ value }) => memberOf(value, 'QMP') ?? memberOf(value, 'execute'));
  const counting = isSession ? [first] : answers;
  return counting.map((answer, i) =>
    toHost(answer, { ...reading, qemuVersion, name: counting.length > 1 ? `${name}#${i + 1}` : name }),
  );
}

/** What was asked is no answer, however alike the two look. */
function answerIn({ value, start }: JsonDocument): Answer | undefined {
  if (memberOf(value, 'execute') !== undefined) return undefined;
  const answer = memberOf(value, 'return') ?? value;
  const model = memberOf(answer, 'model') ?? answer;
  const props = memberOf(model, 'props');
  if (!isObject(props)) return undefined;
  const name = memberOf(model, 'name');
  const deprecated = [...stringsIn(memberOf(answer, 'deprecated-props'))].sort();
  return { name: typeof name === 'string' ? name : undefined, props, deprecated, start };
}

/** The version in QEMU's greeting, which begins a session. */
function greetingVersion({ value }: JsonDocument): string | undefined {
  const qemu = valueAt(value, 'QMP', 'version', 'qemu');
  const parts = ['major', 'minor', 'micro'].map((part) => memberOf(qemu, part));
  return parts.every((part) => typeof part === 'number') ? parts.join('.') : undefined;
}

interface Context extends TextReading {
  readonly name: string;
  readonly qemuVersion: string | undefined;
}

function noAnswer(reading: TextReading, documents: readonly JsonDocument[]): LibvirtXmlError {
  const refused = documents.find(({ value }) => memberOf(value, 'error') !== undefined);
  const { value, start } = refused ?? documents[0] ?? { value: null, start: 0 };
  const why = memberOf(memberOf(value, 'error'), 'desc');
  const reason =
    typeof why === 'string'
      ? `QEMU refused to answer: ${why}`
      : 'there is no CPU model with "props" in it, nor any other description of a host that is known';
  const hint =
    'Give the output of "virsh domcapabilities", or of QEMU the answer to query-cpu-model-expansion for the model "host" (KVM) or "max" (emulation); "virt-migratable help hosts" has everything that can be read.';
  return refuse({ ...reading, start }, 'no-cpu-model', reason, hint);
}

function toHost(answer: Answer, context: Context): Host {
  const { name, stated, cpuMap } = context;
  const reading = readingOf(answer, context);
  const isStated = stated !== undefined || cpuMap !== undefined;
  const doubts = reading.arch === 'x86_64' ? versionDoubts(name, { ...reading, isStated }) : [];
  const issues = answerIssues(answer, reading, name);
  const beyond = reading.cpuMaps.length > 0 ? beyondMaps(name, context) : [];
  return hostFrom({
    name,
    source: 'qmp',
    file: context.file,
    virtType: virtTypeOf(answer),
    grade: issues.some(({ code }) => code === 'partial-answer') ? 'B' : 'A',
    ...reading,
    qemuVersion: context.qemuVersion,
    deprecatedFeatures: answer.deprecated,
    processor: processorOf(answer),
    issues: [...doubts, ...issues, ...beyond],
  });
}

function answerIssues({ props }: Answer, { unnamed = [] }: Reading, name: string): Host['issues'] {
  const partial = [...props.values()].includes(false) ? [] : [issue('partial-answer', { hosts: [name] })];
  const features = [...unnamed];
  return features.length === 0
    ? partial
    : [...partial, issue('feature-unnamed', { hosts: [name], features, missingOn: [] })];
}

function readingOf(answer: Answer, context: Context): Reading {
  const { props } = answer;
  const maps = mapsFor(context);
  const names = [...props.keys()];
  const on = namesOn(props).sort();
  const nothing = { uncertain: [], cpuMaps: [], unnamed: undefined, vendor: undefined, properties: {} };
  // Before x86, some of whose names s390x has too.
  if (isS390x(answer)) return { ...nothing, arch: 's390x', model: answer.name, features: on };
  if (names.some((name) => ARM_PROPERTY.test(name)))
    return {
      ...nothing,
      arch: 'aarch64',
      model: undefined,
      features: on.filter((name) => ARM_FEATURE.test(name)),
      properties: armProperties(props),
    };
  if (names.some((name) => canonicalIn(maps, name) !== undefined)) return readX86(answer, maps, context);
  const reason = 'none of these properties is a CPU feature that libvirt knows';
  throw refuse({ ...context, start: answer.start }, 'unknown-arch', reason, HINT);
}

/** By its model, or by more than one of the names that only s390x has. */
function isS390x({ name, props }: Answer): boolean {
  const isNamed = name !== undefined && s390xGeneration(name) !== undefined;
  return isNamed || [...props.keys()].filter((property) => S390X_PROPERTY.test(property)).length > 1;
}

/** Everything that no feature line of libvirt names. */
function armProperties(props: JsonObject): Host['properties'] {
  const others = [...props].filter(([name]) => !ARM_FEATURE.test(name));
  return Object.fromEntries(
    others.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  );
}

function readX86(answer: Answer, maps: readonly CpuMap[], context: Context): Reading {
  if (!WHOLE.has(answer.name)) {
    const reason = `this answer is about the CPU model "${answer.name ?? ''}", not about a host`;
    throw refuse({ ...context, start: answer.start }, 'wrong-root', reason, HINT);
  }
  const agreed = context.sets.agreed(
    maps.map((map) => ({ map, features: featuresIn(indexOf(map), answer.props) })),
  );
  const isNamed = (name: string): boolean => canonicalIn(maps, name) !== undefined;
  const others = namesOn(answer.props).map((name) => name.replaceAll('_', '-'));
  const unnamed = others.filter((name) => !isNamed(name) && !SETTING.test(name));
  const vendor = answer.props.get('vendor');
  return {
    arch: 'x86_64',
    model: undefined,
    vendor: vendorName(maps, typeof vendor === 'string' ? vendor : undefined),
    ...agreed,
    unnamed: [...new Set(unnamed)].sort(),
    properties: {},
  };
}

/** libvirt's names of what is on. QEMU may list a feature in several spellings: it is on where none of them says no. */
function featuresIn(index: CpuIndex, props: JsonObject): NameBits {
  const { length } = index.names;
  const [on, off] = [noBits(length), noBits(length)];
  for (const [name, value] of props) {
    const number = typeof value === 'boolean' ? numberOf(index, name) : undefined;
    if (number !== undefined) setBit(value === true ? on : off, number);
  }
  return on.map((word, i) => word & ~(off[i] ?? 0));
}

function namesOn(props: JsonObject): string[] {
  return [...props].filter(([, value]) => value === true).map(([name]) => name);
}

/** Only KVM gives guests its own features, and QEMU's emulation has a name of its own; else nobody knows. */
function virtTypeOf({ props }: Answer): string | undefined {
  if (namesOn(props).some((name) => name.startsWith('kvm') && !SETTING.test(name))) return 'kvm';
  const model = props.get('model-id');
  return typeof model === 'string' && model.startsWith('QEMU TCG CPU') ? 'qemu' : undefined;
}

/** Zero stands for a number that QEMU was not told. */
function processorOf({ props }: Answer): HostProcessor {
  const number = (name: string): number | undefined => {
    const value = props.get(name);
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const stepping = props.get('stepping');
  return {
    family: number('family'),
    model: number('model'),
    stepping: typeof stepping === 'number' ? stepping : undefined,
    microcode: undefined,
    physicalAddressBits: number('phys-bits'),
    tsc: undefined,
  };
}

const HINT = 'Ask query-cpu-model-expansion for the model "host" (KVM) or "max" (emulation).';
