import { parseDomain } from '../../../lib/parser/domain/domain.ts';

const NS = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';
const ID = 'http://redhat.com/rhel/10.0';

test.each<[string, string, string | undefined]>([
  [
    'as virt-install writes it',
    `<metadata><libosinfo:libosinfo xmlns:libosinfo="${NS}"><libosinfo:os id="${ID}"/></libosinfo:libosinfo></metadata>`,
    ID,
  ],
  ['any prefix', `<metadata><o:libosinfo xmlns:o='${NS}'><o:os id='${ID}'/></o:libosinfo></metadata>`, ID],
  ['no prefix', `<metadata><libosinfo xmlns='${NS}'><os id='${ID}'/></libosinfo></metadata>`, ID],
  [
    'declared around it',
    `<metadata xmlns:libosinfo='${NS}'><libosinfo:libosinfo><libosinfo:os id='${ID}'/></libosinfo:libosinfo></metadata>`,
    ID,
  ],
  [
    'other metadata before and after',
    `<metadata><a:b xmlns:a='urn:a'><a:os id='x'/></a:b><l:libosinfo xmlns:l='${NS}'><l:os id='${ID}'/></l:libosinfo><c/></metadata>`,
    ID,
  ],
  [
    'an entity in the id',
    `<metadata><l:libosinfo xmlns:l='${NS}'><l:os id='http://redhat.com/rhel/10&#46;0'/></l:libosinfo></metadata>`,
    ID,
  ],
  [
    'another namespace',
    `<metadata><l:libosinfo xmlns:l='urn:x'><l:os id='${ID}'/></l:libosinfo></metadata>`,
    undefined,
  ],
  ['no namespace', `<metadata><libosinfo><os id='${ID}'/></libosinfo></metadata>`, undefined],
  [
    'a prefix that means something else inside',
    `<metadata><l:libosinfo xmlns:l='${NS}'><l:os xmlns:l='urn:x' id='${ID}'/></l:libosinfo></metadata>`,
    undefined,
  ],
  ['no id', `<metadata><l:libosinfo xmlns:l='${NS}'><l:os/></l:libosinfo></metadata>`, undefined],
  [
    'elsewhere',
    `<devices><l:libosinfo xmlns:l='${NS}'><l:os id='${ID}'/></l:libosinfo></devices>`,
    undefined,
  ],
  ['no metadata', '', undefined],
])('the system of a domain: %s', (_, metadata, id) => {
  const xml = `<domain type='kvm'><name>g</name>${metadata}<os><type>hvm</type></os></domain>`;
  const { system, text } = parseDomain(xml);
  expect(system?.id).toBe(id);
  expect(system === undefined || text.slice(system.span.start, system.span.end).includes('id=')).toBe(true);
});

test('the system of a running guest with its status around it', () => {
  const inner = `<domain type='kvm' id='1' xmlns:l='${NS}'><metadata><l:libosinfo><l:os id='${ID}'/></l:libosinfo></metadata></domain>`;
  expect(parseDomain(`<domstatus>${inner}</domstatus>`).system?.id).toBe(ID);
});
