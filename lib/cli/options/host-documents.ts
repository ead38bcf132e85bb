/** What a host can be read from, by grade, for the manual and `help hosts`. docs/host-sources.md has more of each. */
export const HOST_DOCUMENTS: readonly (readonly [grade: string, documents: string])[] = [
  [
    'A',
    'what a guest gets there: a file that `capture` wrote, or the output of `virsh domcapabilities`, `virsh hypervisor-cpu-baseline --features` or of the QMP command query-cpu-model-expansion',
  ],
  [
    'B',
    'what the hypervisor lists, perhaps incomplete: `kubectl get nodes -o json` (KubeVirt), `pvesh get /cluster/qemu/cpu-flags --output-format json` (Proxmox VE 9)',
  ],
  [
    'C',
    'the physical CPU, which is not what a guest gets: `virsh capabilities`, `onehost show -j HOST` (OpenNebula), `openstack hypervisor show HOST -f json`, `vdsm-client Host getCapabilities` (oVirt), `incus query /1.0/resources`, /proc/cpuinfo, `lscpu`, `cpuid -r -1`',
  ],
];
