'use strict';
// The library takes a reader of YAML from its caller; this is the command's. The package is loaded when the first YAML
// text is read, and the build keeps it in a file of its own: nobody who gives XML or JSON waits for it.
exports.readYaml = function readYaml(text) {
  const { parseAllDocuments } = require('yaml');
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ mapAsMap: true });
  });
};
