'use strict';
// In Node, package.json's "imports" sends '#fast-xml-parser', '#semver' and '#xmlbuilder2' here, so that no package is
// loaded before it is used: xmlbuilder2 alone doubles the start-up time. Elsewhere the names are the packages, and in the command copies
// of them (lib/cli/start.cjs).
exports.XMLParser = function XMLParser(options) {
  return new (require('fast-xml-parser').XMLParser)(options);
};
exports.coerce = (version) => require('semver/functions/coerce.js')(version);
exports.compare = (a, b) => require('semver/functions/compare.js')(a, b);
exports.fragment = () => require('xmlbuilder2').fragment();
