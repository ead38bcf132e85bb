import type { Domain, DomainCpu, DomainFeature } from '../../types/domain.ts';
import type { FeatureChange } from '../../types/plan.ts';
import type { Edit } from '../../types/xml.ts';
import { renderFeature } from '../xml/render.ts';
import { placeForFeatures } from './place.ts';

/**
 * The edits that make these changes in a domain, in order: the policy value of a listed feature, or new lines behind
 * the last feature, sorted, in the layout of their neighbours.
 */
export function editsFor({ text, cpu }: Domain, changes: readonly FeatureChange[]): readonly Edit[] {
  if (cpu === undefined || changes.length === 0) return [];
  const added = changes
    .filter(({ kind }) => kind === 'add')
    .map(({ name }) => name)
    .sort();
  const replaced = changes.flatMap((change) =>
    change.kind === 'replace' ? [policyEdit(change.feature, quoteOf(text, cpu))] : [],
  );
  const lines = added.length === 0 ? [] : [linesEdit(text, cpu, added)];
  return [...replaced, ...lines].sort((a, b) => a.start - b.start);
}

function linesEdit(text: string, cpu: DomainCpu, names: readonly string[]): Edit {
  const { start, end, opening, separator, closing } = placeForFeatures(text, cpu);
  const quote = quoteOf(text, cpu);
  const lines = names.map((name) => separator + renderFeature('disable', name, quote));
  return { start, end, text: opening + lines.join('') + closing };
}

function policyEdit({ policyValue, nameAttribute }: DomainFeature, quote: string): Edit {
  if (policyValue !== undefined) return { ...policyValue, text: 'disable' };
  return { start: nameAttribute.start, end: nameAttribute.start, text: `policy=${quote}disable${quote} ` };
}

/** The quote of the nearest attribute: the last feature's, else that of `<cpu>`, else of the start of the document. */
function quoteOf(text: string, cpu: DomainCpu): string {
  const last = cpu.features.at(-1);
  const places = [
    last === undefined ? '' : text.slice(last.span.start, last.span.end),
    text.slice(cpu.span.start, cpu.contentEnd),
    text.slice(0, cpu.span.start),
  ];
  for (const place of places) {
    const quote = /=\s*(["'])/.exec(place)?.[1];
    if (quote !== undefined) return quote;
  }
  return "'";
}
