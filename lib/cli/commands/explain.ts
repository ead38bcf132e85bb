import { parseDomain } from '../../parser/domain/domain.ts';
import { domainPath, limits, planOptions, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { poolOf } from '../pool.ts';
import { explanations, explanationText, type Explanation } from '../report/explain.ts';
import { baselineFacts, json } from '../report/json.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';

/** Tells a person what a rewrite would change and what not, because of which host, and by which rule. */
export async function explain(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const source = readText(domainPath('explain', args), terminal);
  const domain = parseDomain(source.text, { ...limits(args), file: source.path });
  const { baseline, plan: planned } = await poolOf(args, terminal, source);
  const options = planOptions(args);
  const plan = planned(domain, options);
  const all = explanations(domain, baseline, plan, options);
  const code = exitCodeFor(plan.issues);
  tellIssues(plan.issues, terminal, source);
  if (args.has('json')) {
    const result = { command: 'explain', domain: domain.name, explanations: all, issues: plan.issues };
    terminal.out(json({ ...result, baseline: baselineFacts(baseline) }));
  } else if (code !== 2) {
    const names = baseline.hosts.map(({ name }) => name).join(', ');
    const counts = code === 0 ? countsOf(all, baseline.common.length) : 'an error stops the rewrite';
    terminal.out(`${domain.name ?? source.path} among ${names}: ${counts}\n`);
    if (all.length > 0) terminal.out(`\n${explanationText(all)}`);
  }
  return code;
}

function countsOf(all: readonly Explanation[], common: number): string {
  const changes = all.filter(({ action }) => action === 'change').length;
  const left = all.length - changes;
  const words = `${changes} ${changes === 1 ? 'change' : 'changes'}, ${left} left as ${left === 1 ? 'it is' : 'they are'}`;
  return `${words}, ${common} ${common === 1 ? 'feature' : 'features'} in common`;
}
