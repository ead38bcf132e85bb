import type { Baseline, BaselineHost, Loss } from '../../../types/baseline.ts';
import type { Comparison, CpuDefinition } from '../../../types/cpu-definition.ts';
import type { PoolLevels, WeighedConsequence, X86Level } from '../../../types/facts.ts';
import type { InputErrorCode, Issue } from '../../../types/issue.ts';
import type { KubeVirtAdvice, KubeVirtGuest } from '../../../types/kubevirt.ts';
import type { NewElement, PlannedDisable, Rewritten, WrittenPolicy } from '../../../types/plan.ts';
import type { PoolsPlan } from '../../../types/pools.ts';
import type { Rehearsal } from '../../../types/rehearsal.ts';
import type { ReportData } from '../../../types/report.ts';
import type { RunningVerdict } from '../../../types/running.ts';
import type { Span } from '../../../types/xml.ts';
import type { CommandErrorCode } from '../errors.ts';

// What `--json` prints, with a schemaVersion. lib/schemas is written from these types: npm run generate-schemas.

/** What is left out of a host: what the baseline says already, and what only rules look at. */
export type UnsaidOfHost =
  | 'features'
  | 'uncertain'
  | 'silent'
  | 'issues'
  | 'offers'
  | 'usableModels'
  | 'modelBlockers'
  | 'machines'
  | 'properties';

/** A host as a result shows it: of its CPU maps, their versions. */
export type ShownHost = Omit<BaselineHost, UnsaidOfHost | 'cpuMaps'> & {
  readonly cpuMaps: readonly string[];
};

/** What hosts have in common, and who lacks what. */
export interface BaselineFacts {
  readonly arch?: string | undefined;
  readonly vendor?: string | undefined;
  readonly hosts: readonly ShownHost[];
  readonly common: readonly string[];
  /** Host name → its features that are not common. */
  readonly surplus: Baseline['surplus'];
  readonly losses: readonly Loss[];
}

/** A change of a domain by what happens to which feature, attribute or element. */
export type ChangeFacts =
  | { readonly kind: 'add' | 'replace'; readonly name: string; readonly policy: WrittenPolicy }
  | { readonly kind: 'set-attribute'; readonly name: string; readonly value: string }
  | { readonly kind: 'remove-attribute'; readonly name: string }
  | { readonly kind: 'add-element' | 'replace-element'; readonly element: NewElement }
  | { readonly kind: 'set-text'; readonly text: string }
  | { readonly kind: 'remove-element'; readonly span: Span };

/** `diff --json` */
export interface DiffResult extends BaselineFacts {
  readonly command: 'diff';
  readonly levels?: PoolLevels | undefined;
  readonly issues: readonly Issue[];
}

/** `baseline --json`; of hosts that are no pool, the issues alone. */
export interface BaselineResult extends Partial<BaselineFacts> {
  readonly command: 'baseline';
  readonly cpu?: CpuDefinition;
  readonly levels?: PoolLevels | undefined;
  readonly issues: readonly Issue[];
}

/** `expand --json` */
export interface ExpandResult {
  readonly command: 'expand';
  readonly name: string;
  readonly grade: BaselineHost['grade'];
  readonly source: BaselineHost['source'];
  readonly model?: string | undefined;
  readonly vendor?: string | undefined;
  readonly level?: X86Level | undefined;
  readonly features?: readonly string[] | undefined;
  /** There or not, depending on a libvirt version that nobody stated. */
  readonly uncertain: readonly string[];
  /** What a guest sees too and libvirt has no name for. */
  readonly unnamed?: readonly string[] | undefined;
  readonly issues: readonly Issue[];
}

/** `compare --json` */
export interface CompareResult extends Omit<Comparison, 'reason'> {
  readonly command: 'compare';
  readonly host: string;
  readonly grade: BaselineHost['grade'];
  readonly reason?: Comparison['reason'];
}

/**
 * `check --json`; with a lock and without a domain, only what concerns the hosts. Of many guests there is a result in a
 * line for each, with the `file` it was read from and without the baseline.
 */
export interface CheckResult {
  readonly command: 'check';
  readonly domain?: string | undefined;
  readonly compatible: boolean;
  readonly levels?: PoolLevels | undefined;
  /** What has to be disabled, and why. */
  readonly reasons?: readonly PlannedDisable[];
  /** Where a running guest can go. */
  readonly live?: readonly RunningVerdict[] | undefined;
  /** Of a virtual machine of KubeVirt: what to write into it, and where it can run. */
  readonly kubevirt?: KubeVirtFacts | undefined;
  readonly issues: readonly Issue[];
  readonly baseline?: BaselineFacts;
  readonly file?: string;
}

/** What is said of a virtual machine of KubeVirt, and where its specification stands in the object. */
export type KubeVirtFacts = KubeVirtAdvice & Pick<KubeVirtGuest, 'kind' | 'namespace' | 'path'>;

/** `rewrite --json`; a refused one has neither XML nor plan. One of many has its `file`, and no baseline. */
export interface RewriteResultFacts {
  readonly command: 'rewrite';
  readonly domain?: string | undefined;
  readonly ok: boolean;
  readonly changed?: boolean;
  /** The XML for all hosts; absent with `--form per-host`. */
  readonly shared?: string;
  /** Host name → the XML for that host alone. */
  readonly perHost?: Readonly<Record<string, string>>;
  readonly plan?: {
    readonly disable: readonly PlannedDisable[];
    readonly levels?: PoolLevels | undefined;
    readonly shared: readonly ChangeFacts[];
    readonly perHost: Readonly<Record<string, readonly ChangeFacts[]>>;
  };
  /** Of a refused one; else the plan has them. */
  readonly levels?: PoolLevels | undefined;
  readonly recorded?: NonNullable<Rewritten['recorded']>;
  readonly issues: readonly Issue[];
  readonly baseline?: BaselineFacts;
  readonly file?: string;
}

/** One thing that changes, or stays, and why. */
export interface Explanation {
  readonly action: 'change' | 'stay';
  /** `disable clwb`, `<cpu check='full'>` … */
  readonly what: string;
  readonly why: string;
  readonly rule: Rule;
  /** What it costs the guest, where something is known. */
  readonly consequence?: WeighedConsequence;
  /** Who has the feature and who lacks it, where that is the reason. */
  readonly presentOn?: readonly string[];
  readonly missingOn?: readonly string[];
  readonly unknownOn?: readonly string[];
  /** Hosts whose own form has the change, too or alone. */
  readonly ownFormOf: readonly string[];
  /** Does the shared form not have it? */
  readonly isOwn?: true;
}

/** What a change, or a line that stays, rests on: a name for it, one sentence, and where it is written. */
export interface Rule {
  readonly name: string;
  readonly says: string;
  readonly source: string;
}

/** `explain --json`; one of many has its `file`, and no baseline. */
export interface ExplainResult {
  readonly command: 'explain';
  readonly domain?: string | undefined;
  readonly explanations: readonly Explanation[];
  readonly levels?: PoolLevels | undefined;
  readonly issues: readonly Issue[];
  readonly baseline?: BaselineFacts;
  readonly file?: string;
}

/** `apply --json`; one of many has its `file`. */
export interface ApplyResult {
  readonly command: 'apply';
  readonly domain?: string | undefined;
  readonly ok: boolean;
  readonly changed: boolean;
  readonly defined: boolean;
  readonly plan: {
    readonly disable: readonly PlannedDisable[];
    readonly levels?: PoolLevels | undefined;
    readonly shared: readonly ChangeFacts[];
  };
  readonly issues: readonly Issue[];
  readonly file?: string;
}

/** `undo --json` */
export interface UndoResult {
  readonly command: 'undo';
  readonly changed: boolean;
  readonly xml: string;
  /** With `--connect`: whether it was defined there. */
  readonly defined?: boolean;
  readonly issues: readonly Issue[];
}

/** `lint --json`: a result in a line for each guest. */
export interface LintResult {
  readonly command: 'lint';
  readonly file: string;
  readonly domain?: string | undefined;
  readonly ok: boolean;
  readonly issues: readonly Issue[];
}

/** `capture --json` */
export interface CaptureResult {
  readonly command: 'capture';
  readonly hosts: readonly CapturedHost[];
  /** With `--keep-going`: hosts that did not answer. */
  readonly failed?: readonly FailedHost[];
}

/** A host that was asked, and where its file is. */
export interface CapturedHost {
  readonly name: string;
  readonly uri: string;
  readonly file: string;
  /** The directory with its CPU map, with `--with-cpu-map`. */
  readonly cpuMap?: string;
}

/** A host that could not be asked, and why. */
export interface FailedHost {
  readonly name: string;
  readonly uri: string;
  readonly error: { readonly code: CommandErrorCode | InputErrorCode; readonly message: string };
}

/** How a gate was installed. */
export interface GateSettingsFacts {
  readonly onError: 'deny' | 'allow';
  readonly rescue: boolean;
  readonly log: string | null;
  readonly maxAgeDays: number | null;
}

/** `hook install|uninstall|status --json` */
export type HookResult =
  | {
      readonly command: 'hook';
      readonly action: 'install';
      readonly self: string;
      readonly settings: GateSettingsFacts;
      readonly written: readonly string[];
    }
  | { readonly command: 'hook'; readonly action: 'uninstall'; readonly removed: readonly string[] }
  | {
      readonly command: 'hook';
      readonly action: 'status';
      readonly installed: boolean;
      readonly version?: string | undefined;
      readonly self?: string | undefined;
      readonly hosts?: readonly string[] | undefined;
      readonly arch?: string | null | undefined;
      readonly vendor?: string | null | undefined;
      readonly virtType?: string | null | undefined;
      /** What an arriving guest gets off here, and what is taken out of its list because no guest gets it here. */
      readonly offHere?: readonly string[] | undefined;
      readonly absentHere?: readonly string[] | undefined;
      readonly settings?: GateSettingsFacts | undefined;
      readonly installedAt?: string | undefined;
      readonly ageDays?: number | undefined;
      readonly paths: { readonly script: string; readonly program: string; readonly facts: string };
      readonly problems: readonly { readonly code: string; readonly message: string }[];
    };

/** What stopped the command, or one of many guests; the place is that in a document that cannot be read. */
export interface ErrorResult {
  readonly command?: string;
  readonly file?: string;
  readonly error: {
    readonly code: CommandErrorCode | InputErrorCode;
    readonly message: string;
    readonly details?: readonly string[];
    readonly file?: string | undefined;
    readonly line?: number;
    readonly column?: number;
    readonly excerpt?: string;
    readonly hint?: string | undefined;
  };
}

/** `pools --json` */
export interface PoolsResult extends PoolsPlan {
  readonly command: 'pools';
}

/** `rehearse --json` */
export interface RehearseResult extends Rehearsal {
  readonly command: 'rehearse';
}

/** `report --output json` */
export interface ReportResult extends PoolsPlan {
  readonly command: 'report';
  readonly verdicts: ReportData['guests'];
  readonly inputs: readonly ReportInput[];
}

/** What a host of a report is known from. */
export type ReportInput = Pick<
  BaselineHost,
  'name' | 'source' | 'grade' | 'file' | 'libvirtVersion' | 'qemuVersion' | 'machine' | 'virtType'
>;

/** All that `--json` may print. */
export type Result =
  | ApplyResult
  | BaselineResult
  | CaptureResult
  | CheckResult
  | CompareResult
  | DiffResult
  | ErrorResult
  | ExpandResult
  | ExplainResult
  | HookResult
  | LintResult
  | PoolsResult
  | RehearseResult
  | ReportResult
  | RewriteResultFacts
  | UndoResult;
