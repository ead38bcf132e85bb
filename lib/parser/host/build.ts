import type { Host } from '../../../types/host.ts';
import { gradeOf } from '../../cpu/grade.ts';
import { madeHost } from '../../cpu/made-host.ts';
import { NO_OFFERS } from './offers.ts';

/** What no reader knows until it has read it. */
const NOTHING_KNOWN: Omit<Host, 'name' | 'source' | 'grade'> = {
  file: undefined,
  uuid: undefined,
  arch: undefined,
  virtType: undefined,
  emulator: undefined,
  machine: undefined,
  libvirtVersion: undefined,
  qemuVersion: undefined,
  model: undefined,
  vendor: undefined,
  features: undefined,
  uncertain: [],
  silent: [],
  unnamed: undefined,
  properties: {},
  deprecatedFeatures: [],
  cpuMaps: [],
  processor: undefined,
  virtio: undefined,
  ...NO_OFFERS,
  issues: [],
};

/** A host of which a source states these facts; whatever it does not state is unknown. */
export function hostFrom(facts: Pick<Host, 'name' | 'source'> & Partial<Host>): Host {
  return madeHost({ ...NOTHING_KNOWN, grade: gradeOf(facts.source), ...facts });
}
