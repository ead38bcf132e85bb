import { featuresOfLevel } from '../../../lib/cpu/facts/levels.ts';
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { baselineLevels } from '../../../lib/diff/pool/levels.ts';
import type { PoolLevels } from '../../../types/facts.ts';
import type { Host } from '../../../types/host.ts';
import { host } from '../../support/host.ts';
import { planOf } from '../../support/plan.ts';

const V1 = host('v1', featuresOfLevel('x86-64-v1'));
const V2 = host('v2', featuresOfLevel('x86-64-v2'));
const V3 = host('v3', featuresOfLevel('x86-64-v3'));
const SMALL = host('small');
const HASWELL = host('haswell', [], { model: 'Haswell' });
const NEWER_HASWELL = host('newer', ['abm', 'f16c'], { model: 'Haswell' });
const PASSTHROUGH = "<cpu mode='host-passthrough'/>";

/** `v3 → v2, because of v2`, with the hosts alone behind it. */
function lineOf(levels: PoolLevels | undefined): string {
  if (levels === undefined) return 'none';
  const short = (level = 'none'): string => level.replace('x86-64-', '');
  const { best, level, because, hosts } = levels;
  const alone = hosts.map((one) => `${one.host} ${one.known ? short(one.level) : '?'}`).join();
  return `${short(best)} → ${short(level)}, because of ${because.join() || 'none'}; ${alone}`;
}

test.each<[string, readonly Host[], string]>([
  ['are those of the lowest host', [V3, V2], 'v3 → v2, because of v2; v2 v2,v3 v3'],
  ['may be none at all', [SMALL, V1], 'v1 → none, because of small; small none,v1 v1'],
  ['blame nobody where all are alike', [V2, { ...V2, name: 'w2' }], 'v2 → v2, because of none; v2 v2,w2 v2'],
  [
    'count what QEMU gives with a model, whatever the documents list',
    [HASWELL, NEWER_HASWELL],
    'v3 → v3, because of none; haswell v3,newer v3',
  ],
])('the levels of a pool %s', (_, hosts, expected) => {
  expect(lineOf(baselineLevels(diffHosts(hosts)))).toBe(expected);
});

test('a pool of another architecture has none', () => {
  const power = (name: string): Host => host(name, [], { arch: 'ppc64le', model: 'POWER9' });
  const hosts = [power('a'), power('b')];
  expect(baselineLevels(diffHosts(hosts))).toBeUndefined();
  expect(planOf(PASSTHROUGH, hosts).levels).toBeUndefined();
});

test.each<[string, string, readonly Host[], string]>([
  ['that follows its host', PASSTHROUGH, [V3, V2], 'v3 → v2, because of v2; v2 v2,v3 v3'],
  [
    'that turns something off itself',
    "<cpu mode='host-passthrough'><feature policy='disable' name='movbe'/></cpu>",
    [V3, { ...V3, name: 'w3' }],
    'v3 → v2, because of none; v3 v3,w3 v3',
  ],
  [
    'of a fixed model',
    "<cpu mode='custom' match='exact'><model>Nehalem</model></cpu>",
    [V3, { ...V3, name: 'w3' }],
    'v3 → v2, because of none; v3 v3,w3 v3',
  ],
  [
    'that loses what a document does not list',
    PASSTHROUGH,
    [HASWELL, NEWER_HASWELL],
    'v3 → v2, because of haswell; haswell v3,newer v3',
  ],
  ['that no plan was made for', '', [V3, V2], 'none'],
])('the levels of a guest %s', (_, cpu, hosts, expected) => {
  expect(lineOf(planOf(cpu, hosts).levels)).toBe(expected);
});
