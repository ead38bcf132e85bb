import type { WantedCpu } from '../../types/cpu-definition.ts';
import type { ReadOptions } from '../../types/options.ts';
import { LibvirtXmlError } from '../issues/issues.ts';
import { elementAt } from '../xml/query.ts';
import { scanXml } from '../xml/scan.ts';
import { parseDomain } from './domain/domain.ts';
import { fail, readHostDocument, textIn } from './host/document.ts';
import { readListed, readModel } from './host/features.ts';

/** The CPU of a bare `<cpu>` or of a domain. A host's own `<cpu>` asks for all it lists. */
export function parseWantedCpu(xml: string, options: ReadOptions): WantedCpu {
  const tree = scanXml(xml, options);
  const root = elementAt(tree, 0);
  if (root.name === 'domain') return cpuOfDomain(xml, options);
  const document = readHostDocument(tree, 0, options.file);
  const { element = root, cpu } = document;
  if (cpu === undefined) {
    const hint = 'Give a <cpu> or a domain.';
    throw fail(document, root, 'no-cpu-model', `this <${root.name}> states no CPU model`, hint);
  }
  const match = cpu.attributes.get('match');
  const follows = (cpu.attributes.get('mode') ?? 'custom') !== 'custom';
  return {
    arch: document.arch,
    vendor: textIn(cpu, 'vendor'),
    match: match === 'minimum' || match === 'strict' ? match : 'exact',
    model: follows ? undefined : readModel({ ...document, element, cpu }),
    features: readListed({ ...document, element, cpu }),
  };
}

function cpuOfDomain(xml: string, options: ReadOptions): WantedCpu {
  const { cpu, arch, span } = parseDomain(xml, options);
  if (cpu !== undefined && (cpu.model !== undefined || cpu.mode !== 'custom')) {
    const { vendor, match, features, mode, model } = cpu;
    return { arch, vendor, model: mode === 'custom' ? model : undefined, match, features };
  }
  const place = {
    text: xml,
    offset: (cpu?.span ?? span).start,
    file: options.file,
    hint: 'Give one with a <model>.',
  };
  throw new LibvirtXmlError('no-cpu-model', 'this domain asks for no CPU', place);
}
