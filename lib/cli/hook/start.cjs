'use strict';
// What libvirt's hook script runs: gate.cjs beside this file, from bytecode like the command.
const { join } = require('node:path');

require(join(__dirname, 'virt-migratable.cjs')).run('./gate.cjs');
