import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { rewriteDomain } from '../lib/rewrite.ts';
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

test.each([
  ['that suit the pool', () => 'kvm'],
  ['that do not', (i: number) => `a-long-type-${i}`],
])('what is remembered of domains %s does not keep their texts', (_, typeOf) => {
  const hosts = [hostOf('a', { features: ['avx2'] }), hostOf('b')];
  const rewrite = (i: number): unknown => rewriteDomain(domain(typeOf(i), i), hosts, { anyMachine: true });
  const used = (): number => {
    collectGarbage();
    return getHeapStatistics().used_heap_size;
  };
  rewrite(0);
  const before = used();
  for (let i = 1; i <= ROUNDS; i++) rewrite(i);
  expect(used() - before).toBeLessThan((ROUNDS * LENGTH) / 4);
});
