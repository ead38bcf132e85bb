import type { CostIssueFacts, Lacking } from '../../types/issue-facts/costs.ts';
import { groupedBy } from '../text/remembered.ts';
import type { IssueTable, OptionName } from './entry.ts';
import { every, hostList, leaveOut, list, those } from './words.ts';

type Security = CostIssueFacts['security-loss']['losses'][number];

/** Who lacks which defences: `a lacks ssbd (CVE-2018-3639)`. */
function lossWords(losses: readonly Security[]): string {
  const byHosts = groupedBy(losses, ({ lackingOn }) => lackingOn.join());
  const lacking = [...byHosts.values()].map((group) => ({
    hosts: group[0]?.lackingOn ?? [],
    features: group.map(
      ({ features, cve }) => `${every(features)}${cve.length === 0 ? '' : ` (${every(cve)})`}`,
    ),
  }));
  return lackingWords(lacking);
}

function hostsOf(losses: readonly Security[]): readonly string[] {
  return [...new Set(losses.flatMap(({ lackingOn }) => lackingOn))].sort();
}

/** Who lacks what: `a lacks avx2; b, c lack f16c`. What has just been listed is not listed again. */
function lackingWords(lacking: readonly Lacking[], listed: readonly string[] = []): string {
  const nameOf = ({ features }: Lacking): string => {
    if (features.join() !== listed.join()) return list(features);
    return features.length === 1 ? 'it' : 'them';
  };
  return lacking.map((group) => `${those(group.hosts, 'lacks', 'lack')} ${nameOf(group)}`).join('; ');
}

/** What is asked for, and what the guest has of it. */
function floorWords({ floor, from, level, keptLevel, features }: CostIssueFacts['below-floor']): string {
  if (level !== undefined) {
    const asked =
      from === 'option' ? `the floor is ${floor}` : `the guest's system, ${floor}, needs ${level}`;
    return `${asked}, and the guest keeps ${keptLevel ?? 'no level'}, without ${list(features)}`;
  }
  return from === 'option'
    ? `the floor is ${floor}, and the guest does not keep ${list(features)}`
    : `the guest's system, ${floor}, needs ${list(features)}, which the guest does not keep`;
}

function floorRemedy(
  { features, lacking, leaveOut: hosts, option }: CostIssueFacts['below-floor'],
  nameOf: OptionName,
): string {
  if (lacking.length === 0) {
    return 'its own CPU does not show them; remove the lines that disable them, or use another mode or model';
  }
  const remedy = hosts.length === 0 ? 'the pool needs other hosts' : leaveOut(hosts);
  return `${lackingWords(lacking, features)}; ${remedy}${option === undefined ? '' : `, or use ${nameOf(option)}`}`;
}

/** What to do about a duty bit that hosts lack: those that are free of the flaw have nothing to update. */
function dutyRemedy({ lackingOn, immune, guestOption }: CostIssueFacts['duty-bit-differs']): string {
  const outdated = lackingOn.filter((host) => !immune.includes(host));
  const update = `update microcode and kernel of ${hostList(outdated)} where the CPU has the flaw, else use separate pools`;
  const split = `use separate pools, because ${those(immune, 'is', 'are')} free of the flaw`;
  const ways = [...(outdated.length === 0 ? [] : [update]), ...(immune.length === 0 ? [] : [split])].join(
    '; ',
  );
  return guestOption === undefined ? ways : `${ways}, or boot a Linux guest with ${guestOption}`;
}

/** What a guest pays for belonging to a pool. */
export const COST_ISSUES: IssueTable<CostIssueFacts> = {
  'below-floor': {
    severity: 'error',
    words: (facts, nameOf) => `${floorWords(facts)}: ${floorRemedy(facts, nameOf)}`,
    meaning:
      'The operating system that the domain names (`<libosinfo:os>`), or the floor you stated, needs more of the CPU than the guest keeps: it does not boot. Linux stops with "CPU ISA level is lower than required".',
    whatToDo:
      'Leave out the hosts that lack the features, or put them into a pool of their own. {below-floor} goes on all the same, with a warning.',
    example: {
      floor: 'RHEL 10.0',
      from: 'system',
      level: 'x86-64-v3',
      keptLevel: 'x86-64-v2',
      features: ['avx2', 'bmi1', 'bmi2'],
      lacking: [{ hosts: ['kvm-b'], features: ['avx2', 'bmi1', 'bmi2'] }],
      leaveOut: ['kvm-b'],
      option: 'below-floor',
    },
  },
  'duty-bit-differs': {
    severity: 'warning',
    words: (facts) => {
      const { feature, flaw, cve, presentOn, lackingOn } = facts;
      const flaws = cve.length === 0 ? '' : ` (${every(cve)})`;
      return `${feature} tells a guest to defend against ${flaw}${flaws}, but ${those(lackingOn, 'lacks', 'lack')} it, so no guest can see it on ${hostList(presentOn)} either: ${dutyRemedy(facts)}`;
    },
    meaning:
      'Over a pool this bit is true as soon as one host has it, but KVM gives it to guests of hosts that have it and of no other. No line can level that: a guest that sees it everywhere does not start on the others, and one that does not see it may not defend itself.',
    whatToDo:
      'Update the microcode and the kernel of the hosts that lack it. If their CPU is free of the flaw, put them into a pool of their own. Some guests can be told by an option of their kernel.',
    example: {
      feature: 'rfds-clear',
      flaw: 'register file data sampling',
      cve: ['CVE-2023-28746'],
      presentOn: ['kvm-a'],
      lackingOn: ['kvm-b'],
      immune: ['kvm-b'],
    },
  },
  'floor-uncertain': {
    severity: 'warning',
    words: ({ floor, editions, features, lacking }) =>
      `the guest's system, ${floor}, may not boot without ${list(features)} (${editions})${lacking.length === 0 ? '' : `: ${lackingWords(lacking, features)}`}`,
    meaning:
      'Some editions of the operating system need features that the guest does not keep, and the id in the domain does not tell which edition it is.',
    whatToDo: 'Look into the guest. If it is of such an edition, leave out the hosts that lack the features.',
    example: {
      floor: 'Windows 11',
      editions: 'version 24H2 and later need it, 23H2 does not',
      features: ['popcnt', 'sse4.2'],
      lacking: [{ hosts: ['kvm-b'], features: ['popcnt', 'sse4.2'] }],
    },
  },
  'inverse-bit-differs': {
    severity: 'note',
    words: ({ feature, presentOn, lackingOn, disabled }) =>
      `${feature} says that an old behaviour of the CPU has ended, which is so on ${hostList(presentOn)} and not on ${hostList(lackingOn)}, whatever a guest is shown: ${disabled ? 'disabling it keeps libvirt from refusing a move, and levels nothing' : 'it is not disabled, because that levels nothing'}`,
    meaning:
      'The bit tells that a legacy behaviour of the FPU or of segment registers is gone. A guest without the bit gets the new behaviour all the same.',
    whatToDo: 'Nothing, unless the guest runs software of the 1980s that relies on the old behaviour.',
    example: { feature: 'zero-fcs-fds', presentOn: ['kvm-a'], lackingOn: ['kvm-b'], disabled: false },
  },
  'security-loss': {
    severity: 'warning',
    words: ({ losses }) =>
      `${lossWords(losses)}, with which the guest defends itself: update microcode, kernel and QEMU of ${hostList(hostsOf(losses))}, or ${leaveOut(hostsOf(losses))}`,
    meaning:
      'A feature with which the guest defends itself is disabled, because not every host has it. `consequence` of each disable says what it costs.',
    whatToDo:
      'Such features mostly come with microcode: update the hosts that lack them. Else leave these hosts out, or accept the loss. {security-loss} makes it an error.',
    example: {
      losses: [{ features: ['ssbd'], cve: ['CVE-2018-3639'], lackingOn: ['kvm-b'] }],
    },
  },
};
