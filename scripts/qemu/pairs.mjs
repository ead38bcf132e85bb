// Which feature goes with which, from measured pairs to the fewest rows that say the same.

const key = (parent, child) => `${parent} ${child}`;
const release = (version) => version.split('.').slice(0, 2).join('.');

/** All that follows from these pairs. */
function closureOf(pairs) {
  const children = new Map();
  for (const [parent, child] of pairs) children.set(parent, [...(children.get(parent) ?? []), child]);
  const all = new Set();
  for (const parent of children.keys()) {
    const open = [parent];
    const seen = new Set();
    while (open.length > 0)
      for (const child of children.get(open.pop()) ?? [])
        if (!seen.has(child)) {
          seen.add(child);
          open.push(child);
        }
    for (const child of seen) if (child !== parent) all.add(key(parent, child));
  }
  return all;
}

/** The first measured release that has a pair, where an older one has both names and lacks the pair. */
function sinceOf(parent, child, measured) {
  const enforces = ({ enforced }) => enforced.get(parent)?.has(child) === true;
  const first = measured.findIndex(enforces);
  const isLater = measured.slice(0, first).some(({ names }) => names.has(parent) && names.has(child));
  const isLost = measured
    .slice(first)
    .some((one) => one.names.has(child) && one.names.has(parent) && !enforces(one));
  if (isLost) throw new Error(`${parent} → ${child} has gone again: the table has no place for that`);
  return isLater ? release(measured[first].version) : undefined;
}

/**
 * Rows of parents and children, and pairs that exclude each other. What the openers explain is left out: `openers` are
 * pairs, too, each with the version since when.
 *
 * @param measured of each QEMU `version`, `names` (a set), `enforced` (name → set of what goes with it), `excluded`.
 */
export function enforcedRows(measured, openers) {
  const holds = ({ version, names }, [parent, child, since]) =>
    names.has(parent) &&
    names.has(child) &&
    (since === undefined || Number(release(version)) >= Number(since));
  const pairsOf = ({ enforced }) =>
    [...enforced].flatMap(([parent, children]) => [...children].map((child) => [parent, child]));
  const sizes = new Map();
  for (const one of measured)
    for (const [parent, children] of one.enforced)
      sizes.set(parent, Math.max(sizes.get(parent) ?? 0, children.size));
  const seen = new Map(measured.flatMap(pairsOf).map((pair) => [key(...pair), pair]));
  const all = [...seen.values()].map(([parent, child]) => [parent, child, sinceOf(parent, child, measured)]);
  // What has most children loses pairs first: to its grandchildren.
  all.sort(([a, x], [b, y]) => sizes.get(b) - sizes.get(a) || (key(a, x) < key(b, y) ? -1 : 1));
  const explains = (pairs) =>
    measured.every((one) => {
      const found = closureOf([...openers, ...pairs].filter((pair) => holds(one, pair)));
      return pairsOf(one).every((pair) => found.has(key(...pair)));
    });
  let kept = all;
  for (const pair of all) {
    const rest = kept.filter((other) => other !== pair);
    if (explains(rest)) kept = rest;
  }
  for (const one of measured) {
    const wanted = new Set(pairsOf(one).map((pair) => key(...pair)));
    const found = closureOf([...openers, ...kept].filter((pair) => holds(one, pair)));
    const wrong = [...found].filter((pair) => !wanted.has(pair));
    if (wrong.length > 0)
      throw new Error(`QEMU ${one.version} does not do what the table says: ${wrong.join(', ')}`);
  }
  return { rows: grouped(kept), exclusive: exclusive(measured) };
}

function grouped(pairs) {
  const rows = new Map();
  for (const [parent, child, since] of pairs) {
    const row = rows.get(key(parent, since)) ?? { parent, since, children: [] };
    rows.set(key(parent, since), { ...row, children: [...row.children, child].sort() });
  }
  return [...rows.values()].sort((a, b) => (key(a.parent, a.since) < key(b.parent, b.since) ? -1 : 1));
}

function exclusive(measured) {
  const found = new Map();
  for (const { version, excluded } of measured)
    for (const pair of Object.entries(excluded).map((names) => names.sort()))
      if (!found.has(key(...pair))) found.set(key(...pair), { pair, since: release(version) });
  return [...found.values()];
}
