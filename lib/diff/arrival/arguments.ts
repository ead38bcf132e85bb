import type { CpuMode, Domain } from '../../../types/domain.ts';
import type { Span } from '../../../types/xml.ts';
import { globalSwitches } from '../../cpu/cpu-argument.ts';
import { scanAgain } from '../../xml/place.ts';
import { childrenOf } from '../../xml/query.ts';

/** What QEMU calls a CPU that follows its host. @see https://www.qemu.org/docs/master/system/qemu-cpu-models.html */
export function driverOf(mode: CpuMode | undefined): 'host-x86_64-cpu' | 'max-x86_64-cpu' {
  return mode === 'maximum' ? 'max-x86_64-cpu' : 'host-x86_64-cpu';
}

/**
 * The elements, two to each, with which a domain hands QEMU `-global DRIVER.PROPERTY=off` for these properties of
 * its CPU.
 */
export function globalElements(
  { text, span, commandLine }: Domain,
  driver: string,
  properties: ReadonlySet<string>,
): readonly Span[] {
  const starts = commandLine.flatMap(({ span: { start } }, i) => {
    const before = commandLine[i - 1];
    const [found] = before === undefined ? [] : globalSwitches(commandLine.slice(i - 1, i + 1));
    const isOurs =
      found?.driver === driver &&
      found.value === 'off' &&
      properties.has(found.property.replaceAll('_', '-'));
    return isOurs && before !== undefined ? [before.span.start, start] : [];
  });
  if (starts.length === 0) return [];
  const { tree, top } = scanAgain(text, span.start);
  const wanted = new Set(starts);
  return childrenOf(tree, top.index)
    .filter(({ name }) => /(?:^|:)commandline$/.test(name))
    .flatMap(({ index }) => childrenOf(tree, index))
    .filter(({ start }) => wanted.has(start))
    .map(({ start, end }) => ({ start, end }));
}
