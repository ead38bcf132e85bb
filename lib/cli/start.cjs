#!/usr/bin/env node
'use strict';
// The program of the command: it loads the files of this package by their paths. Node's own `require` asks for every
// folder above a file, follows links and looks for package.json, which is a twentieth of the time that a check takes.
const { readFileSync } = require('node:fs');
const { dirname, join, posix } = require('node:path');
const { compileFunction } = require('node:vm');

const ROOT = join(__dirname, '../..');
/* global COMMAND_IMPORTS -- from scripts/copies.mjs, by the build */
/** What package.json's "imports" names: for the command, these are copies that have only what it calls. */
const NAMED = COMMAND_IMPORTS;
const PARAMETERS = ['exports', 'require', 'module', '__dirname'];
const modules = new Map();

function load(path) {
  const known = modules.get(path);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(path, module);
  const file = join(ROOT, path);
  const text = readFileSync(file, 'utf8');
  if (path.endsWith('.json')) module.exports = JSON.parse(text);
  else {
    const run = compileFunction(text, PARAMETERS, { filename: file });
    run(module.exports, requireIn(posix.dirname(path)), module, dirname(file));
  }
  return module.exports;
}

function requireIn(folder) {
  return (name) => (/^[.#]/.test(name) ? load(NAMED[name] ?? posix.join(folder, name)) : require(name));
}

load('dist/cli/main.cjs');
