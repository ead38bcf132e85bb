import type { XmlLimits } from '../../../types/xml.ts';
import { positionsIn } from '../../text/position.ts';
import { attributesInTag, childrenOf, hasOwnNamespace, nameAt, spanAt, startTagAt } from '../../xml/query.ts';
import { withTree } from '../../xml/scan.ts';
import { fail, type BorrowedTree } from '../../xml/tree.ts';

/** One domain of a text that holds several, or the whole text where it holds one; and where it begins. */
export interface DomainText {
  readonly text: string;
  /** In UTF-16 units of the whole text. */
  readonly start: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** What nobody can do without who writes several: a second domain, or an element around them. */
const SEVERAL = /<domain[\s>/][\s\S]*<domain[\s>/]|<domains[\s>/]/;
const WRAPPER = 'domains';

/**
 * The domains of a text, in order: one document, several in a row as `virsh dumpxml` prints them one after the other, or
 * a `<domains>` around them. What stands between them belongs to none.
 *
 * @throws LibvirtXmlError for several that are not well-formed; what is wrong with a single one, `parseDomain` says.
 */
export function domainTexts(
  text: string,
  options: XmlLimits & { readonly file?: string } = {},
): readonly DomainText[] {
  const alone = [{ text, start: 0, line: 1, column: 1 }];
  // Most files hold one: to look at them twice would take as long as to judge them.
  if (!mayHoldSeveral(text)) return alone;
  return withTree(text, { ...options, several: true }, (tree) => {
    const roots = rootsOf(tree);
    if (roots === undefined) return alone;
    const positionOf = positionsIn(text);
    return roots.map((index) => {
      const { start, end } = spanAt(tree, index);
      return { text: text.slice(start, end), start, ...positionOf(start) };
    });
  });
}

function mayHoldSeveral(text: string): boolean {
  const first = text.indexOf('<domain');
  return first !== -1 && text.includes('<domain', first + 1) && SEVERAL.test(text);
}

/** The roots, or what a wrapper holds; `undefined` for one document, which is read as it stands. */
function rootsOf(tree: BorrowedTree): readonly number[] | undefined {
  const [first = 0, another] = tree.roots;
  if (another !== undefined) return tree.roots;
  const isWrapper = nameAt(tree, first) === WRAPPER && !hasOwnNamespace(tree, first);
  if (!isWrapper) return undefined;
  refusePrefixes(tree, first);
  return childrenOf(tree, first).map(({ index }) => index);
}

/** Each domain is read, and defined, by itself: what is in QEMU's namespace would be in none then, and overlooked. */
function refusePrefixes(tree: BorrowedTree, index: number): void {
  const found = attributesInTag(tree.text, startTagAt(tree, index)).find(({ name }) =>
    name.startsWith('xmlns:'),
  );
  if (found === undefined) return;
  const reason = `the namespace "${found.name}" of <${WRAPPER}> is none of a domain by itself`;
  throw fail(tree, reason, found.start, 'Declare it in each <domain> that uses it.', 'foreign-name');
}
