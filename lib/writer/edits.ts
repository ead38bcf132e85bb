import type { Domain, DomainCpu, DomainElement } from '../../types/domain.ts';
import type { DomainChange, ElementChange, WrittenPolicy } from '../../types/plan.ts';
import type { Edit } from '../../types/xml.ts';
import { CPU_ORDER } from '../cpu/names.ts';
import { remembered } from '../text/remembered.ts';
import { newLines, type Lines } from '../xml/lines.ts';
import { featureWriter, renderElement } from '../xml/render.ts';
import { editsAt } from './element-edits.ts';
import { placeFor, stepBelow, type Place } from './place.ts';
import { quoteBefore, quoteIn } from './quotes.ts';

/** New child elements of one parent, of one name. */
interface Addition {
  readonly parent: DomainElement;
  readonly name: string;
  readonly order: readonly string[];
  /** Their text, each behind the separator. */
  readonly lines: (separator: string, quote: string) => string;
}

/**
 * The edits that make these changes in a domain, in order. New feature lines come in the order of the changes, all in
 * the layout of their neighbours.
 *
 * @param lines what was known of feature lines before: to be kept where many documents are written.
 */
export function editsFor(
  { text, cpu }: Domain,
  changes: readonly DomainChange[],
  lines: Lines = newLines(),
): readonly Edit[] {
  if (changes.length === 0) return [];
  if (changes.every(({ kind }) => kind === 'add'))
    return cpu === undefined ? [] : [featuresEdit(text, cpu, changes, lines)];
  const others = changes.filter((change) => change.kind !== 'add');
  const added = others.length === changes.length ? undefined : cpu;
  const features = added === undefined ? [] : [newFeatures(added, changes, lines)];
  const elements = others.flatMap((change) =>
    change.kind === 'add-element' ? [newElement(text, change, lines)] : [],
  );
  const edits = others.flatMap((change) => editsAt(text, change, lines));
  return [...edits, ...additionEdits(text, [...features, ...elements])].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  );
}

/** The usual case: nothing but new features. */
function featuresEdit(text: string, cpu: DomainCpu, changes: readonly DomainChange[], lines: Lines): Edit {
  const { start, end, opening, separator, closing } = placeFor(text, cpu, 'feature', CPU_ORDER);
  const quote = quoteNear(text, cpu, 'feature');
  return { start, end, text: opening + linesFor(changes, separator, quote, lines) + closing };
}

/** The additions by parent, then by place: those that share a place share what is opened and closed there. */
function additionEdits(text: string, additions: readonly Addition[]): readonly Edit[] {
  const parents = [...new Set(additions.map(({ parent }) => parent.startTag.start))];
  return parents.flatMap((start) => {
    const group = additions.filter(({ parent }) => parent.startTag.start === start);
    const sorted = group.toSorted((a, b) => a.order.indexOf(a.name) - b.order.indexOf(b.name));
    const places = new Map<number, { readonly place: Place; text: string }>();
    for (const { parent, name, order, lines } of sorted) {
      const place = placeFor(text, parent, name, order);
      const known = remembered(places, place.start, () => ({ place, text: place.opening }));
      known.text += lines(place.separator, quoteNear(text, parent, name));
    }
    return [...places.values()].map(({ place: { start, end, closing }, text: opened }) => ({
      start,
      end,
      text: opened + closing,
    }));
  });
}

function newFeatures(cpu: DomainCpu, changes: readonly DomainChange[], known: Lines): Addition {
  return {
    parent: cpu,
    name: 'feature',
    order: CPU_ORDER,
    lines: (separator, quote) => linesFor(changes, separator, quote, known),
  };
}

function newElement(
  text: string,
  { parent, order, element }: ElementChange & { readonly kind: 'add-element' },
  known: Lines,
): Addition {
  const hasBody = (element.children ?? []).length > 0;
  const lines = (separator: string, quote: string): string => {
    const indent = hasBody ? stepBelow(text, parent, separator) : '';
    return separator + renderElement(element, { quote, newline: separator, indent }, known);
  };
  return { parent, name: element.name, order, lines };
}

/** The lines of new features, in the order of the changes. */
function linesFor(changes: readonly DomainChange[], separator: string, quote: string, lines: Lines): string {
  let text = '';
  let policy: WrittenPolicy = 'disable';
  let write = featureWriter({ policy, quote, separator }, lines);
  for (const change of changes) {
    if (change.kind !== 'add') continue;
    if (change.policy !== policy) {
      policy = change.policy;
      write = featureWriter({ policy, quote, separator }, lines);
    }
    text += write(change.name);
  }
  return text;
}

/** The quote of the nearest attribute: that of the last sibling of the name, else of the parent, else of the start of the document. */
function quoteNear(text: string, parent: DomainElement, name: string): string {
  const last = parent.children.findLast((child) => child.name === name)?.span ?? parent.startTag;
  return (
    quoteIn(text.slice(last.start, last.end)) ??
    quoteIn(text.slice(parent.span.start, parent.contentEnd)) ??
    quoteBefore(text, parent.span.start)
  );
}
