import { parseHosts } from '../../../lib/parser/host/host.ts';
import { piecesOf } from '../../../lib/parser/host/pieces.ts';
import { refusalOf } from '../../support/findings.ts';

const LENGTH = 1 << 23;
const MOST = { maxLength: LENGTH * 2, name: 'h', libvirtVersion: '9.0.0' };
const padding = (length: number, inner = ''): string => `<!-- ${inner}${'x'.repeat(length)} -->`;
const cpu = (feature: string, inner = ''): string =>
  `<cpu>\n<arch>x86_64</arch>\n<model>486</model>\n<feature name='${feature}'/>\n${inner}</cpu>\n`;

/** So long that it is read in pieces. */
const long = (of: (i: number) => string, between = ''): string => {
  const documents = Array.from({ length: 80 }, (_, i) => of(i));
  return documents.join(between);
};
const namesOf = (text: string): readonly string[] => parseHosts(text, MOST).map(({ name }) => name);
const FEATURES = ['avx', 'aes', 'tsc'];
const featureOf = (i: number): string => FEATURES[i % FEATURES.length] ?? '';
const text = long((i) => cpu(featureOf(i), padding(100_000)));

test('a short text is one piece', () => {
  expect(piecesOf('<cpu/>\n<cpu/>')).toEqual(['<cpu/>\n<cpu/>']);
});

test('a long text is cut between documents, and nothing is lost', () => {
  const pieces = piecesOf(text);
  expect(pieces.length).toBeGreaterThan(4);
  expect(pieces.join('')).toBe(text);
  expect(pieces.every((piece) => piece.startsWith('<cpu>'))).toBe(true);
});

test('its hosts are those that were read in one piece', () => {
  const hosts = parseHosts(text, MOST);
  const short = parseHosts(
    long((i) => cpu(featureOf(i))),
    MOST,
  );
  expect(hosts).toEqual(short);
  expect(hosts.map(({ name }) => name)).toEqual(Array.from({ length: 80 }, (_, i) => `h#${i + 1}`));
  expect(new Set(hosts.map(({ features }) => features)).size).toBe(FEATURES.length);
});

test.each<[string, string]>([
  ['a comment that looks like a document', long((i) => cpu(featureOf(i), padding(100_000, '\n<cpu>')))],
  ['documents without a line of their own', text.replaceAll('</cpu>\n', '</cpu>')],
  ['one document, and hardly anything of it', padding(LENGTH) + cpu('avx') + cpu('aes')],
])('where the guess is wrong, the text is read whole: %s', (_, given) => {
  const names = namesOf(given);
  expect(names).toEqual(names.map((_name, i) => `h#${i + 1}`));
  expect(names.length).toBeGreaterThan(1);
});

test('one long document has no number', () => {
  expect(namesOf(cpu('avx', padding(LENGTH)))).toEqual(['h']);
});

test.each<[string, string, string]>([
  ['is unknown', `${text}${cpu('no-such')}`, `unknown-feature ${80 * 5 + 4}:1`],
  ['is given twice', `${text}${cpu('avx', "<feature name='avx'/>\n")}`, `duplicate-feature ${80 * 5 + 5}:1`],
])('the place of what %s is one in the whole text', (_, given, expected) => {
  expect(refusalOf(() => parseHosts(given, MOST))).toBe(expected);
});

test('the place where a document is cut off is one in the whole text', () => {
  expect(refusalOf(() => parseHosts(`${text}<cpu>\n`, MOST))).toBe(`bad-xml ${80 * 5 + 1}:1`);
});

test('a note of a capture holds beyond the piece it is in', () => {
  const { libvirtVersion: _, ...unstated } = MOST;
  const hosts = parseHosts(`<?virt-migratable libvirt='9.0.0'?>\n${text}`, unstated);
  expect(new Set(hosts.map(({ libvirtVersion }) => libvirtVersion))).toEqual(new Set(['9.0.0']));
});

test('the limit of a document’s length is one of the whole text', () => {
  expect(refusalOf(() => parseHosts(text, { ...MOST, maxLength: LENGTH / 2 }))).toBe('too-large 1:1');
});
