import type { RunningVerdict } from '../../../types/running.ts';
import { areFew, hostList } from '../../issues/words.ts';
import { words, type Words } from '../terminal/words.ts';

const NOW = {
  yes: 'can take it now',
  no: 'cannot take it now',
  unknown: 'unknown whether it can take it now',
};

/** Where a running guest can go: a few hosts a line each, many by the answer. Nothing for one that does not run. */
export function liveLines(guest: string, verdicts: readonly RunningVerdict[] | undefined): readonly Words[] {
  if (verdicts === undefined) return [];
  const groups = new Map<string, { readonly answer: string; readonly hosts: string[] }>();
  for (const verdict of verdicts) {
    const answer = verdictWords(verdict);
    const key = areFew(verdicts) ? verdict.host : answer;
    const group = groups.get(key) ?? { answer, hosts: [] };
    group.hosts.push(verdict.host);
    groups.set(key, group);
  }
  return [
    words`${guest}: running, so its CPU stays as it is until it is stopped and started\n`,
    ...[...groups.values()].map(({ answer, hosts }) => words`  ${hostList(hosts)}: ${answer}\n`),
  ];
}

function verdictWords({ now, afterPowerCycle }: RunningVerdict): string {
  if (now === 'yes') return NOW.yes;
  return `${NOW[now]}${afterPowerCycle ? '; it can after a rewrite, a stop and a start' : ''}`;
}
