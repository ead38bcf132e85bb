/** Which kind of document the features of a host were read from, strongest first. `docs/host-sources.md` has each. */
export type HostSource =
  | 'domcapabilities'
  | 'qmp'
  | 'guest-cpu'
  | 'stated'
  | 'kubevirt'
  | 'proxmox'
  | 'capabilities'
  | 'host-cpu'
  | 'openstack'
  | 'opennebula'
  | 'cpuid'
  | 'cpuinfo'
  | 'lscpu'
  | 'incus'
  | 'vdsm'
  | 'nfd';

/**
 * What a host's source is worth: `A` what a guest gets there, `B` the hypervisor's own list, perhaps incomplete, stale or
 * for another machine type, `C` the physical CPU: that proves what cannot work, and never that something will.
 */
export type HostGrade = 'A' | 'B' | 'C';

/** Sources that are no description by libvirt or QEMU, or by the caller, of what a guest gets. */
export type WeakSource = Exclude<HostSource, 'domcapabilities' | 'guest-cpu' | 'qmp' | 'stated'>;
