import { featuresOfModel, indexOf } from '../../lib/cpu/map.ts';
import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { inQemusModel } from '../../lib/cpu/qemu-models.ts';
import type { CpuMap } from '../../types/cpu-map.ts';
import type { Domain } from '../../types/domain.ts';

/** A host as it is, whatever its documents show of it. */
export interface NaiveHost {
  readonly name: string;
  readonly libvirt: string;
  readonly qemu: string | undefined;
  readonly vendor: 'AMD' | undefined;
  /** All that QEMU there can give a guest. */
  readonly real: ReadonlySet<string>;
  /** What guests of old machine types see there beside that, and no document lists. */
  readonly hidden: ReadonlySet<string>;
}

/** What goes with what, as QEMU does it: written down anew, from its `feature_dependencies`. */
const NEEDS: Readonly<Record<string, string>> = {
  ...{ 'rdctl-no': 'arch-capabilities', 'mds-no': 'arch-capabilities', 'taa-no': 'arch-capabilities' },
  ...{ 'gds-no': 'arch-capabilities', 'rfds-no': 'arch-capabilities', 'its-no': 'arch-capabilities' },
  ...{
    npt: 'svm',
    'nrip-save': 'svm',
    'vmx-ept': 'vmx',
    'vmx-vpid': 'vmx',
    'vmx-unrestricted-guest': 'vmx-ept',
  },
};

const MAPS: ReadonlyMap<string, CpuMap> = new Map(
  ['9.0.0', '11.3.0', '12.8.0'].map((version) => {
    const [map] = candidateMaps({ from: version, to: version });
    if (map === undefined) throw new RangeError(version);
    return [version, map];
  }),
);

/** Does libvirt on a host know a name? */
export function knows({ libvirt }: NaiveHost, name: string): boolean {
  const map = MAPS.get(libvirt);
  return map !== undefined && indexOf(map).features.has(name);
}

/** Of a set, what has all it needs. */
export function standing(names: Iterable<string>): ReadonlySet<string> {
  const found = new Set(names);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const name of found) {
      const parent = NEEDS[name];
      if (parent !== undefined && !found.has(parent)) found.delete(name);
    }
  }
  return found;
}

/** The document of a host: what its libvirt has names for. */
export function documentOf(host: NaiveHost, machine: string): string {
  const { libvirt, qemu, vendor, real } = host;
  const lines = [...real]
    .filter((name) => knows(host, name) && !BASE.has(name))
    .map((name) => `<feature policy='require' name='${name}'/>`);
  const hypervisor = qemu === undefined ? '' : ` hypervisor='QEMU ${qemu}'`;
  const vendorLine = vendor === undefined ? '' : `<vendor>${vendor}</vendor>`;
  return `<?virt-migratable libvirt='${libvirt}'${hypervisor}?><domainCapabilities><path>/q</path><domain>kvm</domain><machine>${machine}</machine><arch>x86_64</arch><cpu><mode name='host-model' supported='yes'><model fallback='forbid'>486</model>${vendorLine}${lines.join('')}</mode></cpu></domainCapabilities>`;
}

/** What every host has here: the model that its document states. */
export const BASE: ReadonlySet<string> = new Set(['fpu', 'pse', 'vme']);

/** What QEMU's model has, by whichever map lists it. */
function modelOf(model: string): ReadonlySet<string> {
  const listed = [...MAPS.values()].flatMap((map) => [...(featuresOfModel(indexOf(map), model) ?? [])]);
  return new Set([...listed, ...inQemusModel(model), 'hypervisor', 'x2apic']);
}

/** What the guest sees on a host; `undefined` where it does not start there. */
export function seenOn({ cpu, machine }: Domain, host: NaiveHost): ReadonlySet<string> | undefined {
  if (cpu === undefined) return undefined;
  const { features, mode, match, model = '' } = cpu;
  if (features.some(({ name }) => !knows(host, name))) return undefined;
  const named = (...policies: readonly string[]): readonly string[] =>
    features.filter(({ policy }) => policies.includes(policy)).map(({ name }) => name);
  const off = new Set(named('disable', 'forbid'));
  const wanted = named('require', 'force');
  const isFollower = mode === 'host-passthrough' || mode === 'maximum';
  const isOld = /-(?:[5-9]\.\d|10\.0)$/.test(machine ?? '');
  const all = isFollower && isOld ? new Set([...host.real, ...host.hidden]) : host.real;
  const asked = new Set([...modelOf(model), ...wanted, ...named('optional')]);
  if (mode === 'custom' && !wanted.includes('svm')) asked.delete('svm');
  const shown = [...all].filter((name) => {
    if (off.has(name)) return false;
    if (isFollower) return true;
    return mode === 'host-model' || match === 'minimum' ? knows(host, name) : asked.has(name);
  });
  const seen = standing(shown);
  return wanted.every((name) => all.has(name)) ? seen : undefined;
}
