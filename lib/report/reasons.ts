import type { Presence } from '../../types/issue-facts/common.ts';
import type { PlannedDisable } from '../../types/plan.ts';
import { areFew } from '../issues/words.ts';
import { presence } from './wording.ts';

/** Why features must be off, in one clause. */
export function whyOff(planned: PlannedDisable, it: 'it' | 'them'): string {
  const { reason, cause = '' } = planned;
  switch (reason) {
    case 'parent-disabled':
      return `${it === 'it' ? 'it depends' : 'they depend'} on ${cause}`;
    case 'name-unknown':
      return `instead of ${cause}, a name that not every libvirt here knows`;
    case 'nested-dropped':
      return 'no guest is to run inside this one';
    case 'model-exceeds-hosts':
      return `the domain's model has ${it}, ${lacking(planned, it)}`;
    case 'hosts-differ':
      return presence(planned, it);
  }
}

/** Of few hosts, that some have it goes without saying. */
function lacking(hosts: Presence, it: 'it' | 'them'): string {
  const isShort = areFew([...hosts.presentOn, ...hosts.missingOn, ...hosts.unknownOn]);
  return presence(isShort ? { ...hosts, presentOn: [] } : hosts, it);
}
