import type { RunningVerdict } from '../../../types/running.ts';
import { areFew, hostList } from '../../issues/words.ts';
import { groupedBy } from '../../text/remembered.ts';
import { words, type Words } from '../terminal/words.ts';

const NOW = {
  yes: 'can take it now',
  no: 'cannot take it now',
  unknown: 'unknown whether it can take it now',
};

/** Where a running guest can go: a few hosts a line each, many by the answer. Nothing for one that does not run. */
export function liveLines(guest: string, verdicts: readonly RunningVerdict[] | undefined): readonly Words[] {
  if (verdicts === undefined) return [];
  const lines = areFew(verdicts)
    ? verdicts.map((verdict) => [verdictWords(verdict), [verdict]] as const)
    : [...groupedBy(verdicts, verdictWords)];
  return [
    words`${guest}: running, so its CPU stays as it is until it is stopped and started\n`,
    ...lines.map(([answer, all]) => words`  ${hostList(all.map(({ host }) => host))}: ${answer}\n`),
  ];
}

function verdictWords({ now, afterPowerCycle }: RunningVerdict): string {
  if (now === 'yes') return NOW.yes;
  return `${NOW[now]}${afterPowerCycle ? '; it can after a rewrite, a stop and a start' : ''}`;
}
