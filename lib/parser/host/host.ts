import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { asText } from '../../issues/given.ts';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { oneHost } from './one-host.ts';
import { readOther, readPaste } from './other.ts';
import { newShared, readingFor, type HostReading } from './reading.ts';
import { readXmlHosts } from './xml.ts';

/**
 * A host, read from what libvirt prints about it: `virsh domcapabilities` (best: what a guest really gets),
 * `virsh hypervisor-cpu-baseline --features`, `virsh capabilities`, or a bare `<cpu>`; or from what QEMU answers to
 * `query-cpu-model-expansion` for the model `host` (KVM) or `max` (emulation). There, what QEMU lists as off, or has no
 * property for, no guest that may migrate sees. Given capabilities and
 * domcapabilities in one text, identity comes from the first and features from the second. Several CPUs in one text
 * count as one host that has what all of them have; use `parseHosts` to keep them apart.
 *
 * @param xml one document or several in a row; JSON, if it begins like JSON.
 * @returns plain data; `features` is `undefined` where libvirt does not say (never an empty guess).
 * @throws LibvirtXmlError for input that cannot be read, with file, line, column and what to do.
 * @throws RangeError if `libvirtVersion` is not a version.
 * @see https://libvirt.org/formatdomaincaps.html#cpu-configuration
 * @example
 * const host = parseHost("<cpu><arch>x86_64</arch><model>486</model><feature name='tsc'/></cpu>", { libvirtVersion: '9.0.0' });
 * host.features; // → ['fpu', 'pse', 'tsc', 'vme']
 */
export function parseHost(xml: string, options: ParseHostOptions = {}): Host {
  return oneHost(parseHosts(xml, options), xml, options);
}

/**
 * Every host of a text that may hold several documents in a row, as `virsh cpu-baseline` accepts them. With more
 * than one, their names are numbered: `name#1`, `name#2` …
 *
 * @throws LibvirtXmlError as `parseHost` does.
 * @example
 * const one = '<cpu><arch>x86_64</arch><model>486</model></cpu>';
 * parseHosts(one + one, { name: 'pool' }).map((host) => host.name); // → ['pool#1', 'pool#2']
 */
export function parseHosts(xml: string, options: ParseHostOptions = {}): readonly Host[] {
  return newHostReader().read(xml, options);
}

/** Reads the hosts of many texts as `parseHosts` does. What is equal among them is there once. */
export interface HostReader {
  readonly read: (xml: string, options?: ParseHostOptions) => readonly Host[];
}

/** A reader, for whoever reads the hosts of a pool: it remembers what it has read for as long as somebody holds it. */
export function newHostReader(): HostReader {
  const shared = newShared();
  return {
    read: (xml, options = {}) => readHosts(asText(xml, 'the text of a host'), readingFor(options, shared)),
  };
}

/** Begins like XML, and not like a web page: what else there is need not be told apart then. */
const XML = /^\s*<(?!(?:\?xml\b[^>]*>\s*<)?(?:!doctype html|html[\s>]))/i;

function readHosts(text: string, reading: HostReading): readonly Host[] {
  return XML.test(text) ? readXml(text, reading) : readOther(text, reading, readXml);
}

/** The hosts of XML. Where lines stand between its documents, it is a paste. */
function readXml(xml: string, reading: HostReading): readonly Host[] {
  try {
    return readXmlHosts(xml, reading);
  } catch (error) {
    const isPaste = isLibvirtXmlError(error) && error.code === 'bad-xml';
    const hosts = isPaste ? readPaste(xml, reading, readXml) : undefined;
    if (hosts === undefined) throw error;
    return hosts;
  }
}
