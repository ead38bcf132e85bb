'use strict';
// In Node, package.json's "imports" sends '#fast-xml-parser', '#semver' and '#xmlbuilder2' here, so that no package is
// loaded before it is used: xmlbuilder2 alone doubles the start-up time. Elsewhere the names are the packages.
let load = {
  XMLParser: () => require('fast-xml-parser').XMLParser,
  semver: () => [require('semver/functions/coerce.js'), require('semver/functions/compare.js')],
  fragment: () => require('xmlbuilder2').fragment,
};

/** The command brings copies, cut down to what is called: it must start at once, also where no package is installed. */
exports.carry = (copies) => {
  load = copies;
};
exports.XMLParser = function XMLParser(options) {
  return new (load.XMLParser())(options);
};
exports.coerce = (version) => load.semver()[0](version);
exports.compare = (a, b) => load.semver()[1](a, b);
exports.fragment = () => load.fragment()();
