import { GIVEN_TO_ALL, LEFT_OUT, MORE_THAN_LISTED } from './facts/measured/models.ts';
import { setByMachine } from './facts/qemu-compat.ts';

/** Which guests are meant. */
export interface ModelContext {
  /** `kvm` or `qemu`; both where it is left out. */
  readonly virtType?: string | undefined;
  /** A type that QEMU numbers itself (`pc-q35-3.1`); what the newest ones show where it is left out. */
  readonly machine?: string | undefined;
}

/** What QEMU may show in a guest of this model beyond what libvirt's map lists of it, where the host can. */
export function addedByQemu(model: string, context: ModelContext = {}): ReadonlySet<string> {
  const given = isMeasured(context.virtType) ? GIVEN_TO_ALL[context.virtType] : GIVEN_TO_ALL.kvm;
  return new Set([...given.split(' '), ...inQemusModel(model, context)]);
}

/**
 * What QEMU's definition of this model has beyond what libvirt's map lists of it (in one of the maps, at least). Without
 * `svm`, which QEMU leaves out under KVM, its features are off as well.
 */
export function inQemusModel(model: string, { virtType, machine }: ModelContext = {}): readonly string[] {
  const set = setByMachine(model, machine);
  const names = [...listed(model), ...[...set].flatMap(([name, isOn]) => (isOn ? name : []))];
  const leftOut = isMeasured(virtType) ? LEFT_OUT[virtType].split(' ') : [];
  return names.filter((name) => set.get(name) !== false && !leftOut.includes(name));
}

/** What the model has, or its family. */
function listed(model: string): readonly string[] {
  for (let key = model; key !== ''; key = key.slice(0, Math.max(0, key.lastIndexOf('-')))) {
    const row = MORE_THAN_LISTED.find(([models]) => ` ${models} `.includes(` ${key} `));
    if (row !== undefined) return row[1] === '' ? [] : row[1].split(' ');
  }
  return [];
}

function isMeasured(virtType: string | undefined): virtType is 'kvm' | 'qemu' {
  return virtType === 'kvm' || virtType === 'qemu';
}

/** The model that QEMU takes where it is given none; `undefined` for an architecture of which it is not known here. */
export function defaultModel(arch: string | undefined): 'qemu64' | 'qemu32' | undefined {
  if (arch === 'i686') return 'qemu32';
  return arch === undefined || arch === 'x86_64' ? 'qemu64' : undefined;
}
