import type { RunningVerdict } from '../../../types/running.ts';
import { words, type Words } from '../terminal/words.ts';

const NOW = {
  yes: 'can take it now',
  no: 'cannot take it now',
  unknown: 'unknown whether it can take it now',
};

/** Where a running guest can go, a host to a line; nothing for one that does not run. */
export function liveLines(guest: string, verdicts: readonly RunningVerdict[] | undefined): readonly Words[] {
  if (verdicts === undefined) return [];
  return [
    words`${guest}: running, so its CPU stays as it is until it is stopped and started\n`,
    ...verdicts.map((verdict) => words`  ${verdict.host}: ${verdictWords(verdict)}\n`),
  ];
}

function verdictWords({ now, afterPowerCycle }: RunningVerdict): string {
  if (now === 'yes') return NOW.yes;
  return `${NOW[now]}${afterPowerCycle ? '; it can after a rewrite, a stop and a start' : ''}`;
}
