'use strict';
// The files of this package as texts, by their paths in it. The command in one file has another such module, which finds
// them in itself (scripts/pack-standalone.mjs).
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

exports.packagePath = (path) => join(__dirname, '../..', path);
exports.packageFile = (path) => {
  const file = exports.packagePath(path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};
