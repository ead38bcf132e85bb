import type { DomainDevice, DomainUse } from '../../../types/domain.ts';
import type { Span } from '../../../types/xml.ts';
import { isLocatedValue, locate, locatedValue, textAt } from '../../xml/bytes.ts';
import { hasOwnNamespace, nameAt, spanAt, startTagAt } from '../../xml/query.ts';
import { fail, NAME_END, NEXT, NODE_SIZE, type BorrowedTree } from '../../xml/tree.ts';
import { DOMAIN, PLACES, type Reader } from './uses.ts';
import { isAt, nameOf, type Name } from '../../xml/words.ts';

/** What a walk over a domain finds. */
export interface GuestFacts {
  readonly uses: readonly DomainUse[];
  readonly devices: readonly DomainDevice[];
  /** Indexes of elements in the tree; `NOWHERE` for one that is not there. */
  readonly places: Readonly<Record<keyof typeof PLACES, number>>;
}

/** Stands for the index of an element that is not there. */
export const NOWHERE = -1;

/**
 * A reader made ready. All are made by one literal, so that they have one shape: V8 takes longer to ask objects of many
 * shapes for a property than all else of the walk takes.
 */
interface Ready {
  /** Name of the device that the element is, if it is one. */
  readonly device: string | undefined;
  /** What is told of a device that has such an element. */
  readonly flag: string | undefined;
  readonly present: string | undefined;
  readonly switchedOn: string | undefined;
  readonly text: string | undefined;
  readonly name: Name;
  /** Its children by a number that their names have, mostly none of them another's. */
  readonly slots: readonly (Ready | undefined)[];
  /** Another child of its parent with the same number. */
  readonly other: Ready | undefined;
  /** Attributes to look for. */
  readonly names: readonly Name[];
  /** For each of these, the key of its value, and its path in a device. */
  readonly keys: readonly (string | undefined)[];
  readonly paths: readonly (string | undefined)[];
  /** Place of the attribute that decides whether the element is read, -1 for none, and what it has to say. */
  readonly only: number;
  readonly onlyValue: Name;
  /** Number of the element in `PLACES`, -1 for none. */
  readonly place: number;
  /** Marks the element among its siblings; 0 for one that there may be several of. */
  readonly bit: number;
  readonly hasChildren: boolean;
  readonly anyNamespace: boolean;
}

const SLOTS = 64;
const SWITCHES: readonly string[] = ['state', 'enabled'];

function slotOf(first: number, last: number, length: number): number {
  return (first * 13 + last * 19 + length) & (SLOTS - 1);
}

const NO_SLOTS: Ready['slots'] = [];

function slotsOf({ children }: Reader): Ready['slots'] {
  if (children === undefined) return NO_SLOTS;
  const slots: (Ready | undefined)[] = Array.from({ length: SLOTS });
  Object.entries(children).forEach(([name, reader], place) => {
    const slot = slotOf(name.charCodeAt(0), name.charCodeAt(name.length - 1), name.length);
    slots[slot] = ready(name, reader, place, slots[slot]);
  });
  return slots;
}

function attributesAsked({ attributes = {}, values = [], only, present }: Reader): readonly string[] {
  const asked = [...Object.keys(attributes), ...values, ...(only?.slice(0, 1) ?? [])];
  return [...new Set([...asked, ...(present === undefined ? [] : SWITCHES)])];
}

function ready(name: string, reader: Reader, number: number, other?: Ready): Ready {
  const { attributes = {}, values = [], only, place } = reader;
  const names = attributesAsked(reader);
  const pathOf = (attribute: string): string => (reader.device ? attribute : `${name}@${attribute}`);
  return {
    device: reader.device && name,
    flag: reader.flag && name,
    present: reader.present,
    switchedOn: reader.switchedOn,
    text: reader.text,
    name: nameOf(name),
    slots: slotsOf(reader),
    other,
    names: names.map(nameOf),
    keys: names.map((attribute) => attributes[attribute]),
    paths: names.map((attribute) => (values.includes(attribute) ? pathOf(attribute) : undefined)),
    only: only === undefined ? NOWHERE : names.indexOf(only[0]),
    onlyValue: nameOf(only?.[1] ?? ''),
    place: place === undefined ? NOWHERE : PLACES[place],
    bit: reader.several === true ? 0 : 1 << number,
    hasChildren: reader.children !== undefined,
    anyNamespace: reader.anyNamespace === true,
  };
}

const READY: Ready = ready('domain', DOMAIN, 0);
const SWITCH: readonly Name[] = [nameOf('state')];

/** The tree and what has been found so far. */
interface Walk {
  readonly tree: BorrowedTree;
  readonly uses: DomainUse[];
  readonly devices: DomainDevice[];
  /** Indexes of elements, by their numbers in `PLACES`. */
  readonly places: number[];
  /** What the latest device says. */
  values: Record<string, string>;
}

/**
 * Everything the domain at an index of the tree uses that a host may not offer, and where its own parts stand.
 *
 * @throws LibvirtXmlError for what libvirt reads otherwise than it looks (`foreign-name`), and for a second element of a
 * kind of which it reads one (`repeated-element`, `two-cpus`).
 */
export function readGuest(tree: BorrowedTree, index: number): GuestFacts {
  const places = [NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE];
  const walk: Walk = { tree, uses: [], devices: [], places, values: {} };
  readChildren(walk, index, READY);
  const placeOf = (number: number): number => places[number] ?? NOWHERE;
  const { name, uuid, osType, cpu, metadata } = PLACES;
  return {
    uses: walk.uses,
    devices: walk.devices,
    places: {
      name: placeOf(name),
      uuid: placeOf(uuid),
      osType: placeOf(osType),
      cpu: placeOf(cpu),
      metadata: placeOf(metadata),
    },
  };
}

function readChildren(walk: Walk, index: number, { slots, anyNamespace }: Ready): void {
  const { tree } = walk;
  const { codes, nodes } = tree;
  const last = nodes[index + NEXT] as number;
  let seen = 0;
  for (let i = index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number) {
    const nameStart = (nodes[i] as number) + 1;
    const nameEnd = nodes[i + NAME_END] as number;
    const slot = slotOf(codes[nameStart] as number, codes[nameEnd - 1] as number, nameEnd - nameStart);
    if (anyNamespace) refuseForeign(tree, i);
    let found = slots[slot];
    while (found !== undefined && !isAt(codes, nameStart, nameEnd, found.name)) found = found.other;
    if (found === undefined || hasOwnNamespace(tree, i)) continue;
    if ((seen & found.bit) !== 0) throw repeated(tree, i);
    seen |= found.bit;
    read(walk, i, found);
  }
}

/** Of most elements libvirt reads one and says nothing of others: which one is not for us to choose. */
export function repeated(tree: BorrowedTree, index: number): Error {
  const name = nameAt(tree, index);
  const code = name === 'cpu' ? 'two-cpus' : 'repeated-element';
  const hint = 'Keep one of them: libvirt reads one only.';
  return fail(tree, `there is a second <${name}> beside another`, spanAt(tree, index).start, hint, code);
}

function refuseForeign(tree: BorrowedTree, index: number): void {
  if (!tree.hasPrefixes && !tree.hasNamespaces) return;
  const name = nameAt(tree, index);
  if (!name.includes(':') && !hasOwnNamespace(tree, index)) return;
  const reason = `libvirt reads <${name}> here by its local name, whatever its namespace`;
  throw fail(
    tree,
    reason,
    spanAt(tree, index).start,
    'Remove it, or write it without a namespace.',
    'foreign-name',
  );
}

function read(walk: Walk, index: number, ready: Ready): void {
  const { tree } = walk;
  const { names, only, place, device, text, flag, switchedOn } = ready;
  if (names.length > 0) locate(tree, index, names);
  if (only !== NOWHERE && !isLocatedValue(tree, only, ready.onlyValue)) return;
  if (device !== undefined) addDevice(walk, device, index);
  if (names.length > 0) readAttributes(walk, index, ready);
  // Of several, where that is no error, libvirt reads the first.
  if (place !== NOWHERE && walk.places[place] === NOWHERE) walk.places[place] = index;
  if (text !== undefined) readText(walk, index, text);
  if (flag !== undefined) walk.values[flag] = '';
  if (ready.hasChildren) readChildren(walk, index, ready);
  if (switchedOn !== undefined) readSwitches(walk, index, switchedOn);
}

function addDevice(walk: Walk, element: string, index: number): void {
  walk.values = {};
  walk.devices.push({ element, values: walk.values, span: startTagAt(walk.tree, index) });
}

/** What a start tag says, all with the same place. */
function readAttributes({ tree, uses, values }: Walk, index: number, ready: Ready): void {
  const { keys, paths, names, present } = ready;
  let span: Span | undefined;
  for (let k = 0; k < names.length; k++) {
    const key = keys[k];
    const path = paths[k];
    const value = key === undefined && path === undefined ? undefined : locatedValue(tree, k);
    if (value === undefined) continue;
    if (path !== undefined) values[path] = value;
    if (key !== undefined) uses.push({ key, value, span: (span ??= startTagAt(tree, index)) });
  }
  if (present === undefined || locatedValue(tree, 0) === 'off' || locatedValue(tree, 1) === 'no') return;
  uses.push({ key: present, value: 'yes', span: startTagAt(tree, index) });
}

function readText({ tree, uses }: Walk, index: number, key: string): void {
  const value = textAt(tree, index).trim();
  if (value !== '') uses.push({ key, value, span: spanAt(tree, index) });
}

function readSwitches({ tree, uses }: Walk, index: number, key: string): void {
  const { nodes } = tree;
  const last = nodes[index + NEXT] as number;
  for (let i = index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number) {
    refuseForeign(tree, i);
    locate(tree, i, SWITCH);
    if (locatedValue(tree, 0) === 'on') uses.push({ key, value: nameAt(tree, i), span: startTagAt(tree, i) });
  }
}
