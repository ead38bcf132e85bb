import type { OnHosts } from './common.ts';

/** An attribute of `<driver>`, `<host>` or `<guest>` that a host cannot keep on. */
export interface VirtioAttribute {
  readonly feature: string;
  readonly element: string;
  readonly attribute: string;
  readonly missingOn: readonly string[];
}

/** Findings about virtio devices; a feature is spelt as QEMU's property. */
export interface VirtioIssueFacts {
  readonly 'virtio-conflict': VirtioAttribute;
  readonly 'virtio-device-differs': {
    /** The kind of device: `virtio-blk` … */
    readonly device: string;
    readonly features: readonly string[];
    readonly hosts: readonly string[];
  };
  readonly 'virtio-feature': {
    readonly feature: string;
    readonly presentOn: readonly string[];
    readonly missingOn: readonly string[];
  };
  readonly 'virtio-not-expressible': {
    readonly feature: string;
    readonly missingOn: readonly string[];
    readonly option?: 'properties';
  };
  readonly 'virtio-overridden': VirtioAttribute;
  readonly 'virtio-property-unchecked': OnHosts & { readonly feature: string };
  readonly 'virtio-property-unknown': OnHosts & { readonly feature: string };
  readonly 'virtio-unknown': OnHosts;
}
