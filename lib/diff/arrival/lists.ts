import type { Baseline, BaselineHost, Loss } from '../../../types/baseline.ts';
import { hiddenFeatures, isMeasuredSince, qemuHasName } from '../../cpu/facts/qemu-names.ts';
import { indexOf, isNamed } from '../../cpu/map.ts';
import { FEATURE_NAME, qemuName } from '../../cpu/names.ts';
import { qemuVersionOn } from '../../cpu/qemu-properties.ts';
import { isX86 } from '../cpu/findings.ts';
import { visibleDifferences } from '../pool/visible.ts';

/** What QEMU of one host is told of the features that `<cpu>` cannot name, and of which it cannot be told. */
export interface HostArrival {
  /** Sorted names of what a guest might get there: turned off by `-global`. */
  readonly off: readonly string[];
  /** Sorted names of what no guest gets there. QEMU may have no property for them, and then stops at one. */
  readonly absent: readonly string[];
  /** Sorted names of which nobody knows whether QEMU there has them. */
  readonly open: readonly string[];
}

/** What a pool differs in, or may differ in, and not every libvirt of it can name. */
export interface Arrival {
  /** Sorted. */
  readonly features: readonly string[];
  readonly hosts: Readonly<Record<string, HostArrival>>;
}

const NOTHING: Arrival = Object.freeze({ features: [], hosts: {} });

/**
 * The features that cannot go into a shared `<cpu>`, and each host's own list of them: what a guest might get there, by
 * the host's document, by QEMU's own answer, or because QEMU of its version has the property and libvirt no name for it.
 */
export function arrivalOf(_hosts: unknown, baseline: Baseline): Arrival {
  const { hosts } = baseline;
  if (!isX86(baseline)) return NOTHING;
  const losses = new Map(
    [...visibleDifferences(baseline).losses].filter(([, { unnamedOn }]) => unnamedOn.length > 0),
  );
  const named = [...losses.keys()];
  const candidates = new Set([...named, ...hosts.flatMap((host) => hiddenOn(host, hosts))]);
  const stateOf = (host: BaselineHost, name: string): State => stateOn(host, name, losses.get(name));
  const features = [...candidates]
    .filter((name) => FEATURE_NAME.test(name))
    .filter((name) => {
      const states = hosts.map((host) => stateOf(host, name));
      return states.some((state) => state !== 'absent') && (isDoubted(name) || new Set(states).size > 1);
    })
    .sort();
  const listsOf = (host: BaselineHost): HostArrival => {
    const of = (state: State): readonly string[] => features.filter((name) => stateOf(host, name) === state);
    return { off: of('off'), absent: of('absent'), open: of('open') };
  };
  return { features, hosts: Object.fromEntries(hosts.map((host) => [host.name, listsOf(host)])) };
}

/**
 * Of these, what every guest of a CPU that follows its host gets where QEMU has the property: what KVM gives it. Whether
 * it gets the others depends on the hardware.
 */
export function certainDifferences({ features, hosts }: Arrival): readonly string[] {
  const isOn = (list: State, name: string): boolean =>
    Object.values(hosts).some((host) => host[list].includes(name));
  return features.filter((name) => !isDoubted(name) && isOn('off', name) && isOn('absent', name));
}

/** What follows the host's kernel is the same where QEMU is: of it, only a difference counts. */
function isDoubted(name: string): boolean {
  return !name.startsWith('kvm');
}

type State = keyof HostArrival;

/** What a host's QEMU may show without a name of its libvirt's. */
function hiddenOn(host: BaselineHost, hosts: readonly BaselineHost[]): readonly string[] {
  const { unnamed, cpuMaps, virtType } = host;
  if (unnamed !== undefined)
    return unnamed.filter((name) => hosts.some((other) => other.unnamed?.includes(name) !== true));
  const version = qemuVersionOn(host);
  if (version === undefined) return [];
  const named = new Set(
    cpuMaps.flatMap((map) => [...indexOf(map).features.keys()]).filter((name) => isNamed(cpuMaps, name)),
  );
  return hiddenFeatures(version, named, virtType);
}

function stateOn(host: BaselineHost, feature: string, loss: Loss | undefined): State {
  const { name, grade, unnamed, features, cpuMaps } = host;
  if (unnamed?.includes(qemuName(feature)) === true) return 'off';
  // What the hardware has, QEMU need not have a property for.
  if (grade === 'A' && (loss?.presentOn.includes(name) === true || features?.includes(feature) === true))
    return 'off';
  if (unnamed !== undefined || loss?.missingOn.includes(name) === true) return 'absent';
  const isListed = grade === 'A' && isNamed(cpuMaps, feature) && loss?.unknownOn.includes(name) !== true;
  if (isListed) return 'absent';
  const version = qemuVersionOn(host);
  if (version === undefined) return 'open';
  const has = qemuHasName(version, feature);
  if (has === 'no') return 'absent';
  return has === 'yes' && isMeasuredSince(version) ? 'off' : 'open';
}
