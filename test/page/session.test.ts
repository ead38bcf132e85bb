import { newHostReader } from '../../lib/parser/host/host.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { EMPTY, withFile, type GivenFile, type Readers, type Session } from '../../page/session.ts';
import { tenHosts } from '../support/fleet.ts';

const readers: Readers = {
  host: newHostReader(),
  yaml: (text) => [JSON.parse(text) as unknown],
  domain: () => Promise.resolve(parseDomain),
};
const GUEST = "<?xml version='1.0'?>\n<!-- a <host> -->\n<domain type='kvm'><name>web</name></domain>";

async function given(...files: readonly GivenFile[]): Promise<Session> {
  let session = EMPTY;
  for (const file of files) session = await withFile(session, file, readers);
  return session;
}

test('hosts and guests are told apart, and hosts have the names of their files', async () => {
  const [first, second] = tenHosts();
  const session = await given(
    first ?? { name: '', text: '' },
    { name: 'web.xml', text: GUEST },
    second ?? { name: '', text: '' },
  );
  expect(session.hosts.map(({ name }) => name)).toEqual(['kvm-01', 'kvm-02']);
  expect(session.guests.map(({ file, domain }) => [file, domain.name])).toEqual([['web.xml', 'web']]);
  expect(session.problems).toEqual([]);
});

test.each(['domstatus', 'domainsnapshot', 'domaincheckpoint'])(
  'a guest may stand in a <%s>',
  async (name) => {
    const { guests, problems } = await given({
      name: 'web.xml',
      text: `<${name}><domain><name>web</name></domain></${name}>`,
    });
    expect([guests.map(({ domain }) => domain.name), problems]).toEqual([['web'], []]);
  },
);

test('a file that is given again takes the place of what it was', async () => {
  const [first = { name: '', text: '' }, other = { name: '', text: '' }] = tenHosts();
  const bad = { name: first.name, text: '<domainCapabilities>' };
  const session = await given(bad, first, { ...other, name: first.name });
  expect(session.hosts).toHaveLength(1);
  expect(session.problems).toEqual([]);
});

test.each([
  ['broken.xml', '<domainCapabilities>'],
  ['guest.xml', '<domain'],
  ['note.txt', 'nothing of the kind'],
  ['empty', ''],
])('%s is a problem that is told, and the others stay', async (name, text) => {
  const [first = { name: '', text: '' }] = tenHosts();
  const session = await given(first, { name, text });
  expect(session.hosts).toHaveLength(1);
  expect(session.problems.map(({ file }) => file)).toEqual([name]);
});
