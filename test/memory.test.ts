import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseHost } from '../lib/parser/host/host.ts';
import { createPool } from '../lib/pool.ts';
import { rewriteView } from './support/rewrite.ts';
import { capabilities, domcapabilities } from './support/host.ts';
import { hostOf } from './support/pool.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const LENGTH = 100_000;
const ROUNDS = 300;

/** Each another one, in all that is remembered of it, and all of it in strings long enough to be slices of the text. */
const domain = (type: string, i: number): string =>
  Buffer.from(
    `<domain type='${type}' id='a-long-id-${i}'><!-- ${'x'.repeat(LENGTH)} --><name>a-long-name-${i}</name>
      <vcpu>a-long-count-${i}</vcpu><os><type arch='x86_64' machine='pc-q35-7.2.0.${i}'/></os>
      <features><hyperv><a-long-feature-${i} state='on'/></hyperv></features>
      <cpu mode='host-passthrough' check='partial'><topology sockets='1' cores='${i}' threads='1'/>
        <feature policy='disable' name='a-long-feature-${i}'/><a-long-child-${i}/></cpu>
      <devices><emulator>/usr/bin/qemu-system-${i}</emulator>
        <disk device='a-long-device-${i}'><target bus='a-long-bus-${i}'/></disk></devices></domain>`,
  ).toString();

/** The bytes that are still used when `job` was done for 1, 2 … ROUNDS, beside those of one. */
function growth(job: (i: number) => unknown): number {
  const used = (): number => {
    collectGarbage();
    return getHeapStatistics().used_heap_size;
  };
  const kept = [job(0)];
  const before = used();
  for (let i = 1; i <= ROUNDS; i++) kept.push(job(i));
  const grown = used() - before;
  expect(kept).toHaveLength(ROUNDS + 1);
  return grown;
}

test.each([
  ['that suit the pool', () => 'kvm'],
  ['that do not', (i: number) => `a-long-type-${i}`],
])('what is remembered of domains %s does not keep their texts', (_, typeOf) => {
  const hosts = [hostOf('a', { features: ['avx2'] }), hostOf('b')];
  const rewrite = (i: number): boolean =>
    rewriteView(domain(typeOf(i), i), hosts, { accept: ['other-machine'] }).changed;
  expect(growth(rewrite)).toBeLessThan((ROUNDS * LENGTH) / 4);
});

test.each([
  [12, 'of ordinary length', ''],
  [0, 'that are longer', 'x'.repeat(LENGTH)],
])('a pool keeps %i of its answers about texts %s', async (most, _, filling) => {
  const pool = createPool([hostOf('a', { features: ['avx2'] }), hostOf('b')]);
  const answers = Array.from({ length: 40 }, (_, i) => {
    const text = `<domain type='kvm'><name>guest-${i}</name><!--${filling}--><cpu mode='host-passthrough'/></domain>`;
    return new WeakRef<object>(i % 2 === 0 ? pool.rewrite(text) : pool.check(text));
  });
  // What a reference was made to stays until its turn ends.
  await setImmediate();
  collectGarbage();
  expect(answers.filter((answer) => answer.deref() !== undefined)).toHaveLength(most);
  expect(pool.check("<domain type='kvm'/>").safe).toBe(true);
});

const padding = `<!-- ${'x'.repeat(LENGTH)} -->`;
const device = (i: number): string =>
  `<disk supported='yes'><enum name='bus'><value>a-long-bus-${i}</value></enum></disk>`;

test.each<[string, (i: number) => string]>([
  [
    'domcapabilities',
    (i) =>
      domcapabilities(['arch-capabilities'], {
        emulator: `/usr/bin/qemu-${i}`,
        machine: `pc-q35-7.2.${i}`,
      }).replace('</domainCapabilities>', `${padding}<devices>${device(i)}</devices></domainCapabilities>`),
  ],
  [
    'capabilities',
    (i) =>
      capabilities(`4dea22b3-1d52-d8f3-2516-782e98ab${String(i).padStart(4, '0')}`, [
        'arch-capabilities',
      ]).replace(
        '</capabilities>',
        `${padding}<guest><arch name='x86_64'><machine>pc-q35-7.2.${i}</machine></arch></guest></capabilities>`,
      ),
  ],
])('hosts read from %s do not keep their texts', (_, textOf) => {
  const read = (i: number): unknown =>
    parseHost(Buffer.from(textOf(i)).toString(), { name: `h${i}`, libvirtVersion: '9.0.0' });
  expect(growth(read)).toBeLessThan((ROUNDS * LENGTH) / 4);
});
