/** What the virtio devices of one host can offer a guest: its QEMU and, for a network device, its kernel decide. */
export interface VirtioFeatures {
  /** Kind of device (`virtio-net` …) → sorted names of the features it offers, spelt as QEMU's properties are. */
  readonly offered: Readonly<Record<string, readonly string[]>>;
  /** Kind of device → sorted names of the properties that host's QEMU has for it, where they were asked for. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
}
