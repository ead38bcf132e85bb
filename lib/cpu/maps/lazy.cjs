'use strict';
// In Node, package.json's "imports" sends '#cpu-maps' here: a map is read when a host needs it, not at start-up.
exports.versions = ['9.0.0', '11.3.0', '12.8.0'];
exports.readMap = (version) => require(`./${version}.json`);
