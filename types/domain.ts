import type { Span } from './xml.ts';

/** How the guest's CPU is defined. libvirt takes a missing `mode` as `custom`. */
export type CpuMode = 'custom' | 'host-model' | 'host-passthrough' | 'maximum';

/** What a `<feature>` asks for. libvirt takes a missing `policy` as `require`. */
export type FeaturePolicy = 'force' | 'require' | 'optional' | 'disable' | 'forbid';

/** One `<feature>` of a domain's `<cpu>`. */
export interface DomainFeature {
  readonly name: string;
  readonly policy: FeaturePolicy;
  /** The whole element. */
  readonly span: Span;
  /** The policy's value between its quotes, if the attribute is written. */
  readonly policyValue: Span | undefined;
  /** The whole `name` attribute. */
  readonly nameAttribute: Span;
}

/** A child element, by name and place. */
export interface DomainChild {
  readonly name: string;
  readonly span: Span;
}

/** An element of a domain that may change inside, and where its parts stand. */
export interface DomainElement {
  /** The whole element, and its start tag alone. */
  readonly span: Span;
  readonly startTag: Span;
  /** Offset of the end tag; equals `span.end` when the element is self-closing. */
  readonly contentEnd: number;
  /** In document order. */
  readonly children: readonly DomainChild[];
}

/** How a guest's virtual CPUs are arranged. libvirt takes a missing number as 1. */
export interface CpuTopology {
  readonly sockets: number;
  readonly dies: number;
  readonly clusters: number;
  readonly cores: number;
  readonly threads: number;
  /** The whole element. */
  readonly span: Span;
}

/** The `<cpu>` of a domain and where its parts stand. */
export interface DomainCpu extends DomainElement {
  readonly mode: CpuMode;
  readonly match: 'minimum' | 'exact' | 'strict';
  /** As written; libvirt's default depends on the mode. */
  readonly check: 'none' | 'partial' | 'full' | 'default' | undefined;
  readonly migratable: 'on' | 'off' | undefined;
  readonly model: string | undefined;
  /** The whole `<model>` element, if there is one. */
  readonly modelSpan: Span | undefined;
  /** May libvirt take another model where QEMU does not have this one? As written; libvirt takes a missing one as `allow`. */
  readonly fallback: string | undefined;
  readonly vendor: string | undefined;
  readonly vendorId: string | undefined;
  /** The `mode` of `<cache>`. */
  readonly cacheMode: string | undefined;
  readonly topology: CpuTopology | undefined;
  /** In document order. */
  readonly features: readonly DomainFeature[];
}

/**
 * One thing a guest uses that a host may or may not offer, and where it says so. Keys are those of `Offers`
 * (`disk.bus`), and a few of what no host lists: `vcpu`, `emulator`, `pmu`, `hyperv.mode`, `launchSecurity`,
 * `memory.model`, `timer.tsc`.
 */
export interface DomainUse {
  readonly key: string;
  readonly value: string;
  /** The start tag of the element that says so; the whole element where its text does. */
  readonly span: Span;
}

/**
 * A device of a kind that libvirt or QEMU may refuse to migrate, and what it says of itself.
 *
 * @see https://libvirt.org/formatdomain.html#devices
 */
export interface DomainDevice {
  /** Name of its element: `hostdev`. */
  readonly element: string;
  /**
   * Path of an attribute (`type`, `driver@type`) → its value, as written; the name of a child that is there → ''. Only
   * what `parser/domain/uses.ts` lists is read; what is not written is not there.
   */
  readonly values: Readonly<Record<string, string>>;
  /** Its start tag. */
  readonly span: Span;
}

/** One argument that a domain hands to QEMU past libvirt: `<qemu:arg value='…'/>`. */
export interface QemuArgument {
  readonly value: string;
  /** Its start tag. */
  readonly span: Span;
}

/** The operating system a guest runs, as its metadata says. */
export interface DomainSystem {
  /** libosinfo's id: `http://redhat.com/rhel/10.0`. */
  readonly id: string;
  /** The start tag of the element that says so. */
  readonly span: Span;
}

/** A domain document: its original text, and what the library needs to know of it. */
export interface Domain {
  /** The document exactly as given; every span points into it. */
  readonly text: string;
  /** Name of the root element: the domain itself or the document around it. */
  readonly root: 'domain' | 'domstatus' | 'domainsnapshot' | 'domaincheckpoint';
  /** The whole `<domain>` element. */
  readonly span: Span;
  /** The `<inactiveDomain>` beside it in a snapshot of a running guest: what the guest starts from once it was shut down. */
  readonly inactive: Span | undefined;
  readonly name: string | undefined;
  readonly uuid: string | undefined;
  /** `kvm`, `qemu` … (the `type` attribute). */
  readonly type: string | undefined;
  /** Present in the XML of a running guest. */
  readonly id: string | undefined;
  readonly arch: string | undefined;
  readonly machine: string | undefined;
  /** The start tag of `<os><type>`, which names architecture and machine. */
  readonly osType: Span | undefined;
  readonly emulator: string | undefined;
  readonly system: DomainSystem | undefined;
  /** The `<metadata>`, where a rewrite notes what it did. */
  readonly metadata: DomainElement | undefined;
  /** In document order within a part of the domain. */
  readonly uses: readonly DomainUse[];
  /** Devices that may stand in the way of a migration, in document order. */
  readonly devices: readonly DomainDevice[];
  /** All arguments of all `<qemu:commandline>`s, in the order in which QEMU gets them. */
  readonly commandLine: readonly QemuArgument[];
  readonly cpu: DomainCpu | undefined;
}
