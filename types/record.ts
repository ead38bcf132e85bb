import type { Span } from './xml.ts';

/**
 * One thing that a rewrite did to a domain and a later one may undo. `at` is the path of an element below `<domain>`,
 * as `devices/interface[2]/driver` (an interface with a MAC address goes by that).
 *
 * `feature`: a line that was added, or whose policy was replaced (`''` where no policy was written);
 * `attribute`: one that got a value, or lost it (no `value`), and what it had before;
 * `element`: one that was made; `text`: what an element holds, and what it held;
 * `removed`: the markup of an element that was taken out of the element at the path;
 * `empty`: how an element ended that had nothing in it (`></cpu>`), where that is not `/>`; or one whose end tag stood on
 * the line of what is in it (`</cpu>`).
 */
export type RecordedChange =
  | {
      readonly kind: 'feature';
      readonly name: string;
      readonly policy: 'disable' | 'require';
      readonly replaced: string | undefined;
      /** A policy that was written with references, as it was written. */
      readonly written?: string;
    }
  | {
      readonly kind: 'attribute';
      readonly at: string;
      readonly name: string;
      readonly value: string | undefined;
      readonly replaced: string | undefined;
      /** What it had as it was written, where that cannot be told from its value: with references, or with its place. */
      readonly written?: string;
      /** One that lost its value: the attribute it stood before. */
      readonly next?: string;
    }
  | { readonly kind: 'element'; readonly at: string }
  | {
      readonly kind: 'text';
      readonly at: string;
      readonly value: string;
      readonly replaced: string | undefined;
    }
  | { readonly kind: 'empty'; readonly at: string; readonly xml: string }
  | {
      readonly kind: 'removed';
      readonly at: string;
      readonly xml: string;
      /** One that nothing took the place of: how many elements stood in front of it, and the text from the last of them to it. */
      readonly place?: string;
      readonly behind?: string;
    };

export type RecordedOf<Kind extends RecordedChange['kind']> = Extract<
  RecordedChange,
  { readonly kind: Kind }
>;

/** What a domain's `<metadata>` says of an earlier rewrite. */
export interface DomainRecord {
  /** The element that says it. */
  readonly span: Span;
  readonly changes: readonly RecordedChange[];
  /** Paths of what it speaks of though no rewrite writes there: left alone. */
  readonly foreign: readonly string[];
}
