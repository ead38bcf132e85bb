import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { asText } from '../../issues/given.ts';
import { LibvirtXmlError } from '../../issues/issues.ts';
import { oneHost } from './one-host.ts';
import { newShared, readingFor } from './reading.ts';
import { readXmlHosts } from './xml.ts';

/**
 * `parseHost` of `libvirt-migratable/compare`: a host, read from the XML that libvirt prints about it. The other sources
 * (QEMU, /proc/cpuinfo, Kubernetes, Proxmox and so on) and pastes are read by the whole library: their readers would be a
 * sixth of a page that compares.
 *
 * @throws LibvirtXmlError for input that cannot be read, with file, line, column and what to do.
 * @throws RangeError if `libvirtVersion` is not a version.
 * @example
 * const host = parseHost("<cpu><arch>x86_64</arch><model>486</model></cpu>", { libvirtVersion: '9.0.0' });
 * host.features; // → ['fpu', 'pse', 'vme']
 */
export function parseHost(xml: string, options: ParseHostOptions = {}): Host {
  return oneHost(parseHosts(xml, options), xml, options);
}

/**
 * `parseHosts` of `libvirt-migratable/compare`: every host of a text that may hold several documents of libvirt.
 *
 * @throws LibvirtXmlError as `parseHost` does.
 * @example
 * const one = '<cpu><arch>x86_64</arch><model>486</model></cpu>';
 * parseHosts(one + one, { name: 'pool' }).map((host) => host.name); // → ['pool#1', 'pool#2']
 */
export function parseHosts(xml: string, options: ParseHostOptions = {}): readonly Host[] {
  const text = asText(xml, 'the text of a host');
  const offset = text.search(/\S/);
  if (offset !== -1 && text[offset] !== '<')
    throw new LibvirtXmlError('unknown-format', 'this is no XML, and only XML of libvirt is read here', {
      text,
      offset,
      file: options.file,
      hint: 'Give the output of "virsh domcapabilities"; parseHost of the whole library reads the other sources.',
    });
  return readXmlHosts(text, readingFor(options, newShared()));
}
