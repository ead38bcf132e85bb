import {
  compareCpu,
  createPool,
  parseDomain,
  parseHost,
  parseHosts,
  parseVirtioFeatures,
} from '../lib/index.ts';
import { rewriteDomain, rewriteDomains } from '../lib/index.ts';
import { errorOf } from './support/findings.ts';
import { host } from './support/host.ts';

const DOMAIN = "<domain type='kvm'><cpu mode='host-passthrough'/></domain>";
const BUFFER = Buffer.from(DOMAIN) as never;
const SETS = { name: 'b', features: ['avx'] } as never;
const A = host('a');

/** What a caller without types gets wrong, and the sentence for it. */
test.each<[string, () => unknown, string, string]>([
  ['parseHost', () => parseHost(BUFFER), 'not-text', 'the text of a host is a Buffer, not a text'],
  [
    'parseHosts',
    () => parseHosts(A as never),
    'not-text',
    'the text of a host is a plain object, not a text',
  ],
  ['parseDomain', () => parseDomain(BUFFER), 'not-text', 'the domain is a Buffer, not a text'],
  [
    'parseVirtioFeatures',
    () => parseVirtioFeatures(BUFFER),
    'not-text',
    'the answer is a Buffer, not a text',
  ],
  ['createPool', () => createPool([A, BUFFER]), 'bad-host', 'hosts[1] is a Buffer, not a host'],
  [
    'createPool, with no list',
    () => createPool(A as never),
    'bad-host',
    'hosts is a plain object, not a host',
  ],
  [
    'rewriteDomain',
    () => rewriteDomain(DOMAIN, [A, SETS]),
    'bad-host',
    'hosts[1] is a plain object, not a host',
  ],
  [
    'rewriteDomain, the domain',
    () => rewriteDomain(BUFFER, [A, host('b')]),
    'not-text',
    'the domain is a Buffer, not a text',
  ],
  [
    'rewriteDomains',
    () => rewriteDomains([{ domain: DOMAIN, host: A }, { domain: DOMAIN } as never]),
    'bad-host',
    'parts[1].host is undefined, not a host',
  ],
  ['compareCpu', () => compareCpu(SETS, '<cpu/>'), 'bad-host', 'the host is a plain object, not a host'],
  ['compareCpu, the CPU', () => compareCpu(A, BUFFER), 'not-text', 'the CPU is a Buffer, not a text'],
])('%s', (_, call, code, reason) => {
  expect(errorOf(call)).toMatchObject({ code, reason });
});
