import { isLibvirtXmlError, type LibvirtXmlError } from '../../lib/issues/issues.ts';
import type { Issue } from '../../types/issue.ts';

/** Said of nearly every pool of two libvirt versions, and of nearly every disk: tested by name in verdicts.test.ts. */
const EVERYWHERE: ReadonlySet<string> = new Set(['names-not-comparable', 'disk-not-shared']);

/** The findings that a table is about. */
export function besides(issues: readonly Issue[]): readonly Issue[] {
  return issues.filter(({ code }) => !EVERYWHERE.has(code));
}

/** Each finding as one line of a table: `error policy-conflict avx [B]`. */
export function told(issues: readonly Issue[]): readonly string[] {
  return besides(issues).map((one) => {
    const { severity, code } = one;
    const hosts = hostsIn(one);
    return [severity, code, ...subjectOf(one), ...(hosts.length === 0 ? [] : [`[${hosts.join(',')}]`])].join(
      ' ',
    );
  });
}

function subjectOf(one: Issue): readonly string[] {
  if ('feature' in one) return [one.feature];
  if ('features' in one) return one.features.length === 0 ? [] : [one.features.join(',')];
  if ('uncertain' in one) return one.uncertain.length === 0 ? [] : [one.uncertain.join(',')];
  return 'model' in one && one.model !== undefined ? [one.model] : [];
}

/** A fact that issues of some codes have; `undefined` for the others. */
export function factOf(one: Issue | undefined, name: string): unknown {
  return Object.entries(one ?? {}).find(([key]) => key === name)?.[1];
}

const NAMES_HOSTS = /^(?:host|hosts|presentOn|missingOn|unknownOn|unnamedOn|lackingOn)$/;

/** Every host of the pool that an issue names, wherever in its facts, once. */
export function hostsIn(facts: object): readonly string[] {
  const names = Object.entries(facts).flatMap(([key, value]: [string, unknown]): readonly string[] => {
    if (NAMES_HOSTS.test(key)) return [value].flat() as string[];
    if (!Array.isArray(value)) return [];
    return value.flatMap((part: unknown) => (typeof part === 'object' && part !== null ? hostsIn(part) : []));
  });
  return [...new Set(names)];
}

/** How input is refused: `duplicate-feature 3:5`, with line and column; `accepted` when it is not. */
export function refusalOf(read: () => unknown): string {
  const error = errorOf(read);
  return error === undefined ? 'accepted' : `${error.code} ${error.line}:${error.column}`;
}

/** The input error that a call throws, if any. Any other error is a failure of the test. */
export function errorOf(read: () => unknown): LibvirtXmlError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (isLibvirtXmlError(error)) return error;
    throw error;
  }
}
