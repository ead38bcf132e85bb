import type { DomainElement } from '../../types/domain.ts';
import type { QemuCommandLine } from '../../types/gate.ts';
import type { Edit } from '../../types/xml.ts';
import { freePrefix, QEMU_NAMESPACE } from '../xml/namespaces.ts';
import { editsAt } from './element-edits.ts';
import { placeFor, stepBelow } from './place.ts';
import { quoteBefore, quoteIn } from './quotes.ts';

/**
 * The edits that hand further arguments to QEMU: behind those there are, or in a new `<qemu:commandline>` at the end
 * of the domain, in the layout of their neighbours. Arguments must need no escaping; they are put together here,
 * because a hook has no time to load a builder. A plan asks for such arguments as changes, which are data: that is
 * `diff/rules/command-line.ts`.
 */
export function argumentEdits(
  text: string,
  { domain, element, prefix, prefixes }: QemuCommandLine,
  args: readonly string[],
): readonly Edit[] {
  if (args.length === 0) return [];
  if (element !== undefined) {
    const name = qualified(element.name.replace(/:?[^:]*$/, ''), 'arg');
    return [insertion(text, element, name, (separator, quote) => argLines(name, args, separator, quote))];
  }
  const chosen = prefix ?? freePrefix(prefixes);
  const name = qualified(chosen, 'commandline');
  const arg = qualified(chosen, 'arg');
  const lines = (separator: string, quote: string): string => {
    const inner = separator === '' ? '' : separator + stepBelow(text, domain, separator);
    return `${separator}<${name}>${argLines(arg, args, inner, quote)}${separator}</${name}>`;
  };
  const { startTag } = domain;
  const declaration = {
    kind: 'set-attribute',
    startTag,
    name: `xmlns:${chosen}`,
    value: QEMU_NAMESPACE,
  } as const;
  return [...(prefix === undefined ? editsAt(text, declaration) : []), insertion(text, domain, name, lines)];
}

function argLines(name: string, args: readonly string[], separator: string, quote: string): string {
  return args.map((arg) => `${separator}<${name} value=${quote}${arg}${quote}/>`).join('');
}

function insertion(
  text: string,
  parent: DomainElement,
  name: string,
  lines: (separator: string, quote: string) => string,
): Edit {
  // libvirt has no order here: behind the last argument, else behind whatever stands last.
  const order = [...parent.children.map((child) => child.name), name];
  const { start, end, opening, separator, closing } = placeFor(text, parent, name, order);
  const own = text.slice(parent.startTag.start, parent.contentEnd);
  const quote = quoteIn(own) ?? quoteBefore(text, parent.span.start);
  return { start, end, text: opening + lines(separator, quote) + closing };
}

function qualified(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}:${name}`;
}
