'use strict';
// Outside Node, '#semver' is this module: two functions, and none of the others of the package.
exports.coerce = require('semver/functions/coerce.js');
exports.compare = require('semver/functions/compare.js');
