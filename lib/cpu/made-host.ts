import type { Host } from '../../types/host.ts';
import { frozen } from '../text/frozen.ts';
import { asMadeHere, isMadeHere } from '../text/made.ts';

/** A host that was made here, of nothing that somebody else can change: frozen in all its parts, and known as such. */
export function madeHost<Made extends Host>(host: Made): Made {
  return frozen(asMadeHere(host, 'host'));
}

/** Did `madeHost` make it? To look through all parts of a host takes longer, and there may be thousands. */
export function isMadeHost(value: unknown): boolean {
  return isMadeHere(value, 'host');
}
