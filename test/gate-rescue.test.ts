// Tries lib/parser/domain/qemu-command-line.ts, lib/writer/command-line.ts and lib/xml/namespaces.ts as well.
import fc from 'fast-check';
import { rescueDomain } from '../lib/gate.ts';
import { told } from './support/findings.ts';

const NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';
const CPU = "<cpu mode='host-passthrough'/>";
const off = (name: string): string => `host-x86_64-cpu.${name}=off`;
const rescued = (xml: string, ...features: readonly string[]): string =>
  rescueDomain(xml, features.length === 0 ? ['avx2'] : features).xml;

test.each<[string, string, string]>([
  [
    'a new command line, its prefix declared',
    `<domain type='kvm'>\n  ${CPU}\n</domain>\n`,
    `<domain type='kvm' xmlns:qemu='${NAMESPACE}'>\n  ${CPU}\n  <qemu:commandline>\n    <qemu:arg value='-global'/>\n    <qemu:arg value='${off('avx2')}'/>\n  </qemu:commandline>\n</domain>\n`,
  ],
  [
    'behind a comment, in CRLF, tabs and double quotes',
    `<domain type="kvm" >\r\n\t<cpu mode="host-passthrough"/> <!-- last -->\r\n</domain>`,
    `<domain type="kvm" xmlns:qemu="${NAMESPACE}" >\r\n\t<cpu mode="host-passthrough"/> <!-- last -->\r\n\t<qemu:commandline>\r\n\t\t<qemu:arg value="-global"/>\r\n\t\t<qemu:arg value="${off('avx2')}"/>\r\n\t</qemu:commandline>\r\n</domain>`,
  ],
  [
    'a domain without line breaks',
    `<domain>${CPU}</domain>`,
    `<domain xmlns:qemu='${NAMESPACE}'>${CPU}<qemu:commandline><qemu:arg value='-global'/><qemu:arg value='${off('avx2')}'/></qemu:commandline></domain>`,
  ],
  [
    "somebody's own prefix for the namespace",
    `<domain xmlns:q='${NAMESPACE}'>${CPU}</domain>`,
    `<domain xmlns:q='${NAMESPACE}'>${CPU}<q:commandline><q:arg value='-global'/><q:arg value='${off('avx2')}'/></q:commandline></domain>`,
  ],
  [
    'the usual prefix, taken for something else',
    `<domain xmlns:qemu='urn:other'>${CPU}<qemu:commandline/></domain>`,
    `<domain xmlns:qemu='urn:other' xmlns:qemu2='${NAMESPACE}'>${CPU}<qemu:commandline/><qemu2:commandline><qemu2:arg value='-global'/><qemu2:arg value='${off('avx2')}'/></qemu2:commandline></domain>`,
  ],
  [
    'a command line that is there',
    `<domain xmlns:qemu='${NAMESPACE}'>\n  <qemu:commandline>\n    <qemu:arg value='-s'/>\n    <qemu:env name='A' value='b'/>\n  </qemu:commandline>\n  ${CPU}\n</domain>`,
    `<domain xmlns:qemu='${NAMESPACE}'>\n  <qemu:commandline>\n    <qemu:arg value='-s'/>\n    <qemu:arg value='-global'/>\n    <qemu:arg value='${off('avx2')}'/>\n    <qemu:env name='A' value='b'/>\n  </qemu:commandline>\n  ${CPU}\n</domain>`,
  ],
  [
    'an empty one',
    `<domain xmlns:qemu='${NAMESPACE}'>\n  ${CPU}\n  <qemu:commandline />\n</domain>`,
    `<domain xmlns:qemu='${NAMESPACE}'>\n  ${CPU}\n  <qemu:commandline>\n    <qemu:arg value='-global'/>\n    <qemu:arg value='${off('avx2')}'/>\n  </qemu:commandline>\n</domain>`,
  ],
  [
    'the last of two, declared by itself under another prefix',
    `<domain xmlns:qemu='${NAMESPACE}'>${CPU}<qemu:commandline/><commandline xmlns='${NAMESPACE}'></commandline></domain>`,
    `<domain xmlns:qemu='${NAMESPACE}'>${CPU}<qemu:commandline/><commandline xmlns='${NAMESPACE}'><arg value='-global'/><arg value='${off('avx2')}'/></commandline></domain>`,
  ],
  [
    'a value that was turned on since',
    `<domain xmlns:qemu='${NAMESPACE}'>${CPU}<qemu:commandline><qemu:arg value='-global'/><qemu:arg value='${off('avx2')}'/><qemu:arg value='-global'/><qemu:arg value='${off('avx2').replace('off', 'on')}'/></qemu:commandline></domain>`,
    `<domain xmlns:qemu='${NAMESPACE}'>${CPU}<qemu:commandline><qemu:arg value='-global'/><qemu:arg value='${off('avx2')}'/><qemu:arg value='-global'/><qemu:arg value='${off('avx2').replace('off', 'on')}'/><qemu:arg value='-global'/><qemu:arg value='${off('avx2')}'/></qemu:commandline></domain>`,
  ],
  [
    'maximum',
    `<domain><cpu mode='maximum'/></domain>`,
    `<domain xmlns:qemu='${NAMESPACE}'><cpu mode='maximum'/><qemu:commandline><qemu:arg value='-global'/><qemu:arg value='max-x86_64-cpu.avx2=off'/></qemu:commandline></domain>`,
  ],
])('%s', (_, before, after) => {
  expect(rescued(before)).toBe(after);
  expect(rescued(after)).toBe(after);
});

test('names are those of QEMU, sorted, each once', () => {
  const { xml } = rescueDomain(`<domain>${CPU}</domain>`, ['pni', 'lahf_lm', 'pclmuldq', 'pni']);
  const globals = [...xml.matchAll(/cpu\.([^=]+)=off/g)].map(([, name]) => name);
  expect(globals).toEqual(['lahf-lm', 'pclmulqdq', 'pni']);
});

test('what is off already is not said again', () => {
  const once = rescued(`<domain>${CPU}</domain>`, 'avx2');
  const twice = rescued(once, 'avx', 'avx2');
  expect(twice.match(/avx2=off/g)).toHaveLength(1);
  expect(twice.match(/cpu\.avx=off/g)).toHaveLength(1);
});

test.each([
  ['a custom CPU', '<domain><cpu><model>486</model></cpu></domain>'],
  ['host-model', "<domain><cpu mode='host-model'/></domain>"],
  ['another architecture', `<domain><os><type arch='i686'>hvm</type></os>${CPU}</domain>`],
  ['a domain without a CPU', '<domain/>'],
])('never for %s', (_, xml) => {
  const result = rescueDomain(xml, ['avx2']);
  expect([result.xml, result.edits, told(result.issues)]).toEqual([xml, [], ['error guest-not-rescuable']]);
});

test('a name that could be more than a name is refused', () => {
  expect(() => rescueDomain(`<domain>${CPU}</domain>`, ["a'/>"])).toThrow(RangeError);
});

test('taking the edits out gives the text again, whatever it looks like', () => {
  const layouts = fc.record({
    newline: fc.constantFrom('', '\n', '\r\n'),
    prefix: fc.constantFrom('', 'qemu', 'q'),
    own: fc.constantFrom('none', 'empty', 'args'),
    end: fc.constantFrom('', '<!-- end -->', '\n\n'),
    names: fc.uniqueArray(fc.constantFrom('avx', 'avx2', 'pni', 'lahf_lm'), { minLength: 1 }),
  });
  fc.assert(
    fc.property(layouts, ({ newline, prefix, own, end, names }) => {
      const declared = prefix === '' ? '' : ` xmlns:${prefix}='${NAMESPACE}'`;
      const arg = own === 'args' ? `<${prefix}:arg value='-s'/>` : '';
      const line =
        prefix === '' || own === 'none'
          ? ''
          : `<${prefix}:commandline>${arg}</${prefix}:commandline>${newline}`;
      const xml = `<domain${declared}>${newline}${CPU}${newline}${line}${end}</domain>`;
      const { xml: after, edits } = rescueDomain(xml, names);
      let back = after;
      for (const { start, end: stop, text } of edits)
        back = back.slice(0, start) + xml.slice(start, stop) + back.slice(start + text.length);
      expect(back).toBe(xml);
      expect(rescueDomain(after, names).xml).toBe(after);
    }),
  );
});
