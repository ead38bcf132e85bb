import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { candidateMaps } from '../../cpu/bundled.ts';
import { normalVersion } from '../../cpu/versions.ts';
import { issue, type LibvirtXmlError } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { readJson, type JsonDocument, type JsonValue } from '../json.ts';
import { readOpennebula, readOpenstack, readVdsm } from './clouds.ts';
import { readCpuidText } from './cpuid-text.ts';
import { readCpuinfo } from './cpuinfo.ts';
import { foreignProblem, isForeign, type Foreign } from './foreign.ts';
import { readFold } from './fold.ts';
import { readIncus } from './incus.ts';
import { readNodes } from './kubernetes.ts';
import { numbered, refuse, textReading, type Reading } from './listed.ts';
import { readLscpu, readLscpuJson } from './lscpu.ts';
import { documentsInPaste } from './paste.ts';
import { readNodeStatus, readProxmox } from './proxmox.ts';
import { readAnswers } from './qmp.ts';
import { jsonShapeOf, shapeOf, type ReadableShape, type Shape } from './recognise.ts';
import { readingFor, type HostReading } from './reading.ts';
import { ANY_VERSION } from './versions.ts';
import { readYaml } from './yaml.ts';

/** Reads the hosts of XML. */
export type XmlReader = (text: string, reading: HostReading) => readonly Host[];

/** How each kind of text is read. */
const READERS: Readonly<Record<ReadableShape, (reading: Reading, readXml: XmlReader) => readonly Host[]>> = {
  fold: readFold,
  json: (reading) => readJsonHosts(readJson(reading.text, reading.options), reading),
  yaml: (reading) => readJsonHosts(readYaml(reading), reading),
  cpuinfo: readCpuinfo,
  lscpu: readLscpu,
  cpuid: (reading) => [readCpuidText(reading)],
  paste: (reading, readXml) => readPaste(reading.text, reading, readXml) ?? strangeLine(reading),
  unknown,
};

/** The hosts of a text that may be no XML; `readXml` reads what is, and what a paste holds of it. */
export function readOther(text: string, reading: HostReading, readXml: XmlReader): readonly Host[] {
  const shape = shapeOf(text);
  if (shape === 'xml') return readXml(text, reading);
  const own = textReading(text, reading);
  if (!isReadable(shape)) throw notAHost(own, shape);
  const hosts = READERS[shape](own, readXml);
  return shape === 'paste' ? hosts : hosts.map((host) => withStated(host, own));
}

/** A host with what the caller states of it. */
function withStated(host: Host, { stated, virtio, options: { qemuVersion } }: Reading): Host {
  return frozen({
    ...host,
    virtio,
    libvirtVersion: stated?.from,
    qemuVersion: qemuVersion === undefined ? host.qemuVersion : normalVersion(qemuVersion),
  });
}

function isReadable(shape: Exclude<Shape, 'xml'>): shape is ReadableShape {
  return Object.hasOwn(READERS, shape);
}

/** The hosts of the documents in a paste, with a note on what was skipped; `undefined` if there is nothing to skip. */
export function readPaste(
  text: string,
  reading: HostReading,
  readXml: XmlReader,
): readonly Host[] | undefined {
  const paste = documentsInPaste(text);
  if (paste === undefined || paste.skipped.length === 0 || paste.strange !== undefined) return undefined;
  const options = { ...versionsIn(paste.outside), ...reading.options };
  const inner = readingFor(options, reading);
  const hosts = readOther(paste.text, inner, readXml);
  return hosts.map((host) => {
    const note = issue('input-skipped', { hosts: [host.name], skipped: paste.skipped });
    return frozen({ ...host, issues: [...host.issues, note] });
  });
}

function strangeLine(reading: Reading): never {
  const start = documentsInPaste(reading.text)?.strange ?? 0;
  const reason = 'this line is no part of the document, nor a shell prompt, a message or a code fence';
  const hint = 'Give the output as virsh printed it, and nothing else.';
  throw refuse({ ...reading, start }, 'bad-xml', reason, hint);
}

/** `virsh version` may stand beside a document in a paste. */
function versionsIn(outside: string): Pick<ParseHostOptions, 'libvirtVersion' | 'qemuVersion'> {
  const libvirtVersion =
    /^Running against daemon: (\d+\.\d+\.\d+)/m.exec(outside)?.[1] ??
    /^Using library: libvirt (\d+\.\d+\.\d+)/m.exec(outside)?.[1];
  const qemuVersion = /^Running hypervisor: QEMU (\d+\.\d+\.\d+)/m.exec(outside)?.[1];
  return {
    ...(libvirtVersion !== undefined && { libvirtVersion }),
    ...(qemuVersion !== undefined && { qemuVersion }),
  };
}

/** Sources of which a document holds one host, which the caller names. */
const SINGLE: Readonly<Record<string, ((value: JsonValue, reading: Reading) => Host) | undefined>> = {
  incus: readIncus,
  lscpu: readLscpuJson,
  'proxmox-status': readNodeStatus,
  vdsm: readVdsm,
};

/** Sources that name their hosts themselves. */
const SEVERAL: Readonly<
  Record<string, ((value: JsonValue, reading: Reading) => readonly Host[]) | undefined>
> = {
  opennebula: readOpennebula,
  openstack: readOpenstack,
  proxmox: readProxmox,
};

/** The hosts of JSON documents in a row, all of one kind. */
function readJsonHosts(documents: readonly JsonDocument[], reading: Reading): readonly Host[] {
  const [first] = documents;
  if (first === undefined) throw refuse(reading, 'empty-document', 'there is no document', EXPECTED);
  const shape =
    documents.map(({ value }) => jsonShapeOf(value)).find((one) => one !== 'unknown') ?? 'unknown';
  const place = { ...reading, start: first.start };
  if (shape === 'nodes')
    return readNodes(
      documents.map(({ value }) => value),
      place,
    );
  const [single, several] = [SINGLE[shape], SEVERAL[shape]];
  if (single !== undefined)
    return documents.map(({ value, start }, i) =>
      single(value, { ...numbered(reading, i, documents.length), start }),
    );
  if (several !== undefined)
    return documents.flatMap(({ value, start }) => several(value, { ...reading, start }));
  if (isForeign(shape)) throw notAHost(place, shape);
  return readAnswers(documents, reading);
}

const EXPECTED =
  'Give the output of "virsh domcapabilities"; "virt-migratable help hosts" has everything that can be read.';

function notAHost(reading: Reading, what: Foreign): LibvirtXmlError {
  const { code, reason, hint } = foreignProblem(what);
  return refuse(reading, code, reason, hint);
}

/** A document of libvirt behind something else in its line. */
const ELEMENT_INSIDE = /<(?:domainCapabilities|capabilities|cpu|cpudata|mode|domain)[\s>/]/;

function unknown(reading: Reading): never {
  if (isListOfModels(reading.text)) throw notAHost(reading, 'virsh-cpu-models');
  if (ELEMENT_INSIDE.test(reading.text)) return strangeLine(reading);
  const reason = 'this is neither XML nor JSON, nor any other description of a host that is known here';
  throw refuse(reading, 'unknown-format', reason, EXPECTED);
}

/** Does each line hold the name of a CPU model and nothing else? */
function isListOfModels(text: string): boolean {
  const lines = text.split('\n', 4096).map((line) => line.trim());
  const words = lines.filter((line) => line !== '');
  const maps = candidateMaps(ANY_VERSION);
  const models = new Set(
    maps.flatMap((map) =>
      [...map.models, ...map.ppc64.models].map(({ name }) => name).concat(map.arm.models),
    ),
  );
  return words.length > 1 && words.every((word) => models.has(word));
}
