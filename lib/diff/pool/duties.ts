import type { Loss } from '../../../types/baseline.ts';
import type { Host } from '../../../types/host.ts';
import type { Issue } from '../../../types/issue.ts';
import { factOf } from '../../cpu/facts/consequences.ts';
import { issue } from '../../issues/issues.ts';
import { naturalOrder } from '../../text/natural.ts';

/** A flaw that some hosts tell their guests of and others do not, and who says that the flaw is not there. */
export function dutyIssue(
  hosts: readonly Host[],
  { feature, presentOn, missingOn, unknownOn }: Loss,
): Issue<'duty-bit-differs'> {
  const { flaw = '', cve = [], guestOption, unless = [] } = factOf(feature) ?? {};
  const lackingOn = [...missingOn, ...unknownOn].sort(naturalOrder);
  const lacks = new Set(lackingOn);
  const isFree = ({ name, features }: Host): boolean =>
    lacks.has(name) && unless.some((names) => names.every((one) => features?.includes(one)));
  return issue('duty-bit-differs', {
    feature,
    flaw,
    cve,
    presentOn,
    lackingOn,
    immune: hosts.filter(isFree).map(({ name }) => name),
    ...(guestOption !== undefined && { guestOption }),
  });
}

/** The same of each of these bits that some host has. */
export function dutyIssues(hosts: readonly Host[], losses: readonly Loss[]): readonly Issue[] {
  return losses.filter(({ presentOn }) => presentOn.length > 0).map((loss) => dutyIssue(hosts, loss));
}
