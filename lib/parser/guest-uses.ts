import type { DomainUse } from '../../types/domain.ts';
import { decodeAttribute } from '../xml/escape.ts';
import {
  attributeOf,
  childrenOf,
  elementAt,
  hasOwnNamespace,
  textOf,
  type XmlElement,
} from '../xml/query.ts';
import { BEYOND_ASCII, NODE, type XmlTree } from '../xml/scanner.ts';
import { APOSTROPHE, BLANK, CLASS, EQUALS, GT, QUOTE, SLASH } from '../xml/syntax.ts';

/** What to read of an element, by its place in a domain. */
interface Reader {
  /** Attribute → key of its value. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Key of the element's text. */
  readonly text?: string;
  /** Key that is used (`yes`) by an element that is there and not switched off. */
  readonly present?: string;
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
  vcpu: { text: 'vcpu' },
  genid: { present: 'genid' },
  iothreads: { present: 'iothreads' },
  os: {
    attributes: { firmware: 'os.firmware' },
    children: {
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

/** A reader made ready: its children by a number that their names have, and the attributes to look for. */
interface Ready {
  readonly name: Uint8Array;
  readonly reader: Reader;
  /** Has its start tag anything to say? */
  readonly saysItself: boolean;
  readonly slots: readonly (readonly Ready[] | undefined)[];
  /** Names of attributes: `xmlns`, those of `keys`, then that of `only`, or `state` and `enabled`. */
  readonly names: readonly Uint8Array[];
  readonly keys: readonly string[];
  /** Start tag → what it says: the guests of a cluster mostly have the same, and each is read once. */
  readonly known: Map<string, Said>;
  latest: Said;
}

/** What a start tag says. */
interface Said {
  readonly bytes: Uint8Array;
  /** What came after it the last time. */
  next: Said | undefined;
  /** Does the element count? Not in a namespace of its own, where it only looks like libvirt's. */
  readonly counts: boolean;
  readonly values: readonly Pick<DomainUse, 'key' | 'value'>[];
}

const encoder = new TextEncoder();
const SLOTS = 64;
const MOST_REMEMBERED = 512;
const LONGEST_REMEMBERED = 256;
const NO_BYTES = new Uint8Array();

function slotOf(firstCharacter: number, length: number): number {
  return (firstCharacter * 5 + length) % SLOTS;
}

function ready(name: string, reader: Reader): Ready {
  const slots: Ready[][] = [];
  for (const [child, inner] of Object.entries(reader.children ?? {})) {
    (slots[slotOf(child.charCodeAt(0), child.length)] ??= []).push(ready(child, inner));
  }
  const { attributes = {}, only, present } = reader;
  const switches = present === undefined ? [] : ['state', 'enabled'];
  const asked = ['xmlns', ...Object.keys(attributes), ...(only?.slice(0, 1) ?? switches)];
  return {
    name: encoder.encode(name),
    reader,
    saysItself: reader.attributes !== undefined || only !== undefined || present !== undefined,
    slots,
    names: asked.map((one) => encoder.encode(one)),
    keys: Object.values(attributes),
    known: new Map(),
    latest: { bytes: NO_BYTES, next: undefined, counts: true, values: [] },
  };
}

const READY = ready('domain', { children: DOMAIN });

/** Everything the domain at an index of the tree uses that a host may not offer. */
export function readUses(tree: XmlTree, index: number): readonly DomainUse[] {
  const uses: DomainUse[] = [];
  collect(tree, index, READY, uses);
  return uses;
}

function collect(tree: XmlTree, index: number, { slots }: Ready, uses: DomainUse[]): void {
  const { codes, nodes } = tree;
  const last = nodes[index + NODE.next] as number;
  for (let i = index + NODE.size; i < last; i = nodes[i + NODE.next] as number) {
    const nameStart = (nodes[i] as number) + 1;
    const length = (nodes[i + NODE.nameEnd] as number) - nameStart;
    const candidates = slots[slotOf(codes[nameStart] as number, length)];
    if (candidates === undefined) continue;
    for (const candidate of candidates) {
      if (candidate.name.length === length && isAt(codes, nameStart, candidate.name))
        read(tree, i, candidate, uses);
    }
  }
}

function read(tree: XmlTree, index: number, ready: Ready, uses: DomainUse[]): void {
  const { reader } = ready;
  const before = uses.length;
  if (ready.saysItself) {
    const { counts, values } = sayingOf(tree, index, ready);
    if (!counts) return;
    const { nodes } = tree;
    const span = { start: nodes[index] as number, end: nodes[index + NODE.tagEnd] as number };
    for (const { key, value } of values) uses.push({ key, value, span });
  }
  if (reader.text !== undefined) readText(tree, elementAt(tree, index), reader.text, uses);
  if (reader.children !== undefined) collect(tree, index, ready, uses);
  if (reader.switchedOn !== undefined) uses.push(...switchedOn(tree, index, reader.switchedOn));
  if (uses.length > before && !ready.saysItself && hasOwnNamespace(tree, elementAt(tree, index)))
    uses.length = before;
}

function readText(tree: XmlTree, element: XmlElement, key: string, uses: DomainUse[]): void {
  const value = textOf(tree, element).trim();
  if (value !== '') uses.push({ key, value, span: { start: element.start, end: element.end } });
}

/**
 * What a start tag says. Guests of a cluster are alike: after one tag mostly comes the one that came after it before,
 * and to compare bytes with it is cheaper than to look a string up. A domain of very many devices fills the memory;
 * what does not fit is read each time.
 */
function sayingOf(tree: XmlTree, index: number, ready: Ready): Said {
  const { text, nodes, codes } = tree;
  const start = nodes[index] as number;
  const end = nodes[index + NODE.tagEnd] as number;
  const { latest, known } = ready;
  const expected = latest.next;
  if (expected?.bytes.length === end - start && isAt(codes, start, expected.bytes)) {
    ready.latest = expected;
    return expected;
  }
  const tag = text.slice(start, end);
  const said = known.get(tag) ?? readTag(tree, index, ready);
  if (said.bytes === NO_BYTES) return said;
  known.set(tag, said);
  latest.next = said;
  ready.latest = said;
  return said;
}

/** The bytes of a start tag by which it can be known again; none where they would not tell all, or are too many. */
function bytesToKeep({ codes, nodes }: XmlTree, index: number): Uint8Array {
  const tag = codes.subarray(nodes[index], nodes[index + NODE.tagEnd]);
  return tag.length > LONGEST_REMEMBERED || tag.includes(BEYOND_ASCII) ? NO_BYTES : tag.slice();
}

function readTag(tree: XmlTree, index: number, { reader, names, keys, known }: Ready): Said {
  const { only, present } = reader;
  const stated = valuesIn(tree, index, names);
  const last = keys.length + 1;
  const counts = (stated[0] ?? '') === '' && (only === undefined || stated[last] === only[1]);
  const values = keys.flatMap((key, i) => {
    const value = stated[i + 1];
    return value === undefined ? [] : [{ key, value }];
  });
  if (present !== undefined && stated[last] !== 'off' && stated[last + 1] !== 'no') {
    values.push({ key: present, value: 'yes' });
  }
  const bytes = known.size < MOST_REMEMBERED ? bytesToKeep(tree, index) : NO_BYTES;
  return { bytes, next: undefined, counts, values };
}

/** The values of these attributes in a start tag that the scan has checked, in the order of the names. */
function valuesIn(
  { text, codes, nodes }: XmlTree,
  index: number,
  names: Ready['names'],
): (string | undefined)[] {
  const values: (string | undefined)[] = [];
  for (let i = 0; i < names.length; i++) values.push(undefined);
  let at = nodes[index + NODE.nameEnd] as number;
  for (;;) {
    while (CLASS[codes[at] as number] === BLANK) at++;
    if (codes[at] === GT || codes[at] === SLASH) return values;
    const start = at;
    while (codes[at] !== EQUALS && CLASS[codes[at] as number] !== BLANK) at++;
    const asked = placeOf(codes, start, at - start, names);
    while (codes[at] !== APOSTROPHE && codes[at] !== QUOTE) at++;
    const quote = codes[at];
    const valueStart = ++at;
    while (codes[at] !== quote) at++;
    if (asked !== -1) values[asked] = decodeAttribute(text.slice(valueStart, at));
    at++;
  }
}

/** Which of the names stands at `start`, -1 for another. */
function placeOf(codes: Uint8Array, start: number, length: number, names: Ready['names']): number {
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as Uint8Array;
    if (name.length === length && isAt(codes, start, name)) return i;
  }
  return -1;
}

/** Do these bytes stand at `start`? Four to a turn, because a turn costs as much as a byte. */
function isAt(codes: Uint8Array, start: number, bytes: Uint8Array): boolean {
  const { length } = bytes;
  let i = 0;
  let j = start;
  for (; i + 3 < length; i += 4, j += 4) {
    if (codes[j] !== bytes[i] || codes[j + 1] !== bytes[i + 1]) return false;
    if (codes[j + 2] !== bytes[i + 2] || codes[j + 3] !== bytes[i + 3]) return false;
  }
  for (; i < length; i++, j++) if (codes[j] !== bytes[i]) return false;
  return true;
}

function switchedOn(tree: XmlTree, index: number, key: string): readonly DomainUse[] {
  return childrenOf(tree, index)
    .filter((child) => attributeOf(tree, child, 'state') === 'on')
    .map(({ name, startTag }) => ({ key, value: name, span: startTag }));
}
