'use strict';
// The CPU maps of libvirt: read when a host needs one, not at start-up. A file for both module forms, because Node has
// no other way to load JSON from either.
exports.packedMaps = () => require('./maps.json');
