import type { HostMachine, ModelUsable, Offers } from '../../../types/host.ts';
import { frozen } from '../../text/frozen.ts';
import { memory, type Memory } from '../../text/memory.ts';
import {
  attributeOf,
  attributeValues,
  childrenNamed,
  childrenOf,
  textOf,
  type XmlElement,
} from '../../xml/query.ts';
import type { Tree } from '../../xml/tree.ts';

/** What domcapabilities offer a guest beside the features of its CPU. */
export interface OfferedByHost {
  readonly offers: Offers;
  readonly vcpuMaximum: number | undefined;
  readonly usableModels: Readonly<Record<string, ModelUsable>>;
  readonly modelBlockers: Readonly<Record<string, readonly string[]>>;
  readonly physicalAddressLimit: number | undefined;
}

/** A document that offers nothing: all is unknown. */
export const NO_OFFERS: OfferedByHost & { readonly machines: readonly HostMachine[] } = frozen({
  offers: {},
  vcpuMaximum: undefined,
  usableModels: {},
  modelBlockers: {},
  physicalAddressLimit: undefined,
  machines: [],
});

const { usableModels, modelBlockers } = NO_OFFERS;
const NO_MODELS: CustomModels = { usableModels, modelBlockers };

/** What custom mode may name. */
type CustomModels = Pick<OfferedByHost, 'usableModels' | 'modelBlockers'>;

/** What a libvirt prints of the models of custom mode: later ones print more. */
export interface PrintedModels {
  readonly usable: boolean;
  readonly canonical: boolean;
  readonly blockers: boolean;
}

/** What the documents read before offered, by their text: hosts of a fleet mostly print the same. */
export interface OffersMemory {
  readonly general: Memory<Pick<OfferedByHost, 'offers' | 'vcpuMaximum'>>;
  readonly models: Memory<{ readonly models: CustomModels; readonly printed: PrintedModels }>;
  readonly machines: Memory<readonly HostMachine[]>;
}

const MOST_REMEMBERED = 64;
const LONGEST_REMEMBERED = 1 << 18;

/** A memory of a few different documents. */
export function newOffersMemory(): OffersMemory {
  return {
    general: memory(MOST_REMEMBERED, LONGEST_REMEMBERED),
    models: memory(MOST_REMEMBERED, LONGEST_REMEMBERED),
    machines: memory(MOST_REMEMBERED, LONGEST_REMEMBERED),
  };
}

/** The parts of a `<domainCapabilities>` that say what a guest may use. */
interface Sections {
  readonly tree: Tree;
  readonly root: XmlElement;
  readonly cpu: XmlElement | undefined;
  /** The modes of its `<cpu>`. */
  readonly modes: readonly XmlElement[];
}

/**
 * The enums of a `<domainCapabilities>`, its CPU modes and the models of custom mode.
 *
 * @see https://libvirt.org/formatdomaincaps.html
 */
export function readOffers(
  sections: Sections,
  remembered: OffersMemory,
): { readonly offered: OfferedByHost; readonly printed: PrintedModels | undefined } {
  const { tree, root, cpu, modes } = sections;
  const supported = modes.map((mode) => [modeOf(tree, mode), attributeOf(tree, mode, 'supported')] as const);
  const around = cpu === undefined ? [root.startTag.end, root.startTag.end] : [cpu.start, cpu.end];
  const key =
    tree.text.slice(root.startTag.end, around[0]) +
    tree.text.slice(around[1], root.end) +
    JSON.stringify(supported);
  const general = remembered.general(key, () => generalOffers(sections, supported));
  const custom = modes.find((mode) => modeOf(tree, mode) === 'custom');
  const hostModel = modes.find((mode) => modeOf(tree, mode) === 'host-model');
  const named =
    custom && remembered.models(tree.text.slice(custom.start, custom.end), () => modelsOf(tree, custom));
  return {
    offered: {
      ...general,
      ...(named?.models ?? NO_MODELS),
      physicalAddressLimit: hostModel && countIn(tree, hostModel, 'maxphysaddr', 'limit'),
    },
    printed: named?.printed,
  };
}

function generalOffers(
  { tree, root }: Sections,
  supported: readonly (readonly [name: string, supported: string | undefined])[],
): Pick<OfferedByHost, 'offers' | 'vcpuMaximum'> {
  return frozen({
    offers: Object.fromEntries([
      ...childrenOf(tree, root.index).flatMap((section) => sectionOffers(tree, section)),
      ...supported.map(([name, value]) => [`cpu.${name}`, value === 'yes' ? ['yes'] : []] as const),
    ]),
    vcpuMaximum: countIn(tree, root, 'vcpu', 'max'),
  });
}

function modeOf(tree: Tree, mode: XmlElement): string {
  return attributeOf(tree, mode, 'name') ?? '';
}

type Entry = readonly [string, readonly string[]];

/** Elements that stand in the document itself, and those that hold others. */
const SINGLE: ReadonlySet<string> = new Set(['iothreads', 'memoryBacking', 'os']);
const HOLDERS: ReadonlySet<string> = new Set(['os', 'devices', 'features']);

function sectionOffers(tree: Tree, section: XmlElement): readonly Entry[] {
  const own = SINGLE.has(section.name) ? elementOffers(tree, section) : [];
  if (!HOLDERS.has(section.name)) return own;
  const inner = childrenOf(tree, section.index).filter(({ name }) => name !== 'enum');
  return [...own, ...inner.flatMap((child) => elementOffers(tree, child))];
}

/** Whether an element is supported, its enums, and the values it lists itself (the paths of `<loader>`). */
function elementOffers(tree: Tree, element: XmlElement): readonly Entry[] {
  const { name } = element;
  const supported = attributeOf(tree, element, 'supported');
  if (supported === 'no') return [[name, []]];
  const enums = childrenNamed(tree, element.index, 'enum').map((one): Entry => [
    `${name}.${attributeOf(tree, one, 'name') ?? ''}`,
    valuesOf(tree, one),
  ]);
  const values = valuesOf(tree, element);
  const defaults = childrenNamed(tree, element.index, 'defaults').map((one): Entry => [
    `${name}.defaults`,
    settingsOf(tree, one),
  ]);
  return [
    ...(supported === 'yes' ? [[name, ['yes']] as const] : []),
    ...enums,
    ...defaults,
    ...(values.length > 0 ? [[`${name}.path`, values] as const] : []),
  ];
}

/** `stimer_direct=on`: how a guest's enlightenments are set beside the list of them, where they follow the host. */
function settingsOf(tree: Tree, { index }: XmlElement): readonly string[] {
  return childrenOf(tree, index)
    .map((one) => `${one.name}=${textOf(tree, one).trim()}`)
    .filter((setting) => !setting.endsWith('=off'));
}

function valuesOf(tree: Tree, { index }: XmlElement): readonly string[] {
  return childrenNamed(tree, index, 'value').map((value) => textOf(tree, value).trim());
}

/** A number in an attribute of the first child of that name. */
function countIn(tree: Tree, parent: XmlElement, name: string, key: string): number | undefined {
  const [element] = childrenNamed(tree, parent.index, name);
  return element && count(attributeOf(tree, element, key));
}

function count(value: string | undefined): number | undefined {
  return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value);
}

/** Each model of custom mode, and beside one that is not usable what blocks it. */
function modelsOf(
  tree: Tree,
  custom: XmlElement,
): { readonly models: CustomModels; readonly printed: PrintedModels } {
  const models = childrenNamed(tree, custom.index, 'model').map((model) => ({
    name: textOf(tree, model).trim(),
    usable: attributeOf(tree, model, 'usable'),
    isCanonical: attributeOf(tree, model, 'canonical') !== undefined,
  }));
  const blockers = childrenNamed(tree, custom.index, 'blockers');
  return frozen({
    models: {
      usableModels: Object.fromEntries(
        models.map(({ name, usable }): [string, ModelUsable] => [
          name,
          usable === 'yes' || usable === 'no' ? usable : 'unknown',
        ]),
      ),
      modelBlockers: Object.fromEntries(
        blockers.map((one) => [attributeOf(tree, one, 'model') ?? '', featuresIn(tree, one)]),
      ),
    },
    printed: {
      usable: models.some(({ usable }) => usable !== undefined),
      canonical: models.some(({ name, isCanonical }) => isCanonical || isVersioned(name)),
      blockers: blockers.length > 0,
    },
  });
}

/** `EPYC-v2`: libvirt has such names since 10.10.0. */
export function isVersioned(model: string): boolean {
  return /-v\d+$/.test(model);
}

function featuresIn(tree: Tree, { index }: XmlElement): readonly string[] {
  return childrenNamed(tree, index, 'feature').map((feature) => attributeOf(tree, feature, 'name') ?? '');
}

/** What all of several hosts offer, as far as they say. */
export function sharedOffers(all: readonly Offers[]): Offers {
  const keys = [...new Set(all.flatMap((offers) => Object.keys(offers)))];
  const shared = (key: string): readonly string[] => {
    const lists = new Set(all.flatMap((offers) => [offers[key]].filter((list) => list !== undefined)));
    const [first = [], ...others] = lists;
    const sets = others.map((list) => new Set(list));
    return first.filter((value) => sets.every((set) => set.has(value)));
  };
  return Object.fromEntries(keys.map((key) => [key, shared(key)]));
}

/** The models that all of several documents of one host list, each as usable as the worst of them says. */
export function sharedModels(all: readonly CustomModels[]): CustomModels {
  const lists = all.filter(({ usableModels }) => Object.keys(usableModels).length > 0);
  const [first, ...others] = lists;
  const names = Object.keys(first?.usableModels ?? {}).filter((name) =>
    others.every(({ usableModels }) => Object.hasOwn(usableModels, name)),
  );
  const worst = (name: string): ModelUsable => {
    const said = new Set(lists.map(({ usableModels }) => usableModels[name]));
    return said.has('no') ? 'no' : said.has('unknown') ? 'unknown' : 'yes';
  };
  const blockers = (name: string): readonly string[] =>
    [...new Set(lists.flatMap(({ modelBlockers }) => modelBlockers[name] ?? []))].sort();
  return {
    usableModels: Object.fromEntries(names.map((name) => [name, worst(name)])),
    modelBlockers: Object.fromEntries(
      names.filter((name) => blockers(name).length > 0).map((name) => [name, blockers(name)]),
    ),
  };
}

/** An i686 guest runs on an x86_64 host too. */
const RUNS_TOO: Readonly<Record<string, string>> = { x86_64: 'i686' };

/**
 * The machine types that `virsh capabilities` list for an architecture. A list below a `<domain>` holds for guests of
 * its type in place of the one above it.
 */
export function readMachines(
  tree: Tree,
  root: XmlElement,
  arch: string | undefined,
  remembered: OffersMemory,
): readonly HostMachine[] {
  const guests = childrenNamed(tree, root.index, 'guest');
  const [first] = guests;
  if (first === undefined || arch === undefined) return NO_OFFERS.machines;
  const key = `${arch} ${tree.text.slice(first.start, root.end)}`;
  return remembered.machines(key, () =>
    frozen(
      guests
        .flatMap((guest) => childrenNamed(tree, guest.index, 'arch'))
        .flatMap((element) => {
          const name = attributeOf(tree, element, 'name') ?? '';
          return name === arch || name === RUNS_TOO[arch] ? machinesIn(tree, element, name) : [];
        }),
    ),
  );
}

function machinesIn(tree: Tree, element: XmlElement, arch: string): readonly HostMachine[] {
  const listed = (parent: XmlElement, virtType: string | undefined): readonly HostMachine[] =>
    childrenNamed(tree, parent.index, 'machine').map((machine) => {
      const values = attributeValues(tree, machine);
      return {
        name: textOf(tree, machine).trim(),
        canonical: values.get('canonical'),
        maxCpus: count(values.get('maxCpus')),
        deprecated: values.get('deprecated') === 'yes',
        arch,
        virtType,
      };
    });
  const domains = childrenNamed(tree, element.index, 'domain');
  return [
    ...listed(element, undefined),
    ...domains.flatMap((domain) => listed(domain, attributeOf(tree, domain, 'type'))),
  ];
}
