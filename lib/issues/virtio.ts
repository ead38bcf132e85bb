import type { VirtioIssueFacts } from '../../types/issue-facts/virtio.ts';
import type { IssueTable } from './entry.ts';
import { hostList, leaveOut, list, those } from './words.ts';

/** What virtio devices differ in. */
export const VIRTIO_ISSUES: IssueTable<VirtioIssueFacts> = {
  'virtio-conflict': {
    severity: 'error',
    words: ({ element, attribute, feature, missingOn }, option) =>
      `the domain has <${element} ${attribute}='on'>, but ${those(missingOn, 'does', 'do')} not offer ${feature}: remove the attribute, ${leaveOut(missingOn)}, or use ${option('conflicts')}`,
    meaning: 'The domain insists on a feature of a network device that a host cannot offer.',
    whatToDo: 'Remove the attribute; {conflicts} turns all such attributes off.',
    example: { feature: 'csum', element: 'host', attribute: 'csum', missingOn: ['kvm-b'] },
  },
  'virtio-device-differs': {
    severity: 'warning',
    words: ({ device, features, hosts }) =>
      `${device} devices differ in ${list(features)} (${hostList(hosts)}), and only network devices can be made equal: QEMU may refuse to move a guest that has one`,
    meaning: 'The hosts offer different features for a kind of device that has no switches in a domain.',
    whatToDo: 'Use the same QEMU on these hosts, or a guest without such a device.',
    example: { device: 'virtio-blk', features: ['discard'], hosts: ['kvm-a', 'kvm-b'] },
  },
  'virtio-feature': {
    severity: 'note',
    words: ({ feature, presentOn, missingOn }) =>
      `${feature} of virtio-net is disabled: ${those(presentOn, 'offers', 'offer')} it, ${those(missingOn, 'does', 'do')} not`,
    meaning: 'A feature of network devices is turned off, because not every host offers it.',
    whatToDo: 'Nothing.',
    example: { feature: 'host_uso', presentOn: ['kvm-a'], missingOn: ['kvm-b'] },
  },
  'virtio-not-expressible': {
    severity: 'error',
    words: ({ feature, missingOn, option }, nameOf) =>
      `${feature} of virtio-net must be disabled, because ${those(missingOn, 'does', 'do')} not offer it, and libvirt has no switch for it: ${option === undefined ? '' : `use ${nameOf(option)}, or `}${leaveOut(missingOn)}`,
    meaning: 'A feature of network devices must be off, and a domain has no attribute for it.',
    whatToDo: 'Use {properties}, where QEMU has a property; else leave the host out.',
    example: { feature: 'host_uso', missingOn: ['kvm-b'], option: 'properties' },
  },
  'virtio-overridden': {
    severity: 'warning',
    words: ({ element, attribute, feature, missingOn }) =>
      `<${element} ${attribute}='on'> becomes "off", because ${those(missingOn, 'does', 'do')} not offer ${feature}`,
    meaning: 'You asked for conflicts to be overridden ({conflicts}), and this attribute is one.',
    whatToDo: 'Check that the guest can do without the feature.',
    example: { feature: 'csum', element: 'host', attribute: 'csum', missingOn: ['kvm-b'] },
  },
  'virtio-property-unchecked': {
    severity: 'warning',
    words: ({ feature, hosts }) =>
      `whether QEMU on ${hostList(hosts)} has the property ${feature} is unknown, and without the property the guest does not start: add its answer to device-list-properties`,
    meaning: 'A property is handed to a QEMU that was not asked for its list of properties.',
    whatToDo: 'Add the answer of that QEMU to `device-list-properties` ({virtio}).',
    example: { feature: 'host_uso', hosts: ['kvm-b'] },
  },
  'virtio-property-unknown': {
    severity: 'error',
    words: ({ feature, hosts }) =>
      `QEMU on ${hostList(hosts)} has no property ${feature} and would refuse to start the guest: ${leaveOut(hosts)}, or update its QEMU`,
    meaning: 'A property is needed that this QEMU does not know.',
    whatToDo: 'Leave the host out, or update its QEMU.',
    example: { feature: 'host_uso', hosts: ['kvm-b'] },
  },
  'virtio-unknown': {
    severity: 'error',
    words: ({ hosts }, option) =>
      `what virtio-net devices offer on ${hostList(hosts)} is unknown: add the answer of its QEMU with ${option('virtio')}`,
    meaning: 'Network devices are to be made equal, and nothing is known of them on some host.',
    whatToDo: 'Give the answer of every QEMU ({virtio}).',
    example: { hosts: ['kvm-b'] },
  },
};
