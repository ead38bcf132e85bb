import type { GuestLoss, X86Level } from '../../../types/facts.ts';
import type {
  HostProfile,
  JoiningHost,
  LeaveOut,
  PlannedPool,
  PoolFeature,
  PoolLoss,
  PoolPartition,
  PoolsPlan,
} from '../../../types/pools.ts';
import { hostList, list } from '../../issues/words.ts';
import { presence } from '../../report/wording.ts';
import { groupName, levelName, recommended, savedPercent } from '../../report/words.ts';
import { groupedBy } from '../../text/remembered.ts';
import { short } from './levels.ts';
import { textTable, type Table } from './table.ts';
import { counted } from './words.ts';

/** Of more groups of features, the first are said: those that the fewest hosts lack. */
const MOST_GROUPS = 3;
const MOST_ADVICE = 3;

/** The hosts of each pool of the best plan, a line each. */
export function poolsTable(plan: PoolsPlan): Table {
  return {
    head: ['pool', 'host', 'vendor', 'model', 'level', 'grade'],
    rows: recommended(plan).flatMap((pool, i) =>
      pool.profiles.flatMap((at) => {
        const { hosts = [], vendor = '', model = '', level = '', grade = '' } = plan.profiles[at] ?? {};
        return hosts.map((host) => [String(i + 1), host, vendor, model, level, grade]);
      }),
    ),
  };
}

/** A plan in words, line by line: what is best, whom to leave out, each pool, what more pools would save. */
export function poolsText(plan: PoolsPlan): readonly string[] {
  const { partitions, knee, leaveOut, joining, profiles } = plan;
  const best = partitions[knee];
  if (best === undefined) return ['no host can be planned'];
  const advice = worthSaying(leaveOut).slice(0, MOST_ADVICE);
  return [
    ...headLines(plan, best),
    ...section(advice.map(adviceLine)),
    ...section(best.pools.flatMap((pool, i) => poolLines(pool, i + 1, profiles))),
    ...section(partitions.length > 1 ? curveLines(plan) : []),
    ...section(joining.flatMap(joiningLines)),
  ];
}

/** Not what only says more of the same: more hosts to leave out than before, and no higher level for it. */
function worthSaying(all: readonly LeaveOut[]): readonly LeaveOut[] {
  const said: LeaveOut[] = [];
  for (const one of all) {
    const own = new Set(one.profiles);
    const isMore = said.some(
      ({ profiles, levelWithout }) =>
        levelWithout === one.levelWithout && profiles.every((profile) => own.has(profile)),
    );
    if (one.relief.score > 0 && !isMore) said.push(one);
  }
  return said;
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function headLines(plan: PoolsPlan, best: PoolPartition): readonly string[] {
  const { profiles, groups, unplanned } = plan;
  const hosts = profiles.reduce((sum, { hosts: own }) => sum + own.length, 0);
  const what = `${counted(hosts, 'host')} of ${counted(profiles.length, 'kind')}`;
  const split =
    groups.length < 2
      ? []
      : [`They can never be one pool: ${groups.map((group) => groupWords(group, profiles)).join('; ')}.`];
  const out =
    unplanned.length === 0
      ? []
      : [`In no pool, because it is unknown what guests get there: ${hostList(unplanned)}.`];
  return [`${what}: ${verdict(plan, best)}`, ...split, ...out];
}

function verdict(plan: PoolsPlan, best: PoolPartition): string {
  const [fewest = best] = plan.partitions;
  const [few, many] = [counted(fewest.pools.length, 'pool'), counted(best.pools.length, 'pool')];
  const cost = fewest.pools.length === 1 ? 'costs' : 'cost';
  const proof = best.proved
    ? ''
    : ' (not proved best: too many kinds, or too many guests for such weights, to look at every division)';
  if (fewest.loss.score === 0) return `${few} ${cost} their guests nothing`;
  if (best === fewest) return `${few} ${fewest.pools.length === 1 ? 'is' : 'are'} best${proof}`;
  const share = best.loss.score === 0 ? 'all' : `${savedPercent(plan)} %`;
  return `${many} save ${share} of what ${few} ${cost} their guests${proof}`;
}

function groupWords(group: PoolsPlan['groups'][number], profiles: readonly HostProfile[]): string {
  const kind = groupName(group);
  return `${kind === '' ? 'unknown' : kind} (${hostList(hostsOf(group.profiles, profiles))})`;
}

function hostsOf(
  numbers: readonly number[] | undefined,
  profiles: readonly HostProfile[],
): readonly string[] {
  return numbers?.flatMap((number) => profiles[number]?.hosts ?? []) ?? [];
}

/** `kvm-03, kvm-07 cost the other 7 hosts 12 features: …; without them x86-64-v2 → v3`. */
function adviceLine({ hosts, others, gains, level, levelWithout }: LeaveOut): string {
  const [costs, them] = hosts.length === 1 ? ['costs', 'it'] : ['cost', 'them'];
  const raised = level === levelWithout ? '' : `; without ${them} ${levelChange(level, levelWithout)}`;
  const features = counted(gains.length, 'feature');
  const rest = others.length === 1 ? 'the other host' : `the other ${others.length} hosts`;
  return `leave out ${hostList(hosts)}: ${hosts.length === 1 ? 'it' : 'they'} ${costs} ${rest} ${features} (${list(gains)})${raised}`;
}

function levelChange(from: X86Level | undefined, to: X86Level | undefined): string {
  return `${levelName(from)} → ${short(to)}`;
}

function poolLines(pool: PlannedPool, number: number, profiles: readonly HostProfile[]): readonly string[] {
  const { hosts, level, model, common, grade, guests, otherGuests } = pool;
  const facts = [
    ...(level === undefined ? [] : [level]),
    counted(common.length, 'feature'),
    ...(model === undefined ? [] : [`model ${model}`]),
    ...(grade === 'A' ? [] : [`grade ${grade}`]),
  ].join(', ');
  const small =
    hosts.length === 1
      ? '  alone: its guests have nowhere to move'
      : '  smaller than asked for: no more hosts can be with them';
  return [
    `pool ${number}: ${hostList(hosts)} (${counted(hosts.length, 'host')}): ${facts}`,
    ...(pool.tooSmall ? [small] : []),
    ...(pool.lost.length === 0 ? ['  nothing is lost'] : lostLines(pool, profiles)),
    ...(guests.length === 0 ? [] : [`  can run ${list(guests)}`]),
    ...otherGuests.map(
      ({ guest, missing }) =>
        `  cannot run ${guest}: it ${missing.length === 0 ? 'is of another architecture' : `needs ${list(missing)}`}`,
    ),
  ];
}

/** What a pool loses, the gravest first, features that the same hosts lack together. */
function lostLines(
  { lost, costs, level, best }: PlannedPool,
  profiles: readonly HostProfile[],
): readonly string[] {
  const costOf = new Map(
    costs.flatMap(({ cost, features }) => features.map((name) => [name, cost] as const)),
  );
  return CLASSES.flatMap(([cost, heading]) => {
    const own = lost.filter(({ feature }) => costOf.get(feature) === cost);
    const groups = groupedByLackers(own);
    const first = cost === 'boot' && level !== best ? `level ${levelChange(best, level)}` : heading;
    const rest = groups.slice(MOST_GROUPS).flat().length;
    return [
      ...groups
        .slice(0, MOST_GROUPS)
        .map((group, i) => `  ${i === 0 ? first : heading}: ${whoLacks(group, profiles)}`),
      ...(rest === 0 ? [] : [`  ${heading}: and ${counted(rest, 'more feature')}`]),
    ];
  });
}

const CLASSES: readonly (readonly [GuestLoss['cost'], string])[] = [
  ['security', 'security'],
  ['boot', 'level'],
  ['speed', 'speed'],
  [undefined, 'other'],
];

function groupedByLackers(lost: readonly PoolFeature[]): readonly (readonly PoolFeature[])[] {
  const groups = groupedBy(lost, (one) => `${one.missingIn.join()} ${one.unknownIn.join()}`);
  const lackers = ([first]: readonly PoolFeature[]): number =>
    (first?.missingIn.length ?? 0) + (first?.unknownIn.length ?? 0);
  return [...groups.values()].sort((a, b) => lackers(a) - lackers(b));
}

function whoLacks(group: readonly PoolFeature[], profiles: readonly HostProfile[]): string {
  const [first] = group;
  const who = {
    presentOn: hostsOf(first?.presentIn, profiles),
    missingOn: hostsOf(first?.missingIn, profiles),
    unknownOn: hostsOf(first?.unknownIn, profiles),
  };
  return `${list(group.map(({ feature }) => feature))}: ${presence(who, group.length === 1 ? 'it' : 'them')}`;
}

const COLUMNS: readonly (readonly [keyof PoolLoss, string])[] = [
  ['guests', 'guests'],
  ['defences', 'defences'],
  ['levels', 'levels'],
  ['speed', 'slower'],
  ['features', 'features'],
];

/** What guests lose for each number of pools. */
function curveLines({ partitions, knee }: PoolsPlan): readonly string[] {
  const columns = COLUMNS.filter(
    ([key]) => key !== 'guests' || partitions.some(({ loss }) => loss.guests > 0),
  );
  const rows = partitions.map(({ pools, loss, proved }, i) => [
    ...[`${i === knee ? '*' : ' '} ${pools.length}`, ...columns.map(([key]) => String(loss[key]))],
    proved ? '' : 'not proved best',
  ]);
  const head = ['  pools', ...columns.map(([, name]) => name), ''];
  return ['what guests lose, summed over the hosts:', ...(textTable({ head, rows }) ?? [])];
}

function joiningLines({ host, pools, best }: JoiningHost): readonly string[] {
  const all = pools.map(({ pool, refused, takes, level, levelWith }) => {
    if (refused.length > 0) return `  pool ${pool + 1}: cannot be in it (${refused.join(', ')})`;
    const change = level === levelWith ? '' : `, ${levelChange(level, levelWith)}`;
    const what =
      takes.length === 0 ? 'nothing' : `${counted(takes.length, 'feature')} (${list(takes)})${change}`;
    return `  pool ${pool + 1}: takes ${what}`;
  });
  const where = best === undefined ? 'fits no pool' : `costs least in pool ${best + 1}`;
  return [`${host}, if it joins, ${where}:`, ...all];
}
