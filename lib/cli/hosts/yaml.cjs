'use strict';
// The library takes a reader of YAML from its caller; this is the command's, and its writer. The package is loaded when
// the first YAML text is read or written, and the build keeps it in a file of its own: nobody who gives XML or JSON waits for it.

const MOST_VALUES = 1_000_000;

exports.readYaml = function readYaml(text) {
  const { loadAll, CORE_SCHEMA, types } = require('js-yaml');
  // YAML 1.2 dropped "<<", and who writes by hand still has it: without it, what it brings in would be missed silently.
  const schema = CORE_SCHEMA.extend({ implicit: [types.merge] });
  const documents = attempt(() => loadAll(text, null, { schema }));
  if (sizeOf(documents, new Map()) <= MOST_VALUES) return documents;
  throw Object.assign(new Error('its aliases stand for too many values, or for what they are in'), {
    pos: [0],
  });
};

exports.writeYaml = function writeYaml(value) {
  const { dump, CORE_SCHEMA } = require('js-yaml');
  return dump(value, { schema: CORE_SCHEMA, lineWidth: -1, noRefs: true });
};

function attempt(read) {
  try {
    return read();
  } catch (error) {
    throw Object.assign(new Error(error.reason ?? error.message), { pos: [error.mark?.position ?? 0] });
  }
}

/** How many values there are once each alias is replaced by what it stands for; infinite for a value within itself. */
function sizeOf(value, sizes) {
  if (typeof value !== 'object' || value === null) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  sizes.set(value, Infinity);
  const size = Object.values(value).reduce((sum, inner) => sum + sizeOf(inner, sizes), 1);
  sizes.set(value, size);
  return size;
}
