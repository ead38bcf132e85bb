import { hostFromFeatures } from '../../lib/index.ts';
import type { Host } from '../../types/host.ts';
import { isMadeHost, madeHost } from '../../lib/cpu/made-host.ts';

const read = hostFromFeatures({ name: 'a', features: ['avx'], libvirtVersion: '9.0.0' });

test('a made host is the object it was, frozen in all its parts, and stays it when it is made again', () => {
  const host: Host = { ...read, uncertain: ['pcid'], features: ['avx'] };
  expect(isMadeHost(host)).toBe(false);
  const made = madeHost(host);
  expect(made).toBe(host);
  expect([made, made.uncertain, made.features].every(Object.isFrozen)).toBe(true);
  expect(madeHost(made)).toBe(host);
  expect(isMadeHost(made)).toBe(true);
});

test.each([
  ['a copy', { ...madeHost({ ...read }) }],
  ['a copy of all its parts', structuredClone(madeHost({ ...read }))],
  ['what has it for a prototype', Object.create(madeHost({ ...read })) as unknown],
  ['a Proxy of it', new Proxy(madeHost({ ...read }), {})],
  ['nothing', null],
  ['a text', 'host'],
])('%s is not known', (_, value) => {
  expect(isMadeHost(value)).toBe(false);
});
