import type { Domain, DomainElement, DomainFeature } from './domain.ts';
import type { PoolLevels, WeighedConsequence } from './facts.ts';
import type { Issue } from './issue.ts';
import type { Presence } from './issue-facts/common.ts';
import type { RecordedChange } from './record.ts';
import type { Edit, Span } from './xml.ts';

/**
 * Why a feature must be off: hosts differ; the domain's named model has what a host lacks; its parent goes, and it
 * means nothing without; it stands for one that some host's libvirt cannot name; or nothing shall run inside the guest.
 */
export type DisableReason =
  'hosts-differ' | 'model-exceeds-hosts' | 'parent-disabled' | 'name-unknown' | 'nested-dropped';

/** One feature the guest must not see, with the hosts that decide it. */
export interface PlannedDisable extends Presence {
  readonly feature: string;
  readonly reason: DisableReason;
  /** The feature this one follows from: its parent, or the one it stands for. */
  readonly cause: string | undefined;
  /** Hosts whose libvirt does not know the name. */
  readonly unnamedOn: readonly string[];
  /** What the guest pays; absent where nothing is known, or no host is known to have the feature. */
  readonly consequence?: WeighedConsequence;
}

/** What happens to one `<feature>`: a new line, or a new value for the policy of an existing one. */
export type FeatureChange =
  | { readonly kind: 'add'; readonly name: string; readonly policy: WrittenPolicy }
  | {
      readonly kind: 'replace';
      readonly name: string;
      readonly policy: WrittenPolicy;
      readonly feature: DomainFeature;
    };

/** The policies that are ever written. */
export type WrittenPolicy = 'disable' | 'require';

/** An element to be written. Its values are plain text: what XML wants escaped, the writer escapes. */
export interface NewElement {
  readonly name: string;
  /** In the order they are written. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly children?: readonly NewElement[];
}

/**
 * What happens to an attribute or an element. Places mean the original text:
 * `set-attribute` gives an attribute of a start tag a value, writing the attribute if it is not there;
 * `remove-attribute` takes one away, if it is there;
 * `add-element` puts a new child where libvirt's `order` of siblings wants it, behind those of its own name;
 * `replace-element` puts another element in the place of one; `remove-element` removes one with its line;
 * `set-text` replaces what stands between the tags of an element (a span without them).
 */
export type ElementChange =
  | { readonly kind: 'set-attribute'; readonly startTag: Span; readonly name: string; readonly value: string }
  | { readonly kind: 'remove-attribute'; readonly startTag: Span; readonly name: string }
  | {
      readonly kind: 'add-element';
      readonly parent: DomainElement;
      readonly order: readonly string[];
      readonly element: NewElement;
    }
  | { readonly kind: 'replace-element'; readonly span: Span; readonly element: NewElement }
  | { readonly kind: 'remove-element'; readonly span: Span }
  | { readonly kind: 'set-text'; readonly span: Span; readonly text: string };

/** One change of a domain, said in terms of the document rather than of characters. */
export type DomainChange = FeatureChange | ElementChange;

/**
 * What will change in a domain and why, for all hosts together and for each alone. All but `shared` is worked out when it
 * is first read: `JSON.stringify` has it, a spread has not.
 */
export interface DomainPlan {
  /** Everything that must be off in the shared form, whether the domain already says so or not. Sorted. */
  readonly disable: readonly PlannedDisable[];
  /** Changes that give the shared form; empty when the domain is level already. */
  readonly shared: readonly DomainChange[];
  /** Host name → changes that give that host's own form. Worked out when it is first read. */
  readonly perHost: Readonly<Record<string, readonly DomainChange[]>>;
  /**
   * The x86-64 level that the guest keeps, and what each host alone would give; `undefined` for another architecture
   * and for a domain without a CPU that may carry features. Worked out when it is first read.
   */
  readonly levels: PoolLevels | undefined;
  /** Findings of the pool and of this domain. One with severity `error` empties all changes. */
  readonly issues: readonly Issue[];
}

/** One form of a rewritten domain. */
export interface DomainForm {
  readonly xml: string;
  /** The edits of the text given that make it. */
  readonly edits: readonly Edit[];
  /** Does it differ from the text given? */
  readonly changed: boolean;
}

/** A domain that was rewritten: the shared form, which is valid on every host, and why. */
export interface Rewritten extends DomainForm {
  readonly ok: true;
  /** That host's own form. @throws RangeError for a host that the pool does not have. */
  readonly forHost: (host: string) => DomainForm;
  /** The shared form: `xml` under another name. */
  readonly shared: string;
  /** Host name → the XML for that host alone. Worked out when it is first read. */
  readonly perHost: Readonly<Record<string, string>>;
  readonly plan: DomainPlan;
  readonly issues: readonly Issue[];
  /** The domain as it was read; with `record`, without what an earlier rewrite had added. */
  readonly domain: Domain;
  /** With `record`: what an earlier rewrite had added and still stood, and what stands in the shared form now. */
  readonly recorded?: {
    readonly before: readonly RecordedChange[];
    readonly after: readonly RecordedChange[];
  };
  /** What `JSON.stringify` has of it: nothing twice, and no domain as it was read. */
  readonly toJSON: () => object;
}

/** A domain rewritten for each host alone, for those who start both sides of a migration themselves. */
export type RewrittenPerHost = Pick<Rewritten, 'ok' | 'forHost' | 'perHost' | 'plan' | 'issues' | 'domain'>;

/** A domain that must not be rewritten for these hosts, and why. There is no XML to use by mistake. */
export interface Refused {
  readonly ok: false;
  /** The last one, of code `way-out`, names options with which the guest can be made equal on all hosts, if there are any (see `CpuOptions.auto`). */
  readonly issues: readonly Issue[];
  readonly plan: DomainPlan;
  readonly domain: Domain;
}

/** What a rewrite returns. */
export type RewriteResult = Rewritten | Refused;

/** One of the domains of `rewriteDomains`, with the host it is for. */
export type RewrittenPart = Rewritten & {
  /** Name of the host this domain was given for. */
  readonly host: string;
  /** The form for that host alone. */
  readonly own: string;
};

/** What `rewriteDomains` returns: the parts in the order given, or why none was rewritten. */
export type RewriteDomainsResult =
  | { readonly ok: true; readonly parts: readonly RewrittenPart[]; readonly issues: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** What `disableFeatures` returns. */
export interface DisableResult {
  readonly xml: string;
  readonly edits: readonly Edit[];
  readonly issues: readonly Issue[];
}
