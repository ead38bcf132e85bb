import type { Baseline } from '../../../types/baseline.ts';
import type { Host } from '../../../types/host.ts';
import type { Issue } from '../../../types/issue.ts';
import type { DomainChange } from '../../../types/plan.ts';
import { printableJson } from '../../text/printable.ts';
import { inCommandWords } from '../../report/wording.ts';
import type { BaselineFacts, ChangeFacts, Result, ShownHost, UnsaidOfHost } from './results.ts';

/** Raised when a program that reads the JSON would have to change. */
const SCHEMA_VERSION = 1;

/** A result for programs, with the version of its shape. Its issues name the command's options. */
export function json(result: Result): string {
  return [...jsonPieces(result)].join('');
}

/** The same in one line: one result of many. */
export function jsonLine(result: Result): string {
  return `${printableJson(JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...worded(result) }))}\n`;
}

/** The same piece by piece: what is said of thousands of hosts may be longer than a string can be. */
export function* jsonPieces(result: Result): Generator<string> {
  for (const piece of pieces({ schemaVersion: SCHEMA_VERSION, ...worded(result) }))
    yield printableJson(piece);
}

/** The result with its issues in the command's words. */
function worded(result: Result): object {
  const { issues }: { readonly issues?: readonly Issue[] } = 'issues' in result ? result : {};
  return issues === undefined ? result : { ...result, issues: issues.map(inCommandWords) };
}

/** About as long are pieces, in UTF-16 units: a loss may name thousands of hosts, and there may be thousands of hosts. */
const PIECE = 1 << 15;
const MOST_IN_A_PIECE = 64;

function* pieces(result: object): Generator<string> {
  let before = '{';
  for (const [key, value] of statedIn(result)) {
    yield `${before}\n  ${JSON.stringify(key)}: `;
    yield* piecesOfMember(value);
    before = ',';
  }
  yield '\n}\n';
}

function* piecesOfMember(value: unknown): Generator<string> {
  const isObject = typeof value === 'object' && value !== null;
  const entries = isObject ? statedIn(value) : [];
  if (entries.length < 2) {
    yield asMember(value).slice(0, -'\n}'.length);
    return;
  }
  const isList = Array.isArray(value);
  let before = isList ? '[' : '{';
  for (let at = 0, count = 1; at < entries.length;) {
    const some = entries.slice(at, at + count);
    const part = asMember(isList ? some.map(([, item]) => item) : Object.fromEntries(some));
    // Without the brackets around these alone.
    yield before + part.slice('['.length, -'\n  ]\n}'.length);
    before = ',';
    at += count;
    count = Math.min(Math.ceil((count * PIECE) / part.length), MOST_IN_A_PIECE);
  }
  yield `\n  ${isList ? ']' : '}'}`;
}

/** A value as it stands in an object: so every line of it is indented as it will be. */
function asMember(value: unknown): string {
  return JSON.stringify({ x: value }, null, 2).slice('{\n  "x": '.length);
}

/** What JSON states of an object: not what is undefined. */
function statedIn(value: object): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(value) as readonly (readonly [string, unknown])[];
  return Array.isArray(value) ? entries : entries.filter(([, item]) => item !== undefined);
}

const UNSAID: ReadonlySet<string> = new Set<UnsaidOfHost | 'cpuMaps'>([
  ...(['cpuMaps', 'features', 'uncertain', 'silent', 'issues'] as const),
  ...(['offers', 'usableModels', 'modelBlockers', 'machines', 'properties'] as const),
]);

/** A baseline without what it says twice and all that its hosts offer; of the CPU maps, their versions. */
export function baselineFacts({ hosts, common, surplus, losses, arch, vendor }: Baseline): BaselineFacts {
  // Made when it is printed: thousands at once would take as much memory as the hosts.
  const known = hosts.map((host) => ({
    toJSON: () => shownOf(host),
  })) as readonly object[] as readonly ShownHost[];
  return { arch, vendor, hosts: known, common, surplus, losses };
}

function shownOf(host: Host): object {
  const shown = Object.entries(host).filter(([key]) => !UNSAID.has(key));
  return { ...Object.fromEntries(shown), cpuMaps: host.cpuMaps.map(({ version }) => version) };
}

/** Changes by what happens to which feature, attribute or element. */
export function changeFacts(changes: readonly DomainChange[]): readonly ChangeFacts[] {
  return changes.map((change): ChangeFacts => {
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
