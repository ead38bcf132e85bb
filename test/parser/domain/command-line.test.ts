import { parseDomain } from '../../../lib/parser/domain/domain.ts';

const QEMU = 'http://libvirt.org/schemas/domain/qemu/1.0';

test.each<[string, string, readonly string[]]>([
  [
    'declared by the domain',
    `<domain xmlns:qemu='${QEMU}'><qemu:commandline><qemu:arg value='-cpu'/><qemu:arg value='host,-avx'/></qemu:commandline></domain>`,
    ['-cpu', 'host,-avx'],
  ],
  [
    'another prefix, declared by the element',
    `<domain><q:commandline xmlns:q='${QEMU}'><q:arg value='--cpu'/></q:commandline></domain>`,
    ['--cpu'],
  ],
  [
    'no prefix',
    `<domain><commandline xmlns='${QEMU}'><arg value='-global'/></commandline></domain>`,
    ['-global'],
  ],
  [
    'a namespace written with a reference',
    `<domain><q:commandline xmlns:q='${QEMU.replace('/', '&#x2f;')}'><q:arg value='-a&#45;b'/></q:commandline></domain>`,
    ['-a-b'],
  ],
  [
    'several elements, environment beside the arguments',
    `<domain xmlns:q='${QEMU}'><q:commandline><q:env name='A'/><q:arg value='a'/></q:commandline><q:commandline><q:arg value='b'/></q:commandline></domain>`,
    ['a', 'b'],
  ],
  [
    'the domain of a running guest',
    `<domstatus xmlns:q='${QEMU}'><domain><q:commandline><q:arg value='a'/></q:commandline></domain></domstatus>`,
    ['a'],
  ],
  [
    'another namespace',
    "<domain xmlns:q='urn:q'><q:commandline><q:arg value='a'/></q:commandline></domain>",
    [],
  ],
  ['no namespace', "<domain><commandline><arg value='a'/></commandline></domain>", []],
  [
    'elsewhere',
    `<domain xmlns:q='${QEMU}'><metadata><q:commandline><q:arg value='a'/></q:commandline></metadata></domain>`,
    [],
  ],
])('arguments for QEMU: %s', (_, text, expected) => {
  const domain = parseDomain(text);
  expect(domain.commandLine.map(({ value }) => value)).toEqual(expected);
  for (const { span } of domain.commandLine)
    expect(text.slice(span.start, span.end)).toMatch(/^<(?:\w+:)?arg value='[^']+'\/>$/);
});
