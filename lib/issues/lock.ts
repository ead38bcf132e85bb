import type { LockIssueFacts } from '../../types/issue-facts/hosts.ts';
import type { IssueTable } from './entry.ts';
import { hostList, list, plural, those } from './words.ts';

const LOCK_AGAIN = 'If the change is intended, lock the baseline again.';

/** What became of hosts whose baseline was locked. */
export const LOCK_ISSUES: IssueTable<LockIssueFacts> = {
  'lock-feature-gained': {
    severity: 'error',
    words: ({ hosts, features }) =>
      `${those(hosts, 'has', 'have')} gained ${list(features)} since the baseline was locked: disable ${plural(features, 'it', 'them')} in the guests, or lock the baseline again`,
    meaning:
      'A host has features that it did not have when the baseline was locked. Guests started there may use them.',
    whatToDo: `Rewrite the guests for the pool as it is now. ${LOCK_AGAIN}`,
    example: { hosts: ['kvm-a'], features: ['md-clear'] },
  },
  'lock-feature-lost': {
    severity: 'error',
    words: ({ hosts, features }) =>
      `${those(hosts, 'has', 'have')} lost ${list(features)} since the baseline was locked: find out why, or lock the baseline again`,
    meaning:
      'A host lacks features that it had when the baseline was locked: after a microcode or kernel update, for example.',
    whatToDo: `Guests that use them cannot move there any more: rewrite them. ${LOCK_AGAIN}`,
    example: { hosts: ['kvm-a'], features: ['hle', 'rtm'] },
  },
  'lock-feature-unsure': {
    severity: 'error',
    words: ({ hosts, features, now }) =>
      now === 'missing'
        ? `${those(hosts, 'lacks', 'lack')} ${list(features)}, which was unknown when the baseline was locked: lock the baseline again`
        : `whether ${those(hosts, 'has', 'have')} ${list(features)} is unknown now, and was known when the baseline was locked: state the libvirt version as it was then`,
    meaning: 'What was known of a feature when the baseline was locked is unknown now, or the reverse.',
    whatToDo: `Read the hosts in the same way as then ({libvirtVersion}). ${LOCK_AGAIN}`,
    example: { hosts: ['kvm-a'], features: ['avx'], now: 'unknown' },
  },
  'lock-host-missing': {
    severity: 'error',
    words: ({ lockedHosts }) =>
      `the locked baseline has ${hostList(lockedHosts)}, and there ${plural(lockedHosts, 'is no such host', 'are no such hosts')} now: add ${plural(lockedHosts, 'it', 'them')}, or lock the baseline again`,
    meaning: 'Hosts of the locked baseline are not among those given.',
    whatToDo: `Give all hosts of the pool. ${LOCK_AGAIN}`,
    example: { lockedHosts: ['kvm-c'] },
  },
  'lock-host-new': {
    severity: 'error',
    words: ({ hosts }) =>
      `${those(hosts, 'is', 'are')} not in the locked baseline: lock it again to include ${plural(hosts, 'this host', 'these hosts')}`,
    meaning: 'Hosts are given that the locked baseline does not have.',
    whatToDo: 'Lock the baseline again to include them.',
    example: { hosts: ['kvm-d'] },
  },
  'lock-identity': {
    severity: 'error',
    words: ({ hosts, property, then = 'not stated', now = 'not stated' }) =>
      `${property} of ${hostList(hosts)} changed since the baseline was locked: from ${then} to ${now}`,
    meaning: 'The host is another machine than then, or has other software, or was read in another way.',
    whatToDo: LOCK_AGAIN,
    example: { hosts: ['kvm-a'], property: 'microcode', then: '0x2006e05', now: '0x2007006' },
  },
};
