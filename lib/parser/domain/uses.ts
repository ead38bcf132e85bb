import type { DomainUse } from '../../../types/domain.ts';
import type { Span } from '../../../types/xml.ts';
import { ownCopy } from '../../text/own-copy.ts';
import { hasOwnNamespace, nameAt, spanAt, startTagAt, trimmedText } from '../../xml/query.ts';
import { NODE, type XmlTree } from '../../xml/scanner.ts';
import { isAt, readTag, tagReader, type TagReader, type TagValues } from '../../xml/start-tag.ts';

/** What a walk over a domain finds. */
export interface GuestFacts {
  readonly uses: readonly DomainUse[];
  readonly places: Readonly<Places>;
}

/** Stands for the index of an element that is not there. */
export const NOWHERE = -1;

/** Indexes of elements in the tree. */
interface Places {
  name: number;
  uuid: number;
  osType: number;
  cpu: number;
  /** A second one, which libvirt would not heed. */
  otherCpu: number;
}

/** What to read of an element, by its place in a domain. */
interface Reader {
  /** Attribute → key of its value. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Key of the element's text. */
  readonly text?: string;
  /** Key that is used (`yes`) by an element that is there and not switched off. */
  readonly present?: string;
  /** The first such element is asked for as a whole. */
  readonly place?: keyof Places;
  /** Only for an element whose attribute has this value. */
  readonly only?: readonly [attribute: string, value: string];
  readonly children?: Readonly<Record<string, Reader>>;
  /** Key whose values are the names of the child elements that are switched on. */
  readonly switchedOn?: string;
}

const DEVICES: Readonly<Record<string, Reader>> = {
  emulator: { text: 'emulator' },
  disk: {
    attributes: { device: 'disk.diskDevice', model: 'disk.model' },
    children: { target: { attributes: { bus: 'disk.bus' } } },
  },
  graphics: { attributes: { type: 'graphics.type' } },
  video: { children: { model: { attributes: { type: 'video.modelType' } } } },
  hostdev: {
    attributes: { mode: 'hostdev.mode', type: 'hostdev.subsysType' },
    children: { driver: { attributes: { name: 'hostdev.pciBackend' } } },
  },
  rng: {
    attributes: { model: 'rng.model' },
    children: { backend: { attributes: { model: 'rng.backendModel' } } },
  },
  filesystem: { children: { driver: { attributes: { type: 'filesystem.driverType' } } } },
  tpm: {
    attributes: { model: 'tpm.model' },
    children: { backend: { attributes: { type: 'tpm.backendModel', version: 'tpm.backendVersion' } } },
  },
  redirdev: { attributes: { bus: 'redirdev.bus' } },
  channel: { attributes: { type: 'channel.type' } },
  crypto: {
    attributes: { model: 'crypto.model', type: 'crypto.type' },
    children: { backend: { attributes: { model: 'crypto.backendModel' } } },
  },
  interface: { children: { backend: { attributes: { type: 'interface.backendType' } } } },
  panic: { attributes: { model: 'panic.model' } },
  console: { attributes: { type: 'console.type' } },
  memory: { attributes: { model: 'memory.model' } },
};

/** Where a domain says what it uses. @see https://libvirt.org/formatdomain.html */
const DOMAIN: Readonly<Record<string, Reader>> = {
  name: { place: 'name' },
  uuid: { place: 'uuid' },
  cpu: { place: 'cpu' },
  vcpu: { text: 'vcpu' },
  genid: { present: 'genid' },
  iothreads: { present: 'iothreads' },
  os: {
    attributes: { firmware: 'os.firmware' },
    children: {
      type: { place: 'osType' },
      loader: { attributes: { type: 'loader.type', secure: 'loader.secure' }, text: 'loader.path' },
    },
  },
  memoryBacking: { children: { source: { attributes: { type: 'memoryBacking.sourceType' } } } },
  features: {
    children: {
      hyperv: { attributes: { mode: 'hyperv.mode' }, switchedOn: 'hyperv.features' },
      pmu: { attributes: { state: 'pmu' } },
      gic: { attributes: { version: 'gic.version' } },
      vmcoreinfo: { present: 'vmcoreinfo' },
      ps2: { present: 'ps2' },
      'async-teardown': { present: 'async-teardown' },
    },
  },
  clock: { children: { timer: { attributes: { frequency: 'timer.tsc' }, only: ['name', 'tsc'] } } },
  devices: { children: DEVICES },
  launchSecurity: { attributes: { type: 'launchSecurity' } },
};

/** A reader made ready: its children by a number that their names have, mostly none of them another's. */
interface Ready {
  readonly name: Uint8Array;
  readonly reader: Reader;
  readonly slots: readonly (readonly Ready[] | undefined)[];
  readonly tag: TagReader;
  /** Keys of the tag's values; then come those of `only`, or of `state` and `enabled`. */
  readonly keys: readonly string[];
  /** What its text was the last time. */
  latestText: string;
}

const encoder = new TextEncoder();
const SLOTS = 64;

function slotOf(first: number, last: number, length: number): number {
  return (first * 13 + last * 19 + length) % SLOTS;
}

function ready(name: string, reader: Reader): Ready {
  const slots: (Ready[] | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  for (const [child, inner] of Object.entries(reader.children ?? {})) {
    const slot = slotOf(child.charCodeAt(0), child.charCodeAt(child.length - 1), child.length);
    (slots[slot] ??= []).push(ready(child, inner));
  }
  const { attributes = {}, only, present } = reader;
  const switches = present === undefined ? [] : ['state', 'enabled'];
  return {
    name: encoder.encode(name),
    reader,
    slots,
    tag: tagReader(...Object.keys(attributes), ...(only?.slice(0, 1) ?? switches)),
    keys: Object.values(attributes),
    latestText: '',
  };
}

const READY = ready('domain', { children: DOMAIN });
const SWITCH = tagReader('state');

/** Everything the domain at an index of the tree uses that a host may not offer, and where its own parts stand. */
export function readGuest(tree: XmlTree, index: number): GuestFacts {
  const facts = {
    uses: [] as DomainUse[],
    places: { name: NOWHERE, uuid: NOWHERE, osType: NOWHERE, cpu: NOWHERE, otherCpu: NOWHERE },
  };
  collect(tree, index, READY, facts.uses, facts.places);
  return facts;
}

function collect(tree: XmlTree, index: number, { slots }: Ready, uses: DomainUse[], places: Places): void {
  const { codes, nodes } = tree;
  const last = nodes[index + NODE.next] as number;
  for (let i = index + NODE.size; i < last; i = nodes[i + NODE.next] as number) {
    const nameStart = (nodes[i] as number) + 1;
    const nameEnd = nodes[i + NODE.nameEnd] as number;
    const length = nameEnd - nameStart;
    const candidates = slots[slotOf(codes[nameStart] as number, codes[nameEnd - 1] as number, length)];
    if (candidates === undefined) continue;
    for (const candidate of candidates) {
      if (candidate.name.length === length && isAt(codes, nameStart, candidate.name))
        read(tree, i, candidate, uses, places);
    }
  }
}

function read(tree: XmlTree, index: number, ready: Ready, uses: DomainUse[], places: Places): void {
  const { only, place, text, children, switchedOn } = ready.reader;
  if (hasOwnNamespace(tree, index)) return;
  const values = readTag(tree, index, ready.tag);
  if (only !== undefined && values[ready.keys.length] !== only[1]) return;
  collectValues(tree, index, ready, values, uses);
  if (place !== undefined) note(places, place, index);
  if (text !== undefined) readText(tree, index, text, ready, uses);
  if (children !== undefined) collect(tree, index, ready, uses, places);
  if (switchedOn !== undefined) readSwitches(tree, index, switchedOn, uses);
}

/** What a start tag says, all with the same place. */
function collectValues(
  tree: XmlTree,
  index: number,
  { reader: { present }, keys }: Ready,
  values: TagValues,
  uses: DomainUse[],
): void {
  let span: Span | undefined;
  for (let i = 0; i < keys.length; i++) {
    const value = values[i];
    if (value === undefined) continue;
    span ??= startTagAt(tree, index);
    uses.push({ key: keys[i] as string, value, span });
  }
  if (present !== undefined && values[keys.length] !== 'off' && values[keys.length + 1] !== 'no')
    uses.push({ key: present, value: 'yes', span: startTagAt(tree, index) });
}

function note(places: Places, place: keyof Places, index: number): void {
  if (places[place] === NOWHERE) places[place] = index;
  else if (place === 'cpu') places.otherCpu = index;
}

/** The text of one domain is mostly that of the one before, and already a string of its own. */
function readText(tree: XmlTree, index: number, key: string, ready: Ready, uses: DomainUse[]): void {
  const text = trimmedText(tree, index);
  if (text !== ready.latestText) ready.latestText = ownCopy(text);
  if (text !== '') uses.push({ key, value: ready.latestText, span: spanAt(tree, index) });
}

function readSwitches(tree: XmlTree, index: number, key: string, uses: DomainUse[]): void {
  const { nodes } = tree;
  const last = nodes[index + NODE.next] as number;
  for (let i = index + NODE.size; i < last; i = nodes[i + NODE.next] as number) {
    if (readTag(tree, i, SWITCH)[0] === 'on')
      uses.push({ key, value: ownCopy(nameAt(tree, i)), span: startTagAt(tree, i) });
  }
}
