import type { GuestIssueCode } from '../../types/issue.ts';
import { hosts, list, plural, type Words } from './words.ts';

/** Code → weight and words of what a guest needs beside CPU features. */
export const GUEST_ISSUES: Readonly<Record<GuestIssueCode, Words>> = {
  'cache-passthrough': [
    'note',
    () =>
      "cache mode='passthrough' shows the guest the caches of its host, which need not be those of another: level='3' mode='emulate' is the same everywhere",
  ],
  'cpu-identity': [
    'warning',
    (f) =>
      `the guest sees the family, model and stepping of its host, and they differ (${f.received}): its features become equal, its identity does not; a named model has one identity everywhere`,
  ],
  'emulator-differs': [
    'note',
    (f) =>
      `the domain names the emulator ${f.expected}; ${hosts(f)} ${plural(f.hosts, 'was', 'were')} asked about ${f.received}`,
  ],
  'emulator-version': [
    'warning',
    (f) =>
      `the QEMU versions differ (newest machine type ${f.received}), and mode='maximum' of an emulated CPU is what that QEMU can emulate: a named model is the same everywhere`,
  ],
  'hyperv-passthrough': [
    'error',
    () =>
      "hyperv mode='passthrough' gives the guest whatever enlightenments its host has: list those that all hosts have",
  ],
  'machine-alias': [
    'error',
    (f) =>
      `the machine type "${f.received}" is another one on each host (${list(f.candidates)}): name one of them, or ask for the common one`,
  ],
  'machine-changed': [
    'note',
    (f) => `the machine type ${f.received} becomes ${f.expected}, which every host has`,
  ],
  'machine-missing': [
    'error',
    (f) =>
      `${hosts(f)} ${plural(f.hosts, 'has', 'have')} no machine type "${f.received}"; ${f.candidates?.length === 0 ? 'there is none of its family that every host has' : `every host has ${list(f.candidates)}`}`,
  ],
  'machine-unknown': [
    'error',
    (f) =>
      `nobody knows which machine types ${hosts(f)} ${plural(f.hosts, 'has', 'have')}: give the output of "virsh capabilities" too, under the same name`,
  ],
  'maxphysaddr-too-large': [
    'error',
    (f) =>
      `the domain wants ${f.received} physical address bits, ${hosts(f)} ${plural(f.hosts, 'has', 'have')} fewer and would refuse it: ${f.expected} at most`,
  ],
  microcode: ['note', (f) => `the microcode differs, and the guest can read its version (${f.received})`],
  'nested-virtualisation': [
    'note',
    (f) =>
      `the guest has ${f.feature} and may run guests of its own: their state migrates only between like hosts; disable it if it is not needed`,
  ],
  'not-offered': [
    'error',
    (f) =>
      `the domain uses ${f.use} "${f.received}", which ${hosts(f)} ${plural(f.hosts, 'does', 'do')} not offer`,
  ],
  'physical-address-bits': [
    'warning',
    (f) =>
      `the guest has the physical address bits of its host, and they differ (${f.received}): limit them to ${f.expected}`,
  ],
  pmu: [
    'note',
    () =>
      "the guest sees the performance counters of its host, which another kind of CPU does not have: <pmu state='off'/> takes them away",
  ],
  'tsc-frequency': [
    'warning',
    (f) =>
      f.expected === undefined
        ? `the time stamp counters run at different rates and not all can be scaled (${f.received}): a guest that measures time with it goes wrong after a move`
        : `the domain fixes the time stamp counter at ${f.expected} Hz, which ${hosts(f)} can neither run at nor scale to (${f.received})`,
  ],
  'tsc-unspecified': [
    'error',
    () =>
      "a guest with invtsc migrates only with a fixed rate: add <timer name='tsc' frequency='…'/> to <clock>, or drop the line",
  ],
  'vcpu-maximum': [
    'error',
    (f) =>
      `the domain has ${f.received} virtual CPUs, ${hosts(f)} ${plural(f.hosts, 'takes', 'take')} ${f.expected} at most`,
  ],
};
