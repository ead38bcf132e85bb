import { END, type Tree } from '../../xml/tree.ts';

/** Facts by name. */
export type CapturedFacts = ReadonlyMap<string, string>;

/** Nothing was noted. */
export const NO_FACTS: CapturedFacts = new Map();

const TARGET = 'virt-migratable';

/**
 * What `virt-migratable capture` notes in front of a host's documents, as `<?virt-migratable libvirt='9.0.0' …?>`: for
 * each root of the tree, its facts. A note holds until the next one, so that captured hosts can stand in one text.
 *
 * @param before what the piece of the text before this one ended with.
 */
export function capturedFacts(tree: Tree, before: CapturedFacts): readonly CapturedFacts[] {
  const { text, nodes, roots } = tree;
  let facts = before;
  let at = 0;
  return roots.map((root) => {
    facts = notedIn(text, at, nodes[root] as number) ?? facts;
    at = nodes[root + END] as number;
    return facts;
  });
}

/** The last note between two elements of a scanned text, where else only blanks and comments can stand. */
function notedIn(text: string, start: number, end: number): CapturedFacts | undefined {
  let noted: CapturedFacts | undefined;
  for (let at = text.indexOf('<', start); at < end; at = text.indexOf('<', at)) {
    const isComment = text.startsWith('<!--', at);
    const close = isComment ? text.indexOf('-->', at + '<!--'.length) : text.indexOf('?>', at);
    const [target, ...rest] = isComment ? [] : text.slice(at + '<?'.length, close).split(/\s/);
    if (target === TARGET) noted = factsIn(rest.join(' '));
    at = close;
  }
  return noted;
}

/** `name='value' …` */
function factsIn(note: string): CapturedFacts {
  const facts = new Map<string, string>();
  const parts = note.split("'");
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = (parts[i] ?? '').trim();
    if (name.endsWith('=')) facts.set(name.slice(0, -1), parts[i + 1] ?? '');
  }
  return facts;
}
