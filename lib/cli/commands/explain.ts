import { parseDomain } from '../../parser/domain/domain.ts';
import type { TextFile } from '../files/read.ts';
import { workOf } from '../guests/answer.ts';
import { chosenGuests, sampleOf } from '../guests/chosen.ts';
import { poolOf } from '../hosts/pool.ts';
import { limits, planOptions } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { changeCounts, explanations, explanationTable, explanationText } from '../report/explain.ts';
import { formatOf, printed } from '../report/formats.ts';
import { baselineFacts } from '../report/json.ts';
import { amongHosts } from '../report/levels.ts';
import { counted, exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words, type Words } from '../terminal/words.ts';

/** As far as the words behind `why` stand from it. */
const EXPLANATION_INDENT = 6;

/** Explains to a person what a rewrite would change and what not: which host is the cause, and which rule. */
export async function explain(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  formatOf(args);
  const chosen = await chosenGuests(args, terminal, ['--inactive']);
  if (chosen.only !== undefined) return explainOne(chosen.only, args, terminal);
  const pool = await poolOf(args, terminal, sampleOf(chosen.files, args, terminal));
  const { answerMany } = await import('../guests/many.ts');
  return answerMany(chosen, workOf('explain', args, pool, terminal), terminal);
}

async function explainOne(source: TextFile, args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const domain = parseDomain(source.text, { ...limits(args), file: source.path });
  const { baseline, plan: planned } = await poolOf(args, terminal, source);
  const options = planOptions(args);
  const plan = planned(domain, options);
  const all = explanations(domain, baseline, plan, options);
  const code = exitCodeFor(plan.issues);
  tellIssues(plan.issues, terminal, source);
  const { levels, issues } = plan;
  const facts = { command: 'explain', domain: domain.name, explanations: all, levels, issues } as const;
  const result = {
    facts: () => ({ ...facts, baseline: baselineFacts(baseline) }),
    table: () => explanationTable(all),
  };
  if (!printed(format, result, terminal) && code !== 2) {
    const among = amongHosts(baseline.hosts, levels);
    const counts =
      code === 0
        ? `${changeCounts(all)}, ${counted(baseline.common.length, 'feature')} in common`
        : 'an error stops the rewrite';
    const say = (text: Words, indent?: number): void => {
      terminal.out(fitted(text, terminal.width(), indent));
    };
    say(words`${domain.name ?? source.path} among ${among}: ${counts}\n`);
    if (all.length > 0) say(words`\n${explanationText(all)}`, EXPLANATION_INDENT);
  }
  return code;
}
