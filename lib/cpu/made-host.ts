import type { Host } from '../../types/host.ts';
import { frozen } from '../text/frozen.ts';
import { Marking } from '../text/mark.ts';

class Mark extends Marking {
  readonly #isHost = true;

  static isOn(value: object): boolean {
    return #isHost in value;
  }
}

/** A host that was made here, of nothing that somebody else can change: frozen in all its parts, and known as such. */
export function madeHost<Made extends Host>(host: Made): Made {
  // What comes back is the host; a build may leave out what nobody takes.
  return frozen(Mark.isOn(host) ? host : (new Mark(host) as unknown as Made));
}

/** Did `madeHost` make it? To look through all parts of a host takes longer, and there may be thousands. */
export function isMadeHost(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Mark.isOn(value);
}
