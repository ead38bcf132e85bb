'use strict';
// In Node, package.json's "imports" sends '#fast-xml-parser' and '#xmlbuilder2' here, so that neither package is
// loaded before it is used: xmlbuilder2 alone doubles the start-up time. Elsewhere the names are the packages.
exports.XMLParser = function XMLParser(options) {
  return new (require('fast-xml-parser').XMLParser)(options);
};
exports.fragment = function fragment() {
  return require('xmlbuilder2').fragment();
};
