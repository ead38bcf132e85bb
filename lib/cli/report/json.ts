import type { Baseline } from '../../../types/baseline.ts';
import type { Host } from '../../../types/host.ts';
import type { Issue } from '../../../types/issue.ts';
import type { DomainChange } from '../../../types/plan.ts';
import { printableJson } from '../../text/printable.ts';
import { inCommandWords } from './wording.ts';

/** Raised when a program that reads the JSON would have to change. */
const SCHEMA_VERSION = 1;

/** A result for programs, with the version of its shape. Its issues name the command's options. */
export function json(result: object): string {
  return [...jsonPieces(result)].join('');
}

/** The same piece by piece: what is said of thousands of hosts may be longer than a string can be. */
export function* jsonPieces(result: object): Generator<string> {
  const { issues }: { readonly issues?: readonly Issue[] } = result;
  const worded = issues === undefined ? {} : { issues: issues.map(inCommandWords) };
  const all = pieces({ schemaVersion: SCHEMA_VERSION, ...result, ...worded }, '', DEEPEST_PIECES);
  for (const piece of all) yield printableJson(piece);
  yield '\n';
}

/** How deep a value is taken apart: a host, a loss, the surplus of one host is one piece. */
const DEEPEST_PIECES = 2;

function* pieces(value: unknown, indent: string, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    // As in lists of JSON.stringify itself.
    yield (value === undefined ? 'null' : JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`);
    return;
  }
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  let before = isList ? '[' : '{';
  for (const [key, item] of Object.entries(value) as readonly (readonly [string, unknown])[]) {
    if (item === undefined && !isList) continue;
    yield `${before}\n${inner}${isList ? '' : `${JSON.stringify(key)}: `}`;
    yield* pieces(item, inner, depth - 1);
    before = ',';
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

/** What is left out of a host: what the baseline says already, and what only rules look at. */
const UNSAID: ReadonlySet<string> = new Set<keyof Host>([
  ...(['cpuMaps', 'features', 'uncertain', 'silent', 'issues'] as const),
  ...(['offers', 'usableModels', 'modelBlockers', 'machines', 'properties'] as const),
]);

/** A baseline without what it says twice and all that its hosts offer; of the CPU maps, their versions. */
export function baselineFacts({ hosts, common, surplus, losses, arch, vendor }: Baseline): object {
  const known = hosts.map((host) => {
    const shown = Object.entries(host).filter(([key]) => !UNSAID.has(key));
    return { ...Object.fromEntries(shown), cpuMaps: host.cpuMaps.map(({ version }) => version) };
  });
  return { arch, vendor, hosts: known, common, surplus, losses };
}

/** Changes by what happens to which feature, attribute or element. */
export function changeFacts(changes: readonly DomainChange[]): object {
  return changes.map((change) => {
    switch (change.kind) {
      case 'add':
      case 'replace':
        return { kind: change.kind, name: change.name, policy: change.policy };
      case 'set-attribute':
        return { kind: change.kind, name: change.name, value: change.value };
      case 'remove-attribute':
        return { kind: change.kind, name: change.name };
      case 'add-element':
      case 'replace-element':
        return { kind: change.kind, element: change.element };
      case 'set-text':
        return { kind: change.kind, text: change.text };
      case 'remove-element':
        return { kind: change.kind, span: change.span };
    }
  });
}
