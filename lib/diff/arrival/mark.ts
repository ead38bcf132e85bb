import type { Domain } from '../../../types/domain.ts';
import type { DomainChange } from '../../../types/plan.ts';
import type { Span } from '../../../types/xml.ts';
import { FEATURE_NAME } from '../../cpu/names.ts';
import { MARK_NAMESPACE } from '../../xml/namespaces.ts';
import { intoMetadata, scanAgain } from '../../xml/place.ts';
import { attributeValues, childrenNamed, childrenOf } from '../../xml/query.ts';

const PREFIX = 'arrival';
const ELEMENT = `${PREFIX}:levelled`;

/** What a domain's `<metadata>` says of a guest that is levelled on arrival. */
export interface ArrivalMark {
  /** What is off in this guest wherever it runs: by `-global` where QEMU could show it. */
  readonly off: readonly string[];
  readonly span: Span;
  readonly startTag: Span;
}

/** The namespace from a character on that is seldom in a domain: V8 looks for the first one, and `u` is everywhere. */
const SELDOM: string = MARK_NAMESPACE.slice(MARK_NAMESPACE.indexOf(':'));

/** Does a domain say that it is levelled on arrival? Quick, because every domain is asked. */
export function isMarked({ text }: Pick<Domain, 'text'>): boolean {
  return text.includes(SELDOM) && text.includes(MARK_NAMESPACE);
}

/** The mark of a domain that is levelled on arrival; `undefined` where there is none that can be read. */
export function arrivalMark(domain: Pick<Domain, 'text' | 'span'>): ArrivalMark | undefined {
  if (!isMarked(domain)) return undefined;
  const { tree, top } = scanAgain(domain.text, domain.span.start);
  const [metadata] = childrenNamed(tree, top.index, 'metadata');
  if (metadata === undefined) return undefined;
  for (const child of childrenOf(tree, metadata.index)) {
    const values = attributeValues(tree, child);
    // libvirt writes the declaration where the element is, as the rewrite does.
    const [prefix, local] = child.name.split(':');
    if (local !== 'levelled' || values.get(`xmlns:${prefix}`) !== MARK_NAMESPACE) continue;
    const off = (values.get('off') ?? '').split(/\s+/).filter((name) => FEATURE_NAME.test(name));
    const { start, end, startTag } = child;
    return { off: off.sort(), span: { start, end }, startTag };
  }
  return undefined;
}

/** The changes that make a domain say that these features are off in it wherever it runs; nothing of none. */
export function markChanges(domain: Domain, features: readonly string[]): readonly DomainChange[] {
  const off = features.join(' ');
  const mark = arrivalMark(domain);
  if (mark?.off.join(' ') === off || (mark === undefined && features.length === 0)) return [];
  if (mark !== undefined)
    return features.length === 0
      ? [{ kind: 'remove-element', span: mark.span }]
      : [{ kind: 'set-attribute', startTag: mark.startTag, name: 'off', value: off }];
  const attributes = { [`xmlns:${PREFIX}`]: MARK_NAMESPACE, off };
  return [intoMetadata(domain, { name: ELEMENT, attributes })];
}
