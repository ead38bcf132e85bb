import type { DomainChange, NewElement } from '../../../types/plan.ts';
import { placeOf } from '../../xml/place.ts';
import { attributeOf, childrenNamed, type XmlElement } from '../../xml/query.ts';
import type { XmlTree } from '../../xml/tree.ts';

/** Where libvirt turns a feature of a network device off: an attribute of `<driver>`, or of a child of it. */
export interface VirtioSwitch {
  readonly element: 'driver' | 'host' | 'guest';
  readonly attribute: string;
}

/** A network interface of a domain that is a virtio device. */
export interface VirtioInterface {
  readonly tree: XmlTree;
  readonly element: XmlElement;
}

/** The order in which libvirt writes the first children of `<interface>`. @see https://libvirt.org/formatdomain.html#network-interfaces */
const INTERFACE_ORDER: readonly string[] = (
  'mac source vlan virtualport ip route script target guest model driver backend filterref tune sndbuf link mtu ' +
  'coalesce bandwidth boot rom alias acpi address'
).split(' ');
const DRIVER_ORDER: readonly string[] = ['host', 'guest'];

/** The changes that turn these switches off in an interface; what is off already stays as it is. */
export function driverChanges(
  { tree, element }: VirtioInterface,
  switches: readonly VirtioSwitch[],
): readonly DomainChange[] {
  if (switches.length === 0) return [];
  const of = (name: VirtioSwitch['element']): readonly string[] =>
    switches.filter((one) => one.element === name).map(({ attribute }) => attribute);
  const [driver] = childrenNamed(tree, element.index, 'driver');
  const children = DRIVER_ORDER.map((name) => [name, of(name as 'host' | 'guest')] as const).filter(
    ([, names]) => names.length > 0,
  );
  if (driver === undefined) {
    const fresh: NewElement = {
      name: 'driver',
      attributes: allOff(of('driver')),
      children: children.map(([name, names]) => ({ name, attributes: allOff(names) })),
    };
    return [{ kind: 'add-element', parent: placeOf(tree, element), order: INTERFACE_ORDER, element: fresh }];
  }
  const inside = children.flatMap(([name, names]): readonly DomainChange[] => {
    const [child] = childrenNamed(tree, driver.index, name);
    if (child !== undefined) return switchedOff(tree, child, names);
    const fresh: NewElement = { name, attributes: allOff(names) };
    return [{ kind: 'add-element', parent: placeOf(tree, driver), order: DRIVER_ORDER, element: fresh }];
  });
  return [...switchedOff(tree, driver, of('driver')), ...inside];
}

function allOff(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, 'off']));
}

function switchedOff(tree: XmlTree, element: XmlElement, names: readonly string[]): readonly DomainChange[] {
  const { startTag } = element;
  return names
    .filter((name) => attributeOf(tree, element, name) !== 'off')
    .map((name) => ({ kind: 'set-attribute', startTag, name, value: 'off' }));
}
