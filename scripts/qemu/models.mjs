// What QEMU's named models have beyond what libvirt's maps list of them.

const KINDS = ['kvm', 'qemu'];
const union = (sets) => new Set(sets.flatMap((set) => [...set]));
const inEvery = ([first = [], ...rest]) =>
  new Set([...first].filter((name) => rest.every((set) => set.has(name))));

/**
 * By kind of guest what every model is given and what all are left without, and by model what else it has beyond at least
 * one of the maps that have it.
 */
export function beyondMaps(measured, { maps, indexOf, featuresOfModel, named }) {
  /** Of each kind, the features of every model that a map has: name → set. All QEMUs have the same. */
  const features = Object.fromEntries(
    KINDS.map((kind) => [kind, sameInAll(measured.map(({ version, models }) => [version, models[kind]]))]),
  );
  const listed = (model) => inEvery(maps.flatMap((map) => featuresOfModel(indexOf(map), model) ?? []));
  const isKnown = (model) => maps.some((map) => indexOf(map).models.has(model));
  const known = [...features.kvm.keys()].filter(isKnown);
  const ofModel = (kind, model) => [...features[kind].get(model)].flatMap((name) => named(name) ?? []);
  const beyond = (kind, model) => {
    const own = listed(model);
    return new Set(ofModel(kind, model).filter((name) => !own.has(name) && !name.startsWith('vmx-')));
  };

  const more = Object.fromEntries(
    KINDS.map((kind) => [kind, new Map(known.map((model) => [model, beyond(kind, model)]))]),
  );
  const mentioned = union(KINDS.flatMap((kind) => [...more[kind].values()]));
  const seen = (kind) => known.map((model) => new Set(ofModel(kind, model)));
  const given = Object.fromEntries(
    KINDS.map((kind) => [kind, [...inEvery(seen(kind))].filter((name) => mentioned.has(name)).sort()]),
  );
  const toAll = union(Object.values(given));
  const leftOut = Object.fromEntries(
    KINDS.map((kind) => {
      const had = union(seen(kind));
      return [kind, [...mentioned].filter((name) => !had.has(name)).sort()];
    }),
  );
  const rows = known.map((model) => {
    const names = union(KINDS.map((kind) => more[kind].get(model)));
    return [model, [...names].filter((name) => !toAll.has(name)).sort()];
  });
  check({ rows, given, leftOut, more });
  return { given, leftOut, beyond: rows };
}

function sameInAll(perVersion) {
  const found = new Map();
  for (const [version, models] of perVersion)
    for (const [model, features] of Object.entries(models)) {
      if (found.has(model) && found.get(model).join() !== features.join())
        throw new Error(
          `QEMU ${version} has another ${model} than an older one: the table has no place for that`,
        );
      found.set(model, features);
    }
  return found;
}

/** What the rows say of a kind of guest is what was measured. */
function check({ rows, given, leftOut, more }) {
  for (const kind of KINDS)
    for (const [model, names] of rows) {
      const said = names.filter((name) => !leftOut[kind].includes(name)).join(' ');
      const found = [...more[kind].get(model)]
        .filter((name) => !given[kind].includes(name))
        .sort()
        .join(' ');
      if (said !== found) throw new Error(`${kind} ${model}: the table says "${said}", QEMU has "${found}"`);
    }
}
