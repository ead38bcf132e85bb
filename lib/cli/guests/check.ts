import type { Baseline } from '../../../types/baseline.ts';
import type { CheckResult, Pool } from '../../../types/pool.ts';
import type { CheckOptions } from '../../../types/options.ts';
import type { RunningOptions } from '../../../types/running.ts';
import { worstGrade } from '../../cpu/grade.ts';
import { list } from '../../issues/words.ts';
import { withSystem } from '../hosts/floor.ts';
import { refuseUnknownHost } from '../hosts/names.ts';
import { alsoOptions, floorOption } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { jsonLine } from '../report/json.ts';
import { whyOff } from '../../report/reasons.ts';
import { besidesDisables, exitCodeFor } from '../report/words.ts';
import { styled, words, type Style } from '../terminal/words.ts';
import { asData, countsOf, isReported, toldIssues, type GuestAnswer, type Work } from './answer.ts';
import { reportedGuest } from './findings.ts';
import type { Guest } from './guest.ts';
import { advised } from './kubevirt.ts';
import { inFile, labelOf, readingOf } from './guests.ts';

/** How a pool is asked whether a guest is safe to move. @throws CommandError for a host there is not */
export function askedOf(args: Arguments, { hosts }: Baseline): Omit<CheckOptions, 'read'> {
  return { ...floorOption(args), also: alsoOptions(args), ...fromOption(args, hosts) };
}

/** The host a running guest is on, if it is stated. */
function fromOption(args: Arguments, hosts: Baseline['hosts']): RunningOptions {
  const runningOn = args.text('from');
  refuseUnknownHost('--from', runningOn, hosts);
  return runningOn === undefined ? {} : { runningOn };
}

/** Is one guest of many safe to move among the hosts as it is? */
export function checkGuest(guest: Guest, work: Work): GuestAnswer {
  const { args, pool } = work;
  const asked = withSystem(askedOf(args, pool.baseline), guest.manifest?.vm.system);
  const result = pool.check(guest.text, { read: readingOf(guest, args), ...asked });
  const issues = inFile(result.issues, guest);
  const code = exitCodeFor(issues);
  const compatible = code === 0 && result.safe;
  const { domain, disable: reasons, plan, running } = result;
  const { levels } = plan;
  const advice = code === 2 ? undefined : advised(guest, pool, asked);
  const facts = { domain: domain.name, compatible, levels, reasons, issues, live: running } as const;
  const kubevirt = advice?.facts;
  const [verdict, style] = verdictOf(code, compatible, pool);
  return {
    guest: labelOf(guest, domain.name),
    verdict,
    code: code === 0 && !compatible ? 1 : code,
    line: words`${styled(verdict, style, work.colour.out)}${detailsOf(result)}${countsOf(issues)}`,
    ...(advice !== undefined && { block: advice.words }),
    told: toldIssues(besidesDisables(issues), work, guest.file),
    reasons: reasons.map((one) => [one.feature, whyOff(one, 'it')]),
    ...(isReported(args) && {
      report: reportedGuest(guest, { domain, isFine: compatible, issues, disable: reasons }, pool.issues),
    }),
    ...(asData(work) && {
      json: jsonLine({ command: 'check', file: guest.file.path, ...facts, kubevirt }),
    }),
  };
}

function verdictOf(code: 0 | 1 | 2, compatible: boolean, { baseline }: Pool): readonly [string, Style] {
  if (code === 2) return ['cannot be judged', 'red'];
  if (!compatible) return ['not safe', 'red'];
  return worstGrade(baseline.hosts) === 'A' ? ['safe', 'green'] : ['safe, as far as known', 'yellow'];
}

/** What has to be off, the level that is left, and where a running guest can go. */
function detailsOf({ disable, plan, running }: CheckResult): string {
  const features = disable.length === 0 ? '' : `: ${list(disable.map(({ feature }) => feature))}`;
  const level = plan.levels?.level === undefined ? '' : ` (${plan.levels.level})`;
  if (running === undefined) return `${features}${level}`;
  const targets = running.filter(({ now }) => now === 'yes').map(({ host }) => host);
  const where = targets.length === 0 ? 'cannot move now' : `can move now to ${list(targets)}`;
  return `${features}${level}; it runs and ${where}`;
}
