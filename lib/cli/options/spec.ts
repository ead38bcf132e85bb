/** Headings of options in help and manual, in the order in which they are shown: the most used first. */
export const OPTION_GROUPS = [
  ['domain', 'The domain'],
  ['hosts', 'Hosts'],
  ['pools', 'How to group hosts'],
  ['output', 'Output'],
  ['cpu', 'What to write into <cpu>'],
  ['also', 'What to change beside CPU features'],
  ['accept', 'What to accept or refuse'],
  ['gate', 'The gate'],
  ['ask', 'What URIs are asked about'],
  ['reading', 'Limits for reading'],
  ['general', 'General'],
] as const;

/** Headings of commands, in the order in which they are shown. */
export const COMMAND_GROUPS = [
  ['guests', 'Guests'],
  ['hosts', 'Hosts'],
  ['gates', 'Gates'],
  ['shell', 'Shell'],
] as const;

export type CommandName =
  | 'check'
  | 'rewrite'
  | 'explain'
  | 'lint'
  | 'apply'
  | 'undo'
  | 'capture'
  | 'diff'
  | 'pools'
  | 'rehearse'
  | 'baseline'
  | 'expand'
  | 'compare'
  | 'profile'
  | 'fold'
  | 'hook'
  | 'on-define-domain'
  | 'report'
  | 'page'
  | 'completion';

/** What a shell offers for a value. A host file may have `NAME=` before it. */
export type Completion =
  'file' | 'directory' | 'host-file' | 'host' | 'model' | 'domain' | 'uri' | 'arch' | 'nothing';

/**
 * One option: all that parsing, help, manual and completion know of it. Words between backticks are literal; they are
 * bold in the manual.
 */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** Older or other spellings that mean the same. */
  readonly aliases?: readonly string[];
  readonly short?: string;
  /** What stands for the value; an option without it and without `choices` is a switch. */
  readonly argument?: string;
  /** All values there are. */
  readonly choices?: readonly string[];
  /** The value is a whole number from 1 to this. */
  readonly most?: number;
  /** It may be given several times, and every value counts. */
  readonly repeats?: true;
  readonly group: (typeof OPTION_GROUPS)[number][0];
  /** What it does, in a phrase. */
  readonly help: string;
  /** What else the manual says, in whole sentences. */
  readonly manual?: string;
  /** @default a file where there is an `argument` */
  readonly complete?: Completion;
}

/** A word that is no option. */
export interface Positional {
  /** What stands for it; or itself, where `choices` lists it. */
  readonly argument: string;
  readonly choices?: readonly string[];
  readonly optional?: true;
  readonly repeats?: true;
  readonly complete?: Completion;
}

/** One way to call a command. */
export interface Form {
  readonly positionals: readonly Positional[];
  /** What it cannot do without, as it stands in the usage line. */
  readonly needs?: string;
}

/** One command, but for its options. */
export interface CommandWords {
  readonly group: (typeof COMMAND_GROUPS)[number][0];
  /** What it does, in a phrase. */
  readonly summary: string;
  readonly forms: readonly Form[];
  /** Whole sentences for help and manual, a paragraph each. */
  readonly notes?: readonly string[];
  readonly examples: readonly string[];
  /** What the exit codes mean, where they mean more than usual. */
  readonly exit?: Readonly<Partial<Record<0 | 1, string>>>;
}
