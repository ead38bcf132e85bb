import type { QemuCommandLine } from '../../types/gate.ts';
import type { Edit } from '../../types/xml.ts';
import { deeper, indentAt, newlineOf } from '../text/layout.ts';

/** Where new elements go, and what stands around them. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly opening: string;
  /** Before each new element; for a command line of its own, before its arguments. */
  readonly separator: string;
  readonly inner: string;
  readonly closing: string;
}

/**
 * The edits that hand further arguments to QEMU: behind those there are, or in a new `<qemu:commandline>` at the end
 * of the domain, in the layout of their neighbours. Arguments must need no escaping.
 */
export function argumentEdits(
  text: string,
  line: QemuCommandLine,
  args: readonly string[],
  namespace: string,
): readonly Edit[] {
  if (args.length === 0) return [];
  const { container, prefix, attributesEnd } = line;
  const quote = /=\s*(["'])/.exec(text.slice(0, container.tagEnd))?.[1] ?? "'";
  const place = placeIn(text, container);
  const chosen = container.isCommandLine ? prefixOf(container.name) : (prefix ?? freePrefix(line));
  const qualified = (name: string): string => (chosen === '' ? name : `${chosen}:${name}`);
  const lines = (before: string): string =>
    args.map((arg) => `${before}<${qualified('arg')} value=${quote}${arg}${quote}/>`).join('');
  const { start, end, opening, separator, inner, closing } = place;
  if (container.isCommandLine) return [{ start, end, text: opening + lines(separator) + closing }];
  const name = qualified('commandline');
  const own = `${separator}<${name}>${lines(inner)}${separator}</${name}>`;
  const declared = { start: attributesEnd, end: attributesEnd };
  const declaration = prefix === undefined ? ` xmlns:${chosen}=${quote}${namespace}${quote}` : '';
  return [
    ...(declaration === '' ? [] : [{ ...declared, text: declaration }]),
    { start, end, text: opening + own + closing },
  ];
}

function prefixOf(name: string): string {
  return name.includes(':') ? (name.split(':')[0] ?? '') : '';
}

/** libvirt's own prefix, unless the domain has given it to something else. */
function freePrefix({ prefixes }: QemuCommandLine): string {
  for (let number = 1; ; number++) {
    const prefix = number === 1 ? 'qemu' : `qemu${number}`;
    if (!prefixes.includes(prefix)) return prefix;
  }
}

/** Behind everything that stands in the element. */
function placeIn(text: string, container: QemuCommandLine['container']): Place {
  const { span, tagEnd, contentEnd, lastChild, name } = container;
  const outer = indentAt(text, span.start);
  const newline = newlineOf(text);
  const own = lastChild === undefined ? undefined : indentAt(text, lastChild.start);
  const isSpread = lastChild === undefined ? outer !== undefined : own !== undefined;
  const indent = own ?? deeper(outer ?? '', undefined);
  const separator = isSpread ? newline + indent : '';
  const inner = isSpread ? newline + deeper(indent, outer) : '';
  if (contentEnd === span.end) {
    const start = text.slice(0, tagEnd - '/>'.length).trimEnd().length;
    const closing = `${isSpread ? newline + (outer ?? '') : ''}</${name}>`;
    return { start, end: tagEnd, opening: '>', separator, inner, closing };
  }
  const start = tagEnd + text.slice(tagEnd, contentEnd).trimEnd().length;
  const isOwnLine = /[\r\n]/.test(text.slice(start, contentEnd));
  const closing = isSpread && !isOwnLine ? newline + (outer ?? '') : '';
  return { start, end: start, opening: '', separator, inner, closing };
}
