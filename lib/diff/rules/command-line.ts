import type { Domain } from '../../../types/domain.ts';
import type { DomainChange } from '../../../types/plan.ts';
import { freePrefix, QEMU_NAMESPACE } from '../../xml/namespaces.ts';
import { placeOf, scanAgain } from '../../xml/place.ts';
import { attributeOf, attributesOf, childrenOf } from '../../xml/query.ts';

/**
 * The changes that hand QEMU these properties with `-global`, for all devices of a type at once: an interface has no
 * name of its own that would hold from one start to the next. What is handed over already is not given again.
 *
 * A hook's rescue writes such arguments too, but as edits (`writer/command-line.ts`): a plan is data that is told, noted
 * and undone before it is written, and writing new elements takes the builder, which a hook has no time to load.
 */
export function argumentChanges(
  { text, span }: Domain,
  properties: readonly string[],
): readonly DomainChange[] {
  if (properties.length === 0) return [];
  const { tree, top } = scanAgain(text, span.start);
  const prefixes = attributesOf(tree, top).filter(({ name }) => name.startsWith('xmlns:'));
  const declared = prefixes.find(({ value }) => value === QEMU_NAMESPACE)?.name.slice('xmlns:'.length);
  const prefix = declared ?? freePrefix(prefixes.map(({ name }) => name.slice('xmlns:'.length)));
  const commandLine = childrenOf(tree, top.index).find(({ name }) => name === `${prefix}:commandline`);
  const given = commandLine === undefined ? [] : childrenOf(tree, commandLine.index);
  const values = given.map((child) => attributeOf(tree, child, 'value'));
  const name = `${prefix}:arg`;
  const args = properties
    .filter((property) => !values.some((value, i) => value === property && values[i - 1] === '-global'))
    .flatMap((property) => ['-global', property])
    .map((value) => ({ name, attributes: { value } }));
  if (args.length === 0) return [];
  if (commandLine !== undefined) {
    const parent = placeOf(tree, commandLine);
    return args.map((element) => ({ kind: 'add-element', parent, order: [name, `${prefix}:env`], element }));
  }
  const { startTag } = top;
  const element = { name: `${prefix}:commandline`, children: args };
  const order = [...childrenOf(tree, top.index).map((child) => child.name), element.name];
  return [
    ...(declared === undefined
      ? [{ kind: 'set-attribute', startTag, name: `xmlns:${prefix}`, value: QEMU_NAMESPACE } as const]
      : []),
    { kind: 'add-element', parent: placeOf(tree, top), order, element },
  ];
}
