// Tries lib/parser/domain/cpu.ts and lib/parser/domain/namespaces.ts as well.
import fc from 'fast-check';
import { parseDomain } from '../../../lib/parser/domain/domain.ts';
import type { Span } from '../../../types/xml.ts';
import { domainXml, guests, styles } from '../../support/domains.ts';
import { errorOf, refusalOf } from '../../support/findings.ts';
import { xml } from '../../support/dedent.ts';

const domain = (inner: string): string => `<domain type='kvm'>\n${inner}\n</domain>`;
const cpu = (inner: string, attributes = "mode='host-passthrough'"): string =>
  domain(`<cpu ${attributes}>\n${inner}\n</cpu>`);

test.each([
  ['domain', domain('<name>g</name>')],
  ['domstatus', `<domstatus state='running'>\n${domain('<name>g</name>')}\n</domstatus>`],
  ['domainsnapshot', `<domainsnapshot><name>s</name>\n${domain('<name>g</name>')}\n</domainsnapshot>`],
  ['domaincheckpoint', `<domaincheckpoint>\n${domain('<name>g</name>')}\n</domaincheckpoint>`],
])('the root may be <%s>', (root, text) => {
  const { span, ...read } = parseDomain(text);
  expect(read).toMatchObject({ root, name: 'g', type: 'kvm', text });
  expect(text.slice(span.start, span.end)).toBe(domain('<name>g</name>'));
});

test('a domain is read with everything the library needs of it', () => {
  const text = xml`
    <?xml version="1.0"?>
    <domain type='kvm' id='7'>
      <name>web &amp; mail</name>
      <uuid> 4dea22b3-1d52-d8f3-2516-782e98ab3fa0 </uuid>
      <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
      <cpu mode="custom" match="minimum" check="partial" migratable="on">
        <model fallback="forbid" vendor_id="KVMKVMKVM">EPYC</model>
        <vendor>AMD</vendor>
        <feature policy="disable" name="avx"/>
        <feature name='pcid'/>
      </cpu>
      <devices><emulator>/usr/bin/kvm</emulator></devices>
    </domain>
  `;
  expect(parseDomain(text)).toMatchObject({
    ...{ text, root: 'domain', name: 'web & mail', uuid: '4dea22b3-1d52-d8f3-2516-782e98ab3fa0', id: '7' },
    ...{ type: 'kvm', arch: 'x86_64', machine: 'pc-q35-7.2', emulator: '/usr/bin/kvm' },
    cpu: {
      ...{ mode: 'custom', match: 'minimum', check: 'partial', migratable: 'on' },
      ...{ model: 'EPYC', vendor: 'AMD', vendorId: 'KVMKVMKVM' },
      features: [
        { name: 'avx', policy: 'disable' },
        { name: 'pcid', policy: 'require' },
      ],
    },
  });
});

test('every place in a <cpu> is a span of the text', () => {
  const feature = '<feature policy="disable" name="avx"></feature>';
  const text = cpu(`<topology cores='2'/>${feature}<!-- c -->\n<feature name = 'pcid'/>`);
  const read = parseDomain(text).cpu;
  const at = (span: Span | undefined): string | undefined => span && text.slice(span.start, span.end);
  expect([at(read?.span), at(read?.startTag)]).toEqual([
    text.slice(text.indexOf('<cpu'), text.indexOf('</domain') - 1),
    "<cpu mode='host-passthrough'>",
  ]);
  expect(text.slice(read?.contentEnd)).toBe('</cpu>\n</domain>');
  expect(read?.children.map((child) => [child.name, at(child.span)])).toEqual([
    ['topology', "<topology cores='2'/>"],
    ['feature', feature],
    ['feature', "<feature name = 'pcid'/>"],
  ]);
  expect(read?.features.map((f) => [at(f.span), at(f.policyValue), at(f.nameAttribute)])).toEqual([
    [feature, 'disable', 'name="avx"'],
    ["<feature name = 'pcid'/>", undefined, "name = 'pcid'"],
  ]);
});

test('a domain reads the same wherever it stands', () => {
  const NAMES = ['avx', 'avx2', 'pcid', 'sse4.1', 'aes', 'pku'];
  const movedBack = (value: unknown, by: number): unknown =>
    JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
      typeof inner === 'number' && ['start', 'end', 'contentEnd'].includes(key) ? inner - by : inner,
    );
  fc.assert(
    fc.property(guests(NAMES, ['disable', undefined]), styles, fc.nat(30), (guest, style, more) => {
      const text = domainXml(guest, style);
      const read = parseDomain(text).cpu;
      const again = parseDomain(text.replace('<name>', `$&${'x'.repeat(more)}`)).cpu;
      expect(read).toBeDefined();
      expect(movedBack(again, more)).toEqual(movedBack(read, 0));
    }),
  );
});

test('a self-closing <cpu> ends where its content would', () => {
  const read = parseDomain(domain("<cpu mode='maximum'/>")).cpu;
  expect([read?.contentEnd, read?.startTag]).toEqual([read?.span.end, read?.span]);
});

test('what a domain does not say is undefined', () => {
  expect(parseDomain('<domain/>')).toMatchObject({
    ...{ name: undefined, uuid: undefined, type: undefined, id: undefined },
    ...{ arch: undefined, machine: undefined, emulator: undefined, cpu: undefined },
  });
});

test('what a <cpu> does not say is as libvirt takes it', () => {
  expect(parseDomain(domain('<cpu/>')).cpu).toMatchObject({
    ...{ mode: 'custom', match: 'exact', check: undefined, migratable: undefined },
    ...{ model: undefined, vendor: undefined, vendorId: undefined, features: [], children: [] },
  });
});

test.each([
  ['mode', ['custom', 'host-model', 'host-passthrough', 'maximum']],
  ['match', ['minimum', 'exact', 'strict']],
  ['check', ['none', 'partial', 'full', 'default']],
  ['migratable', ['on', 'off']],
] as const)('%s may be %j', (attribute, values) => {
  const read = values.map(
    (value) => parseDomain(cpu('<model>486</model>', `${attribute}='${value}'`)).cpu?.[attribute],
  );
  expect(read).toEqual(values);
});

test.each(['force', 'require', 'optional', 'disable', 'forbid'])('a policy may be %s', (policy) => {
  const read = parseDomain(cpu(`<feature policy='${policy}' name='avx'/>`)).cpu;
  expect(read?.features.map((feature) => feature.policy)).toEqual([policy]);
});

test.each([
  ['references', 'a&#118;x', 'avx'],
  ['a hexadecimal one', '&#x61;vx', 'avx'],
])('%s in a name are resolved', (_, written, expected) => {
  const read = parseDomain(cpu(`<feature name='${written}'/>`)).cpu;
  expect(read?.features[0]?.name).toBe(expected);
});

test.each([
  ['a second <cpu>', domain('<cpu/>\n<cpu/>'), 'two-cpus 3:1'],
  [
    'a feature twice',
    cpu("<feature policy='disable' name='avx'/>\n  <feature policy='require' name='avx'/>"),
    'duplicate-feature 4:3',
  ],
  [
    'a feature twice, once by reference',
    cpu("<feature name='avx'/><feature name='a&#118;x'/>"),
    'duplicate-feature 3:22',
  ],
  ['an unknown mode', domain("<cpu mode='host'/>"), 'invalid-value 2:1'],
  ['a mode in capitals', domain("<cpu mode='Custom'/>"), 'invalid-value 2:1'],
  ['an empty mode', domain("<cpu mode=''/>"), 'invalid-value 2:1'],
  ['an unknown match', domain("<cpu match='best'/>"), 'invalid-value 2:1'],
  ['an unknown check', domain("<cpu check='some'/>"), 'invalid-value 2:1'],
  ['an unknown migratable', domain("<cpu mode='maximum' migratable='yes'/>"), 'invalid-value 2:1'],
  ['an unknown fallback', domain("<cpu><model fallback='maybe'>486</model></cpu>"), 'invalid-value 2:6'],
  [
    'an unknown mode of the cache',
    domain("<cpu mode='maximum'><cache mode='off'/></cpu>"),
    'invalid-value 2:21',
  ],
  ['an unknown policy', cpu("\n <feature policy='never' name='avx'/>"), 'invalid-value 4:2'],
  ['a feature without a name', cpu("<feature policy='disable'/>"), 'bad-feature-name 3:1'],
  ['a feature with an empty name', cpu("<feature name=''/>"), 'bad-feature-name 3:1'],
  ['a name that smuggles a property', cpu("<feature name='avx=off,foo'/>"), 'bad-feature-name 3:1'],
  ['another attribute that ends like one', cpu("<feature a\u1680name='avx'/>"), 'bad-feature-name 3:1'],
  ['a name with blanks', cpu("<feature name=' avx'/>"), 'bad-feature-name 3:1'],
  [
    'features without a model',
    cpu("<topology cores='2'/><feature name='avx'/>", "mode='custom'"),
    'no-cpu-model 2:1',
  ],
  ['features without mode and model', domain("<cpu><feature name='avx'/></cpu>"), 'no-cpu-model 2:1'],
  ['features with an empty model', cpu("<model/><feature name='avx'/>", ''), 'no-cpu-model 2:1'],
  ['a vendor without a model', cpu('<vendor>AMD</vendor>'), 'no-cpu-model 2:1'],
  ['another root', '<!-- -->\n<network/>', 'wrong-root 2:1'],
  ['a wrapper without a domain', '<domainsnapshot><name>s</name></domainsnapshot>', 'wrong-root 1:1'],
  ['a wrapper with two', '<domainsnapshot><domain/><domain/></domainsnapshot>', 'repeated-element 1:26'],
  ['a root in a namespace', "<domain xmlns='urn:x'/>", 'wrong-root 1:1'],
  ['a root with a prefix', "<v:domain xmlns:v='urn:x'/>", 'wrong-root 1:1'],
  ['two documents', '<domain/>\n<domain/>', 'bad-xml 2:1'],
  ['nothing', ' \n', 'empty-document 1:1'],
])('%s is refused', (_, text, expected) => {
  expect(refusalOf(() => parseDomain(text))).toBe(expected);
});

const Q = "xmlns:q='urn:q'";

/** What libvirt 9.0.0 reads as its own, or one of several of which it reads one: `virsh define`, `virsh dumpxml`. */
test.each([
  ['a mode with a prefix', `<cpu ${Q} q:mode='host-passthrough'/>`, 'foreign-name 2:22'],
  [
    'a policy with a prefix',
    `<cpu><model>486</model><feature ${Q} q:policy='disable' name='avx'/></cpu>`,
    'foreign-name 2:49',
  ],
  [
    'a name of a feature with a prefix',
    "<cpu mode='maximum'><feature q:name='avx' name='pcid'/></cpu>",
    'foreign-name 2:30',
  ],
  ['a fallback with a prefix', "<cpu><model q:fallback='forbid'>486</model></cpu>", 'foreign-name 2:13'],
  ['a machine type with a prefix', "<os><type q:machine='q35'>hvm</type></os>", 'foreign-name 2:11'],
  ['a device with a prefixed attribute', "<devices><disk q:device='lun'/></devices>", 'foreign-name 2:16'],
  [
    'an enlightenment with a prefix',
    `<features><hyperv><q:relaxed ${Q} state='on'/></hyperv></features>`,
    'foreign-name 2:19',
  ],
  [
    'a feature of the hypervisor with a prefix',
    `<features><q:pmu ${Q} state='off'/></features>`,
    'foreign-name 2:11',
  ],
  [
    'the same in a namespace of its own',
    "<features><pmu xmlns='urn:q' state='off'/></features>",
    'foreign-name 2:11',
  ],
  [
    'an argument of QEMU with a prefixed value',
    "<q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:arg q:value='-cpu'/></q:commandline>",
    'foreign-name 2:76',
  ],
  ['a second <name>', '<name>a</name><name>b</name>', 'repeated-element 2:15'],
  ['a second <uuid>', '<uuid>a</uuid><uuid>b</uuid>', 'repeated-element 2:15'],
  ['a second <os>', '<os/><vcpu>1</vcpu><os/>', 'repeated-element 2:20'],
  ['a second <type>', "<os><type machine='pc'/><type machine='q35'/></os>", 'repeated-element 2:25'],
  ['a second <vcpu>', '<vcpu>1</vcpu><vcpu>2</vcpu>', 'repeated-element 2:15'],
  [
    'a second <emulator>',
    '<devices><emulator>/a</emulator><emulator>/b</emulator></devices>',
    'repeated-element 2:33',
  ],
  [
    'a second <target> of a disk',
    "<devices><disk><target bus='scsi'/><target bus='ide'/></disk></devices>",
    'repeated-element 2:36',
  ],
  ['a second <hyperv>', '<features><hyperv/><hyperv/></features>', 'repeated-element 2:20'],
  ['a second <pmu>', "<features><pmu state='on'/><pmu state='off'/></features>", 'repeated-element 2:28'],
  ['a second <model>', '<cpu><model>486</model>\n<model>Haswell</model></cpu>', 'repeated-element 3:1'],
  [
    'a second <vendor>',
    '<cpu><model>486</model><vendor>AMD</vendor><vendor>Intel</vendor></cpu>',
    'repeated-element 2:44',
  ],
  ['a second <topology>', "<cpu><topology cores='1'/><topology cores='2'/></cpu>", 'repeated-element 2:27'],
  ['a second <cache>', "<cpu><cache mode='disable'/><cache mode='emulate'/></cpu>", 'repeated-element 2:29'],
  ['a topology of something else', "<cpu><topology cores='two'/></cpu>", 'invalid-value 2:6'],
])('%s is refused', (_, inner, expected) => {
  expect(refusalOf(() => parseDomain(domain(inner)))).toBe(expected);
});

test.each([
  ['a prefix before a name that is not read', "<devices><disk q:serial='x'/></devices>"],
  ['a declaration of a prefix called like an attribute', "<cpu xmlns:mode='urn:m' mode='maximum'/>"],
  ['several devices, timers and sections', '<devices><disk/><disk/></devices><devices/><clock/><clock/>'],
  [
    'a feature of the hypervisor once in each of two sections',
    "<features><pmu state='on'/></features><features><gic/></features>",
  ],
  ['elements in a namespace that libvirt does not read', `<q:os ${Q}/><os/><q:os ${Q}/>`],
])('%s is not', (_, inner) => {
  expect(refusalOf(() => parseDomain(domain(inner)))).toBe('accepted');
});

test('a topology is read, 1 where it says nothing', () => {
  const read = parseDomain(domain("<cpu><topology sockets='2' cores='8' threads='1'/></cpu>")).cpu?.topology;
  expect(read).toMatchObject({ sockets: 2, dies: 1, clusters: 1, cores: 8, threads: 1 });
  expect(parseDomain(domain('<cpu/>')).cpu?.topology).toBeUndefined();
});

test.each([
  ['&#50;', 2],
  ['&#x0032;', 2],
  ['\n 2', 2],
  ['+2', 2],
  ['002', 2],
  ['2 ', 'invalid-value 2:6'],
  ['0x2', 'invalid-value 2:6'],
  ['-2', 'invalid-value 2:6'],
  ['', 'invalid-value 2:6'],
])('a count is read as libvirt reads it: %j', (written, count) => {
  const text = domain(`<cpu><topology sockets='${written}' cores='1' threads='1'/></cpu>`);
  const read = (): unknown => parseDomain(text).cpu?.topology?.sockets;
  expect(typeof count === 'number' ? read() : refusalOf(read)).toBe(count);
});

test.each([
  ['in the metadata', "<metadata><x:app xmlns:x='urn:x'><cpu mode='bad'/></x:app></metadata>"],
  ['in a comment', "<!-- <cpu mode='bad'/> -->"],
  ['in CDATA', "<description><![CDATA[<cpu mode='bad'/>]]></description>"],
  ['in a processing instruction', "<?note <cpu mode='bad'/> ?>"],
  ['with a prefix', "<x:cpu xmlns:x='urn:x' mode='bad'/>"],
  ['in a namespace of its own', "<cpu xmlns='urn:x' mode='bad'/>"],
  ['deeper down', "<devices><cpu mode='bad'/></devices>"],
])('a <cpu> %s is none of the domain’s', (_, inner) => {
  expect(parseDomain(domain(inner)).cpu).toBeUndefined();
  const beside = parseDomain(domain(`${inner}\n<cpu mode='maximum'/>\n${inner}`));
  expect(beside.cpu?.mode).toBe('maximum');
});

test.each([
  ['in a comment', "<!-- <feature name='avx'/> -->"],
  ['in CDATA', "<![CDATA[<feature name='avx'/>]]>"],
  ['in a processing instruction', "<?note <feature name='avx'/> ?>"],
  ['with a prefix', "<x:feature xmlns:x='urn:x' name='avx'/>"],
  ['in a namespace of its own', "<feature xmlns='urn:x' name='avx'/>"],
  ['inside another element', "<numa><feature name='avx'/></numa>"],
])('a <feature> %s is none of the CPU’s', (_, inner) => {
  const read = parseDomain(cpu(`${inner}<feature name='pcid'/>${inner}`)).cpu;
  expect(read?.features.map(({ name }) => name)).toEqual(['pcid']);
});

test('an empty xmlns is no namespace at all', () => {
  const read = parseDomain(cpu("<feature xmlns='' policy='require' name='avx'/>")).cpu;
  expect(read?.features.map(({ name }) => name)).toEqual(['avx']);
});

test('a <model> or <vendor> in a namespace of its own is none of the CPU’s', () => {
  const read = parseDomain(cpu("<model xmlns='urn:x'>EPYC</model><vendor xmlns='urn:x'>AMD</vendor>")).cpu;
  expect([read?.model, read?.vendor]).toEqual([undefined, undefined]);
});

test('names, types and emulators elsewhere are none of the domain’s', () => {
  const text = domain(
    "<metadata><name>m</name><uuid>m</uuid><os><type arch='vax'/></os></metadata>" +
      "<x:name xmlns:x='urn:x'>x</x:name><emulator>/bin/sh</emulator>",
  );
  expect(parseDomain(text)).toMatchObject({
    ...{ name: undefined, uuid: undefined, arch: undefined, emulator: undefined },
  });
});

test('namespaces a domain declares with a prefix change nothing', () => {
  const text = "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><cpu/></domain>";
  expect(parseDomain(text).cpu?.mode).toBe('custom');
});

test('limits and the file’s name are those of the caller', () => {
  expect(refusalOf(() => parseDomain('<domain><os><type/></os></domain>', { maxDepth: 2 }))).toBe(
    'too-deep 1:13',
  );
  expect(refusalOf(() => parseDomain('<domain/>', { maxLength: 8 }))).toBe('too-large 1:1');
  expect(errorOf(() => parseDomain('<domain>', { file: 'web.xml' }))).toMatchObject({
    file: 'web.xml',
    message: expect.stringMatching(/^web\.xml:1:1: /) as string,
  });
});
