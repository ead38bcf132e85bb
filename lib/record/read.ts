import type { Domain } from '../../types/domain.ts';
import type { DomainRecord, RecordedChange } from '../../types/record.ts';
import { POLICIES } from '../cpu/names.ts';
import { RECORD_NAMESPACE } from '../xml/namespaces.ts';
import { scanAgain } from '../xml/place.ts';
import { attributesOf, attributeValues, childrenNamed, childrenOf, type XmlElement } from '../xml/query.ts';
import type { XmlTree } from '../xml/tree.ts';
import { canBeWritten } from './written.ts';

const WRITTEN: ReadonlySet<string> = new Set(['disable', 'require']);

/**
 * What an earlier rewrite with `record` says it did to this domain; `undefined` where the domain says nothing of it.
 * An entry that makes no sense counts for nothing: what it spoke of is the user's then.
 *
 * @example
 * const record = "<m:added xmlns:m='urn:libvirt-migratable:1'><m:feature name='clwb' policy='disable'/></m:added>";
 * parseRecord(parseDomain(`<domain><metadata>${record}</metadata></domain>`))?.changes;
 * // → [{ kind: 'feature', name: 'clwb', policy: 'disable', replaced: undefined }]
 */
export function parseRecord({ text, span }: Domain): DomainRecord | undefined {
  if (!text.includes(RECORD_NAMESPACE)) return undefined;
  const { tree, top } = scanAgain(text, span.start);
  const metadata = childrenNamed(tree, top.index, 'metadata')[0];
  if (metadata === undefined) return undefined;
  const found = childrenOf(tree, metadata.index).find((child) => isRecord(tree, child, [metadata, top]));
  if (found === undefined) return undefined;
  const entries = childrenOf(tree, found.index).flatMap((child) => entryOf(tree, child) ?? []);
  const changes = entries.filter(canBeWritten);
  const foreign = entries
    .filter((entry) => !canBeWritten(entry))
    .map((entry) => (entry.kind === 'feature' ? `cpu/feature ${entry.name}` : entry.at));
  return { span: { start: found.start, end: found.end }, changes, foreign: [...new Set(foreign)] };
}

function isRecord(tree: XmlTree, element: XmlElement, around: readonly XmlElement[]): boolean {
  const [local = '', prefix] = element.name.split(':').reverse();
  const declaration = prefix === undefined ? 'xmlns' : `xmlns:${prefix}`;
  const declared = [element, ...around]
    .flatMap((one) => attributesOf(tree, one))
    .find(({ name }) => name === declaration);
  return local === 'added' && declared?.value === RECORD_NAMESPACE;
}

function entryOf(tree: XmlTree, element: XmlElement): RecordedChange | undefined {
  const values = attributeValues(tree, element);
  const kind = element.name.replace(/^.*:/, '');
  if (kind === 'feature') return featureEntry(values);
  const at = values.get('at');
  return at === undefined ? undefined : placedEntry(kind, at, values);
}

function placedEntry(
  kind: string,
  at: string,
  values: ReadonlyMap<string, string>,
): RecordedChange | undefined {
  const [name, value, replaced, xml] = ['name', 'value', 'replaced', 'xml'].map((key) => values.get(key));
  if (kind === 'element') return { kind, at };
  if (kind === 'attribute' && name !== undefined) {
    const [written, next] = [values.get('written'), values.get('next')];
    const place = { ...(written !== undefined && { written }), ...(next !== undefined && { next }) };
    return { kind, at, name, value, replaced, ...place };
  }
  if (kind === 'text' && value !== undefined) return { kind, at, value, replaced };
  if (xml === undefined) return undefined;
  if (kind === 'empty') return { kind, at, xml };
  return kind === 'removed' ? { kind, at, xml, ...placeIn(values) } : undefined;
}

function placeIn(values: ReadonlyMap<string, string>): { readonly place?: string; readonly behind?: string } {
  const [place, behind] = [values.get('place'), values.get('behind')];
  return place === undefined || behind === undefined ? {} : { place, behind };
}

function featureEntry(values: ReadonlyMap<string, string>): RecordedChange | undefined {
  const [name, policy, replaced, written] = ['name', 'policy', 'replaced', 'written'].map((key) =>
    values.get(key),
  );
  const isPolicy = replaced === undefined || replaced === '' || POLICIES.has(replaced);
  if (name === undefined || policy === undefined || !WRITTEN.has(policy) || !isPolicy) return undefined;
  const note = { kind: 'feature', name, policy: policy as 'disable' | 'require', replaced } as const;
  return written === undefined ? note : { ...note, written };
}
