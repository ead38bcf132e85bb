import type { Baseline } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import type { DomainChange } from '../../../types/plan.ts';
import { inCommandWords } from './wording.ts';

/** Raised when a program that reads the JSON would have to change. */
const SCHEMA_VERSION = 1;

/** A result for programs, with the version of its shape. Its issues name the command's options. */
export function json(result: object): string {
  const { issues }: { readonly issues?: readonly Issue[] } = result;
  const worded = issues === undefined ? {} : { issues: issues.map(inCommandWords) };
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...result, ...worded }, null, 2)}\n`;
}

/** A baseline without what it says twice and all that its hosts offer; of the CPU maps, their versions. */
export function baselineFacts({ hosts, common, surplus, losses, arch, vendor }: Baseline): object {
  const known = hosts.map(
    ({ cpuMaps, features, uncertain, issues, offers, usableModels, modelBlockers, machines, ...host }) => ({
      ...host,
      cpuMaps: cpuMaps.map(({ version }) => version),
    }),
  );
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
