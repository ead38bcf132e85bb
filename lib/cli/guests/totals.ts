import { remembered } from '../../text/remembered.ts';
import { counted } from '../report/words.ts';
import { joinedWords, words, type Words } from '../terminal/words.ts';
import type { GuestAnswer } from './answer.ts';

/** Many guests counted: verdicts, and the features that are the reason for them. */
export interface Totals {
  readonly add: (answer: GuestAnswer) => void;
  readonly lines: (hosts: readonly string[]) => Words;
}

/** Rows of a table that nobody would read to the end. */
const MOST_ROWS = 20;

/** Nothing is counted yet. */
export function newTotals(): Totals {
  const verdicts = new Map<string, number>();
  const features = new Map<string, { readonly whys: Set<string>; count: number }>();
  return {
    add: ({ verdict, reasons }) => {
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      for (const [feature, why] of reasons) {
        const known = remembered(features, feature, () => ({ whys: new Set(), count: 0 }));
        known.count++;
        known.whys.add(why);
      }
    },
    lines: (hosts) => {
      const all = [...verdicts.values()].reduce((sum, count) => sum + count, 0);
      const among = hosts.length === 0 ? '' : ` among ${counted(hosts.length, 'host')}`;
      const rows = [...features]
        .sort(([a, { count: ofA }], [b, { count: ofB }]) => ofB - ofA || (a < b ? -1 : 1))
        .map(([feature, { whys, count }]) => [feature, String(count), whysOf([...whys])] as const);
      return joinedWords([
        words`\n${counted(all, 'guest')}${among}\n`,
        ...tableOf([...verdicts].map(([verdict, count]) => [`  ${verdict}`, String(count), ''])),
        ...(rows.length === 0 ? [] : [words`\n`]),
        ...tableOf([
          ...(rows.length === 0 ? [] : [['feature', 'guests', 'why'] as const]),
          ...rows.slice(0, MOST_ROWS),
        ]),
        ...(rows.length > MOST_ROWS ? [words`and ${rows.length - MOST_ROWS} more\n`] : []),
      ]);
    },
  };
}

/** The domain's own model may be the reason for one guest, and the hosts for another. */
function whysOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}; and ${counted(others.length, 'other reason')}`;
}

/** A name, a number to the right, and words. */
function tableOf(rows: readonly (readonly [string, string, string])[]): readonly Words[] {
  const [first = 0, second = 0] = [0, 1].map((i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map(
    ([name, count, why]) => words`${`${name.padEnd(first)}  ${count.padStart(second)}  ${why}`.trimEnd()}\n`,
  );
}
