import type { Baseline } from '../../../types/baseline.ts';
import { Marking } from '../../text/mark.ts';

class Mark extends Marking {
  readonly #isBaseline = true;

  static isOn(value: object): boolean {
    return #isBaseline in value;
  }
}

/** A baseline that was made here, of nothing that somebody else can change: frozen, and known as such. */
export function madeBaseline(baseline: Baseline): Baseline {
  return Object.freeze(new Mark(baseline) as unknown as Baseline);
}

/** Did `madeBaseline` make it? To look through who lacks what would take as long as to work it out. */
export function isMadeBaseline(value: object): boolean {
  return Mark.isOn(value);
}
