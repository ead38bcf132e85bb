import { featuresOfLevel } from '../../../lib/cpu/facts/levels.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import type { Host } from '../../../types/host.ts';
import { host } from '../../support/host.ts';
import { planOf } from '../../support/plan.ts';

const NEWER = { libvirtVersion: '11.3.0' };
const PASSTHROUGH = "<cpu mode='host-passthrough'/>";
const EMPTY = host('empty', [], NEWER);

/** Each disable as one line: the feature, what it costs, and the rule that joined it with others. */
function costOf({ feature, consequence }: PlannedDisable): string {
  const { kind, cost = 'nothing', combination } = consequence ?? { kind: 'unknown' };
  return [feature, kind, cost, combination].join(' ').trim();
}

test.each<[string, string, readonly Host[], readonly string[]]>([
  [
    'by its kind and what it costs',
    PASSTHROUGH,
    [host('a', ['ssbd', 'erms', 'pcid', 'mds-no'], NEWER), EMPTY],
    ['erms capability speed', 'mds-no immunity speed', 'pcid capability speed', 'ssbd control security'],
  ],
  [
    'by the level that a host reaches',
    PASSTHROUGH,
    [
      host('a', featuresOfLevel('x86-64-v2'), NEWER),
      host('b', ['popcnt', ...featuresOfLevel('x86-64-v1')], NEWER),
    ],
    ['cx16', 'lahf_lm', 'pni', 'sse4.1', 'sse4.2', 'ssse3'].map((name) => `${name} capability boot`),
  ],
  [
    'as nothing where no host reaches its level',
    PASSTHROUGH,
    [host('a', ['movbe', 'popcnt'], NEWER), EMPTY],
    ['movbe unknown nothing', 'popcnt unknown nothing'],
  ],
  [
    'together with what is lost beside it',
    PASSTHROUGH,
    [host('a', ['rdctl-no', 'pcid'], NEWER), EMPTY],
    ['pcid capability speed meltdown-without-pcid', 'rdctl-no immunity speed meltdown-without-pcid'],
  ],
  [
    'by what the guest keeps',
    PASSTHROUGH,
    [host('a', ['rtm', 'taa-no'], NEWER), host('b', ['rtm'], NEWER)],
    ['taa-no immunity security tsx-open-without-microcode'],
  ],
  [
    'as nothing where the guest never had it',
    "<cpu mode='custom' match='exact'><model>486</model></cpu>",
    [host('a', ['-vme'], NEWER), host('b', ['-vme'], NEWER)],
    ['vme unknown nothing'],
  ],
])('a disable is weighed %s', (_, cpu, hosts, expected) => {
  expect(planOf(cpu, hosts).disable.map(costOf)).toEqual(expected);
});

test('what is said of a disable has a source, and no name of a list it stood in', () => {
  const [disable] = planOf(PASSTHROUGH, [host('a', ['ssbd'], NEWER), EMPTY]).disable;
  expect(Object.keys(disable?.consequence ?? {}).sort()).toEqual(['cost', 'cve', 'kind', 'source', 'text']);
  expect(disable?.consequence?.cve).toEqual(['CVE-2018-3639']);
});
