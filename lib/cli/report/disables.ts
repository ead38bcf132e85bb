import type { PlannedDisable } from '../../../types/plan.ts';
import { costWords } from '../../report/costs.ts';
import { namesCell } from './formats.ts';
import type { Table } from './table.ts';

/** A line for each feature that is disabled: why, what that costs, and who lacks it. */
export function disableTable(disable: readonly PlannedDisable[], format: 'markdown' | 'csv'): Table {
  const head = ['feature', 'cost', 'consequence', 'why', 'has it', 'lacks it', 'unknown'];
  const rows = disable.map((one) => {
    const { feature, consequence, presentOn, missingOn, unknownOn } = one;
    const cost = consequence === undefined ? '' : (consequence.cost ?? '');
    const hosts = [presentOn, missingOn, unknownOn].map((names) => namesCell(names, format));
    const text = consequence === undefined ? '' : costWords(consequence);
    return [feature, cost, text, one.reason, ...hosts];
  });
  return { head, rows };
}
