import type { PlannedDisable } from '../../types/plan.ts';
import { every, plural } from '../issues/words.ts';

/** Why features must be off, in one clause. */
export function whyOff(
  { reason, cause = '', presentOn, missingOn, unknownOn }: PlannedDisable,
  it: 'it' | 'them',
): string {
  switch (reason) {
    case 'parent-disabled':
      return `${it === 'it' ? 'it depends' : 'they depend'} on ${cause}`;
    case 'name-unknown':
      return `instead of ${cause}, a name that not every libvirt here knows`;
    case 'nested-dropped':
      return 'no guest is to run inside this one';
    case 'model-exceeds-hosts':
      return `the domain's model has ${it}, ${lacking(missingOn, unknownOn, it)}`;
    case 'hosts-differ': {
      const has =
        presentOn.length === 0 ? '' : `${every(presentOn)} ${plural(presentOn, 'has', 'have')} ${it}, `;
      return `${has}${lacking(missingOn, unknownOn, it)}`;
    }
  }
}

function lacking(missingOn: readonly string[], unknownOn: readonly string[], it: 'it' | 'them'): string {
  const missing =
    missingOn.length === 0 ? [] : [`${every(missingOn)} ${plural(missingOn, 'lacks', 'lack')} ${it}`];
  const unknown = unknownOn.length === 0 ? [] : [`unknown on ${every(unknownOn)}`];
  return [...missing, ...unknown].join(', ');
}
