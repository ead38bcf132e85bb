// Tries lib/record/undo.ts and lib/record/written.ts as well.
import { undoRewrite } from '../../lib/record/record.ts';
import type { RewriteDomainOptions } from '../../lib/rewrite.ts';
import type { Host } from '../../types/host.ts';
import { host } from '../support/host.ts';
import { hostOf } from '../support/pool.ts';
import { rewriteView } from '../support/rewrite.ts';

const QEMU = 'http://libvirt.org/schemas/domain/qemu/1.0';
const PMU = { also: { pmu: 'off' } } as const;
const VIRTIO = { also: { virtio: 'common' } } as const;
const PROPERTIES = { also: { virtio: 'properties' } } as const;
const ARRIVAL = { cpu: { onArrival: true } } as const;

const A = host('a', ['clwb', 'pcid']);
const B = host('b', ['pcid', 'stibp']);

const domain = (cpu: string, metadata = ''): string => `<domain type='kvm'>
  <name>guest</name>${metadata}
  ${cpu}
</domain>
`;
const metadata = (entry: string): string => `
  <metadata>
    <m:added xmlns:m='urn:libvirt-migratable:1'><m:${entry}/></m:added>
  </metadata>`;

test.each([
  "migratable='off' mode='host-passthrough'",
  "mode='host-passthrough' migratable='off' check='none'",
  "mode='host-passthrough'\n       migratable = \"&#111;ff\"  check='none'",
  "mode='host&#x2d;passthrough'",
  'check="n&#x6f;ne" mode="host-passthrough"',
  "mode='host-passthrough' check='f&#x75;ll'",
])('gives back attributes as they were written, in their places: %s', (attributes) => {
  const text = domain(`<cpu ${attributes}>\n    <!-- x -->\n  </cpu>`);
  const { shared, changed } = rewriteView(text, [A, B], { record: true, cpu: { pin: '486' } });
  expect({ changed, undone: undoRewrite(shared) }).toEqual({ changed: true, undone: text });
  expect(rewriteView(shared, [A, B], { record: true, cpu: { pin: '486' } }).shared).toBe(shared);
});

const limited = (name: string, limit: number): Host => hostOf(name, { limit });
const offering = (one: Host, name: string): Host => ({
  ...one,
  virtio: { offered: { 'virtio-net': [name] }, properties: { 'virtio-net': ['in_order', 'queue_reset'] } },
});
/** Of B, libvirt of A cannot name all. */
const released = (name: string, libvirtVersion: string, qemuVersion: string): Host => ({
  ...host(name, ['aes'], { libvirtVersion }),
  qemuVersion,
});
const PASSTHROUGH = "<cpu mode='host-passthrough'/>";
const NIC = "\n  <devices><interface type='network'><model type='virtio'/></interface></devices>";

test.each<[string, string, readonly Host[], Omit<RewriteDomainOptions, 'record'>]>([
  [
    'a policy written with references',
    "<cpu mode='maximum'>\n    <feature policy='&#111;ption&#x61;l' name='clwb'/>\n  </cpu>",
    [A, B],
    {},
  ],
  ['a <pmu> without a state', `<features>\n    <pmu/>\n  </features>${PASSTHROUGH}`, [A, B], PMU],
  ['a second <features>', `<features/><features><pmu state='on'/></features>${PASSTHROUGH}`, [A, B], PMU],
  [
    "somebody else's <maxphysaddr>",
    "<cpu mode='maximum'>\n    <maxphysaddr xmlns='urn:x' mode='emulate' bits='1'/>\n  </cpu>",
    [limited('a', 39), limited('b', 46)],
    { also: { maxphysaddr: 'common' } },
  ],
  [
    "somebody else's <maxphysaddr> beside another",
    "<cpu mode='maximum'><maxphysaddr xmlns='urn:x'/>\n    <maxphysaddr mode='passthrough'/>\n  </cpu>",
    [limited('a', 39), limited('b', 46)],
    { also: { maxphysaddr: 'common' } },
  ],
  ['a second <devices>', `${PASSTHROUGH}<devices/>${NIC}`, [offering(A, 'gso'), offering(B, 'csum')], VIRTIO],
  [
    'a comment that looks like what is added',
    `${PASSTHROUGH}<!-- <qemu:arg value='-global'/> -->${NIC}`,
    [offering(A, 'in_order'), offering(B, 'queue_reset')],
    PROPERTIES,
  ],
  [
    'a prefix that stands for something else within',
    `<metadata><qemu:x xmlns:qemu='urn:x'/></metadata>${PASSTHROUGH}${NIC}`,
    [offering(A, 'in_order'), offering(B, 'queue_reset')],
    PROPERTIES,
  ],
  ...['', ' <!-- c -->', '\n    <!-- c -->', "\n    <topology sockets='1'/>"].map(
    (before): [string, string, readonly Host[], Omit<RewriteDomainOptions, 'record'>] => [
      `a <model> that goes, behind ${JSON.stringify(before)}`,
      `<cpu mode='host-model'>${before}\n    <model fallback='allow'/>\n    <feature policy='disable' name='aes'/>\n  </cpu>`,
      [A, B],
      ARRIVAL,
    ],
  ),
  [
    'arguments that go, in the middle of others',
    `${PASSTHROUGH}\n  <q:commandline xmlns:q='${QEMU}'>
    <q:arg value='-a'/>
    <q:arg value='-global'/>
    <q:arg value='host-x86_64-cpu.succor=off'/> <!-- c -->
    <q:arg value='-global'/>
    <q:arg value='host-x86_64-cpu.bhi-no=off'/>
    <q:arg value='-b'/>
  </q:commandline>`,
    [released('a', '9.0.0', '7.2.22'), released('b', '11.3.0', '10.0.13')],
    ARRIVAL,
  ],
])('gives back every byte, and is the same again, with %s', (_, inner, hosts, options) => {
  const text = domain(inner);
  const { shared, perHost, changed } = rewriteView(text, hosts, { ...options, record: true });
  expect(changed).toBe(true);
  expect(undoRewrite(shared)).toBe(text);
  expect(rewriteView(shared, hosts, { ...options, record: true }).shared).toBe(shared);
  for (const form of Object.values(perHost)) expect(undoRewrite(form)).toBe(text);
});

test.each([
  '&amp;#1114112;',
  '&amp;#xffffff;',
  '&amp;#0;',
  '&lt;a',
  "' x='",
  '&quot; x=&quot;',
  'y',
  '&amp;nbsp;',
])('what is written so that it is no such value counts for nothing: %s', (written) => {
  const entries = `attribute at='cpu' name='mode' value='custom' replaced='maximum' written="${written}"`;
  const text = domain("<cpu mode='custom'/>", metadata(entries));
  expect(undoRewrite(text)).toContain("<cpu mode='maximum'/>");
});
