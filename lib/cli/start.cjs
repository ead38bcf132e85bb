#!/usr/bin/env node
'use strict';
// Starts the command, which is in command.cjs beside this file, from the bytecode that the build left there for its
// own version of Node: that saves half of what the command adds to Node's start-up time. V8 refuses bytecode that is
// not its own, and where there is none the sources are compiled, as always.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const scripts = new Map();
const modules = new Map();

/** Where the bytecode of a file stands for the Node that runs. */
const bytecodePath = (name) => join(__dirname, `${name}.${process.version}-${process.arch}.bytecode`);

/** A file of this folder, compiled. */
function compiled(name) {
  if (!scripts.has(name)) {
    const filename = join(__dirname, name);
    const source = `(function (exports, require, module) {${readFileSync(filename, 'utf8')}\n})`;
    scripts.set(name, new Script(source, { filename, cachedData: bytecodeOf(name) }));
  }
  return scripts.get(name);
}

function bytecodeOf(name) {
  try {
    return readFileSync(bytecodePath(name));
  } catch {
    return undefined;
  }
}

/** Runs a file of this folder as the CommonJS module it is. */
function run(name) {
  const module = { exports: {} };
  compiled(name).runInThisContext()(module.exports, requireFrom, module);
  return module.exports;
}

/** `require` for these modules: those beside them come through here too. */
function requireFrom(name) {
  if (!name.startsWith('./')) return require(name);
  if (!modules.has(name)) modules.set(name, run(name));
  return modules.get(name);
}

if (require.main === module) run('./command.cjs');
else module.exports = { bytecodePath, compiled, run, scripts };
