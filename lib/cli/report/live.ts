import type { RunningVerdict } from '../../../types/running.ts';

const NOW = {
  yes: 'can take it now',
  no: 'cannot take it now',
  unknown: 'nobody knows whether it can take it now',
};

/** Where a running guest can go, a host to a line; nothing for one that does not run. */
export function liveLines(guest: string, verdicts: readonly RunningVerdict[] | undefined): readonly string[] {
  if (verdicts === undefined) return [];
  return [
    `${guest}: running, so its CPU stays as it is until it is stopped and started\n`,
    ...verdicts.map((verdict) => `  ${verdict.host}: ${wordsFor(verdict)}\n`),
  ];
}

function wordsFor({ now, afterPowerCycle }: RunningVerdict): string {
  if (now === 'yes') return NOW.yes;
  return `${NOW[now]}${afterPowerCycle ? '; it can after a rewrite, a stop and a start' : ''}`;
}
