import { createCheckPool, createLinter, createPool, diffHosts, rehearse } from '../lib/index.ts';
import { captured, guestWith } from './rehearse/captures.ts';

const HOSTS = [captured('debian-12-kvm', 'old'), captured('debian-13-kvm', 'new')];
const POOL = createPool(HOSTS);

const GUESTS: readonly string[] = [
  ...['host-passthrough', 'host-model', 'Nehalem'].map((cpu) => guestWith(cpu, { cores: 2 })),
  guestWith('Nehalem', { lines: "<feature policy='require' name='avx'/>" }),
  guestWith('host-passthrough').replace('<domain', "<domain id='3'"),
  "<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os></domain>",
];

/** Where data can still be changed. CPU maps are looked at in test/cpu. */
function changeable(data: unknown, path = '', seen = new Set<unknown>()): readonly string[] {
  if (typeof data !== 'object' || data === null || seen.has(data)) return [];
  seen.add(data);
  const inside = Object.entries(data)
    .filter(([key]) => key !== 'cpuMaps')
    .flatMap(([key, value]) => changeable(value, `${path}.${key}`, seen));
  return Object.isFrozen(data) ? inside : [path, ...inside];
}

/** What is remembered is given out again: whoever could change it would change what the next one is told. */
test.each<[string, (guest: string) => readonly unknown[]]>([
  ['check', (guest) => [POOL.check(guest), POOL.check(guest).plan.issues, POOL.check(guest).issues]],
  ['check of a pool without a writer', (guest) => [createCheckPool(HOSTS).check(guest).issues]],
  ['rewrite', (guest) => [POOL.rewrite(guest), POOL.rewrite(guest).issues]],
  ['rewrite with a guard', (guest) => [POOL.rewrite(guest, { cpu: 'guard' }).issues]],
  ['rewrite with a record', (guest) => [POOL.rewrite(guest, { record: true, cpu: { auto: true } })]],
  ['rewrite, any way', (guest) => [POOL.rewrite(guest, { cpu: { auto: true } }).issues]],
  ['lint', (guest) => [createLinter().lint(guest).issues]],
  ['rehearse', (guest) => [rehearse(HOSTS, HOSTS.toReversed(), { guests: [guest] })]],
  ['diffHosts', () => [diffHosts(HOSTS)]],
  ['the pool', () => [POOL, POOL.model(), POOL.gate('new'), POOL.lock()]],
])('%s: nobody can change what is given', (_, call) => {
  for (const guest of GUESTS) {
    expect(call(guest).flatMap((given) => changeable(given))).toEqual([]);
  }
});
