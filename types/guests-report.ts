import type { Severity } from './issue.ts';

/** Where something stands in a file: lines and columns count from 1, the end is behind the last character. */
export interface ReportRegion {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One finding as reports for other programs have it. */
export interface ReportFinding {
  /** The code of an issue, of an input error, or the reason why a feature must be off. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Where, if it has a place. */
  readonly region?: ReportRegion;
}

/** A guest that was judged, as reports for other programs have it. */
export interface ReportedGuest {
  /** Path of its file, as it was given. */
  readonly file: string;
  readonly name: string | undefined;
  readonly verdict: 'fine' | 'finding' | 'unreadable';
  /** The guest's definition: where findings without a place of their own are shown. */
  readonly region: ReportRegion | undefined;
  readonly findings: readonly ReportFinding[];
}

/** Guests that were judged by one command. */
export interface GuestsReport {
  readonly command: string;
  readonly version: string;
  readonly guests: readonly ReportedGuest[];
  /** Findings about the hosts, which stand for every guest. */
  readonly about: readonly ReportFinding[];
}
