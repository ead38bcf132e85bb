// Outside Node, '#cpu-maps' is this module, for bundlers: all maps at once.
import map900 from './9.0.0.json' with { type: 'json' };
import map1130 from './11.3.0.json' with { type: 'json' };
import map1280 from './12.8.0.json' with { type: 'json' };

const maps = [map900, map1130, map1280];

export const versions = maps.map(({ version }) => version);
export const readMap = (version) => maps.find((map) => map.version === version);
