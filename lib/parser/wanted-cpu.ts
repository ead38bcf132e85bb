import type { WantedCpu } from '../../types/cpu-definition.ts';
import type { ReadOptions } from '../../types/options.ts';
import { LibvirtXmlError } from '../issues/issues.ts';
import { attributeOf, elementAt, nameAt } from '../xml/query.ts';
import { withTree } from '../xml/scan.ts';
import type { BorrowedTree } from '../xml/tree.ts';
import { parseDomain } from './domain/domain.ts';
import { textIn } from './host/cpu-element.ts';
import { fail, readHostDocument } from './host/document.ts';
import { readListedOnce, readModel } from './host/features.ts';
import { newOffersMemory } from './host/offers.ts';

/** The CPU of a bare `<cpu>` or of a domain. A host's own `<cpu>` asks for all it lists. */
export function parseWantedCpu(xml: string, options: ReadOptions): WantedCpu {
  return withTree(xml, options, (tree) =>
    nameAt(tree, 0) === 'domain' ? cpuOfDomain(xml, options) : bareCpu(tree),
  );
}

function bareCpu(tree: BorrowedTree): WantedCpu {
  const document = readHostDocument({ tree, file: tree.file, memory: newOffersMemory() }, 0);
  const root = elementAt(tree, 0);
  const { cpu } = document;
  if (cpu === undefined) {
    const hint = 'Give a <cpu> or a domain.';
    throw fail(document, root, 'no-cpu-model', `this <${root.name}> states no CPU model`, hint);
  }
  const match = attributeOf(tree, cpu.element, 'match');
  const follows = (attributeOf(tree, cpu.element, 'mode') ?? 'custom') !== 'custom';
  return {
    arch: document.arch,
    vendor: textIn(cpu, 'vendor'),
    match: match === 'minimum' || match === 'strict' ? match : 'exact',
    model: follows ? undefined : readModel({ ...document, cpu }),
    features: readListedOnce({ ...document, cpu }),
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
