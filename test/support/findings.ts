import { isLibvirtXmlError, type LibvirtXmlError } from '../../lib/issues/issues.ts';
import type { Issue } from '../../types/issue.ts';

/** Each finding as one line of a table: `error policy-conflict avx [B]`. */
export function told(issues: readonly Issue[]): readonly string[] {
  return issues.map(({ severity, code, feature, features, model, hosts }) => {
    const subject = feature ?? features?.join(',') ?? model;
    const parts = [severity, code, ...(subject === undefined || subject === '' ? [] : [subject])];
    return [...parts, ...(hosts === undefined ? [] : [`[${hosts.join(',')}]`])].join(' ');
  });
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
