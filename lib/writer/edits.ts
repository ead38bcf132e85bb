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
  const quote = quoteOf(text, cpu);
  const replaced = changes.flatMap((change) =>
    change.kind === 'replace' ? [policyEdit(change.feature, quote)] : [],
  );
  const lines = replaced.length === changes.length ? [] : [linesEdit(text, cpu, changes, quote)];
  return [...replaced, ...lines].sort((a, b) => a.start - b.start);
}

function linesEdit(text: string, cpu: DomainCpu, changes: readonly FeatureChange[], quote: string): Edit {
  const { start, end, opening, separator, closing } = placeForFeatures(text, cpu);
  return { start, end, text: opening + linesFor(changes, separator, quote) + closing };
}

/** The domains of a pool get the same lines in mostly the same layout: each is put together once. */
const remembered = new WeakMap<readonly FeatureChange[], Map<string, string>>();

function linesFor(changes: readonly FeatureChange[], separator: string, quote: string): string {
  const layouts = remembered.get(changes) ?? new Map<string, string>();
  remembered.set(changes, layouts);
  const known = layouts.get(quote + separator);
  if (known !== undefined) return known;
  const added = changes.filter(({ kind }) => kind === 'add');
  const lines = added.map(({ name }) => separator + renderFeature('disable', name, quote)).join('');
  layouts.set(quote + separator, lines);
  return lines;
}

function policyEdit({ policyValue, nameAttribute }: DomainFeature, quote: string): Edit {
  if (policyValue !== undefined) return { ...policyValue, text: 'disable' };
  return { start: nameAttribute.start, end: nameAttribute.start, text: `policy=${quote}disable${quote} ` };
}

/** The quote of the nearest attribute: the last feature's, else that of `<cpu>`, else of the start of the document. */
function quoteOf(text: string, cpu: DomainCpu): string {
  const last = cpu.features.at(-1)?.span ?? cpu.startTag;
  return (
    quoteIn(text.slice(last.start, last.end)) ??
    quoteIn(text.slice(cpu.span.start, cpu.contentEnd)) ??
    quoteIn(text.slice(0, cpu.span.start)) ??
    "'"
  );
}

function quoteIn(text: string): string | undefined {
  return /=\s*(["'])/.exec(text)?.[1];
}
