import type { Rule } from '../case.ts';
import { cpuRule } from '../cpu/cpu.ts';
import { addressBitsRule } from './address-bits.ts';
import { clockRule } from './clock.ts';
import { hostsRule } from './hosts.ts';
import { identityRule } from './identity.ts';
import { machineRule } from './machine.ts';
import { migrationRule } from './migration.ts';
import { offersRule } from './offers.ts';
import { skewRule } from './skew.ts';
import { virtioRule } from './virtio.ts';

/** Every rule, in the order in which a plan reports what they find. A new one is a file and a line here. */
export const RULES: readonly Rule[] = [
  hostsRule,
  cpuRule,
  skewRule,
  machineRule,
  offersRule,
  migrationRule,
  identityRule,
  addressBitsRule,
  clockRule,
  virtioRule,
];
