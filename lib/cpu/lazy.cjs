'use strict';
// In Node, package.json's "imports" sends '#semver' here, so that its ten files are not loaded before a version has to
// be read or compared. Elsewhere the name is the package.
exports.coerce = (version) => require('semver/functions/coerce.js')(version);
exports.compare = (a, b) => require('semver/functions/compare.js')(a, b);
