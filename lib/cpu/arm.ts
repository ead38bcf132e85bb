import type { Host } from '../../types/host.ts';
import { groupedBy } from '../text/remembered.ts';

/** A property of aarch64 CPUs that is not the same on all hosts. */
export interface UnlikeProperty {
  /** A field by its register (`MIDR_EL1.PartNum`), or QEMU's name for what is no field. */
  readonly property: string;
  /** What is there, and the hosts that say so; `none` where QEMU has no such property. */
  readonly values: readonly { readonly value: string; readonly hosts: readonly string[] }[];
}

/**
 * What QEMU answers differently on these hosts, by register and field. A guest sees each of them, and nothing turns them
 * off; one that a host's QEMU does not know differs as well.
 *
 * @see https://www.qemu.org/docs/master/system/arm/cpu-features.html
 */
export function unlikeProperties(
  hosts: readonly Pick<Host, 'name' | 'properties'>[],
): readonly UnlikeProperty[] {
  const names = [...new Set(hosts.flatMap(({ properties }) => Object.keys(properties)))].sort();
  return names.flatMap((property) => {
    const values = groupedBy(hosts, ({ properties }) => String(properties[property] ?? 'none'));
    if (values.size < 2) return [];
    const groups = [...values].map(([value, own]) => ({ value, hosts: own.map(({ name }) => name) }));
    return [{ property: fieldName(property), values: groups }];
  });
}

/** QEMU joins the register and the field with one more underscore. */
function fieldName(property: string): string {
  const [, register, field] = /^SYSREG_(.+)_([^_]+)$/.exec(property) ?? [];
  return register === undefined || field === undefined ? property : `${register}.${field}`;
}
