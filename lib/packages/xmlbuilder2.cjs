'use strict';
// Outside Node, '#xmlbuilder2' is this module. A bundler leaves it out where nothing is written: it is ours, and has
// no side effects.
exports.fragment = require('xmlbuilder2/lib/xmlbuilder2.min.js').fragment;
