import type { IssueOption, Severity } from '../../types/issue.ts';

/** How an option is spelt where a sentence is read. */
export type OptionName = (option: IssueOption) => string;

/** All there is to say about a code. `docs/issues.md` is written from it. */
export interface IssueEntry<Facts> {
  readonly severity: Severity;
  /** One sentence: what, where, because of which host, and what to do. */
  readonly words: (facts: Facts, option: OptionName) => string;
  readonly meaning: string;
  /** `{pin}` stands for the name of that option. */
  readonly whatToDo: string;
  readonly example: Facts;
}

/** An entry for every code of a map of facts. */
export type IssueTable<FactsByCode> = {
  readonly [Code in keyof FactsByCode]: IssueEntry<FactsByCode[Code]>;
};
