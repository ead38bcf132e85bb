import type { Host } from '../../types/host.ts';
import type { HostIssueFacts } from '../../types/issue-facts/hosts.ts';
import { impliedOn } from './grade.ts';
import { isNamed, modelVendorOf } from './map.ts';
import { FILTERED, TOPOLOGY_OWNED } from './names.ts';

/** What two documents of one machine cannot differ in, and what each states. */
export type Contradiction = Omit<HostIssueFacts['host-contradiction'], 'hosts' | 'files'>;

/** So many features beyond its hardware QEMU gives no guest: a few it emulates. */
const MOST_EMULATED = 4;

const FACTS: readonly (readonly [Contradiction['fact'], (host: Host) => string | undefined])[] = [
  ['uuid', ({ uuid }) => uuid],
  ['arch', ({ arch }) => arch],
  ['vendor', vendorOf],
  ['family', familyOf],
  ['virt-type', ({ virtType }) => virtType],
];

/** In which fact two documents contradict each other, if so: then they are of two machines. `first` may be the hardware. */
export function contradictionOf(first: Host, second: Host): Contradiction | undefined {
  for (const [fact, of] of FACTS) {
    const [one, other] = [of(first), of(second)];
    if (one !== undefined && other !== undefined && one !== other)
      return { fact, values: [one, other], features: [] };
  }
  const beyond = beyondHardware(first, second);
  if (beyond.length <= MOST_EMULATED) return undefined;
  return { fact: 'cpu', values: [modelOf(first), modelOf(second)], features: beyond };
}

function modelOf({ model, source }: Host): string {
  return model ?? source;
}

/** As stated, or as the model's own. On emulation a guest's model is of whichever vendor. */
function vendorOf(host: Host): string | undefined {
  return host.virtType === 'qemu' ? undefined : (host.vendor ?? modelVendorOf(host));
}

function familyOf({ processor, virtType }: Host): string | undefined {
  if (virtType === 'qemu' || processor?.family === undefined || processor.model === undefined)
    return undefined;
  return `${processor.family}/${processor.model}`;
}

/** What a guest under KVM is said to get, and the hardware neither has nor lets KVM add. */
function beyondHardware(hardware: Host, guest: Host): readonly string[] {
  const isPair = hardware.source === 'capabilities' && guest.virtType === 'kvm';
  if (!isPair || hardware.features === undefined || guest.features === undefined) return [];
  const { features, uncertain, silent } = hardware;
  const possible = new Set([...features, ...uncertain, ...silent, ...impliedOn(hardware)]);
  return guest.features.filter(
    (name) =>
      !possible.has(name) &&
      !TOPOLOGY_OWNED.has(name) &&
      !FILTERED.has(name) &&
      isNamed(hardware.cpuMaps, name),
  );
}
