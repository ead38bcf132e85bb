import fc from 'fast-check';
import { withRecord } from '../../lib/record/note.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { parseRecord } from '../../lib/record/read.ts';
import { undoRewrite } from '../../lib/record/record.ts';
import { rewriteView } from '../support/rewrite.ts';
import { applyEdits } from '../../lib/text/edit.ts';
import { editsFor } from '../../lib/writer/edits.ts';
import { newPaths } from '../../lib/xml/path.ts';
import { scanAgain } from '../../lib/xml/place.ts';
import { childrenOf } from '../../lib/xml/query.ts';
import type { DomainElement } from '../../types/domain.ts';
import type { Host } from '../../types/host.ts';
import type { DomainChange } from '../../types/plan.ts';
import { domainXml, guests, styles } from '../support/domains.ts';
import { told } from '../support/findings.ts';
import { host } from '../support/host.ts';
import { hostOf } from '../support/pool.ts';

const record = { record: true };
const A = host('a', ['clwb', 'pcid']);
const B = host('b', ['pcid', 'stibp']);
const C = host('c', ['clwb', 'stibp']);

const domain = (cpu: string, metadata = ''): string => `<domain type='kvm'>
  <name>guest</name>${metadata}
  ${cpu}
</domain>
`;
const cpuOf = (...lines: readonly string[]): string =>
  lines.length === 0
    ? `<cpu mode='host-passthrough'/>`
    : `<cpu mode='host-passthrough'>\n${lines.map((line) => `    ${line}\n`).join('')}  </cpu>`;
const off = (name: string): string => `<feature policy='disable' name='${name}'/>`;
const noted = (...entries: readonly string[]): string =>
  [
    "\n    <migratable:added xmlns:migratable='urn:libvirt-migratable:1'>",
    ...entries.map((entry) => `      <migratable:${entry}/>`),
    '    </migratable:added>',
  ].join('\n');
const entry = (name: string, more = ''): string => `feature name='${name}' policy='disable'${more}`;
const metadata = (...entries: readonly string[]): string =>
  `\n  <metadata>${noted(...entries, "element at='metadata'")}\n  </metadata>`;

const plain = domain(cpuOf());
const [FOR_ALL, FOR_AB] = [
  domain(
    cpuOf(off('clwb'), off('pcid'), off('stibp')),
    metadata(entry('clwb'), entry('pcid'), entry('stibp')),
  ),
  domain(cpuOf(off('clwb'), off('stibp')), metadata(entry('clwb'), entry('stibp'))),
];

describe('a recorded rewrite', () => {
  test('notes what it adds', () => {
    expect(rewriteView(plain, [A, B, C], record).shared).toBe(FOR_ALL);
  });

  test('lets go what only a host that left asked for', () => {
    const { shared, changed, recorded } = rewriteView(FOR_ALL, [A, B], record);
    expect({ shared, changed }).toEqual({ shared: FOR_AB, changed: true });
    expect(recorded?.before.length).toBe(4);
    expect(recorded?.after.length).toBe(3);
  });

  test('gives back the domain when no host differs', () => {
    expect(rewriteView(FOR_ALL, [A, { ...A, name: 'b' }], record).shared).toBe(plain);
  });

  test('twice is once', () => {
    for (const text of [FOR_ALL, rewriteView(FOR_ALL, [A, B, C], record).perHost['a'] ?? '']) {
      expect(rewriteView(text, [A, B, C], record).shared).toBe(FOR_ALL);
    }
    const again = rewriteView(FOR_ALL, [A, B, C], record);
    expect(again.changed).toBe(false);
  });

  test('notes in each form what that form adds', () => {
    const { perHost } = rewriteView(plain, [A, B], record);
    expect(perHost).toEqual({
      a: domain(cpuOf(off('clwb')), metadata(entry('clwb'))),
      b: domain(cpuOf(off('stibp')), metadata(entry('stibp'))),
    });
    expect(rewriteView(perHost['a'] ?? '', [A, B], record).perHost).toEqual(perHost);
  });

  test('says nothing where nothing is added', () => {
    const result = rewriteView(plain, [A, { ...A, name: 'b' }], record);
    expect(result).toMatchObject({ shared: plain, changed: false, recorded: { before: [], after: [] } });
  });

  test('leaves all as it is where something stops it, and tells the places in the text given', () => {
    const text = FOR_ALL.replace(off('stibp'), "<feature policy='require' name='stibp'/>");
    const { shared, issues } = rewriteView(text, [A, B], record);
    expect(shared).toBe(text);
    expect(told(issues)).toEqual(['error policy-conflict stibp [a]']);
    expect(issues[0]?.span?.start).toBe(text.indexOf("<feature policy='require'"));
    expect(issues[0]).toMatchObject({ line: 14, column: 5 });
  });
});

test.each(['<type>', '<type >', "<type arch = 'x86_64'>", '<type machine="">'])(
  'a machine type that %s got is taken away again',
  (type) => {
    const list = "<machine>pc-i440fx-8.2</machine><machine canonical='pc-i440fx-8.2'>pc</machine>";
    const hosts = ['a', 'b'].map((name) => hostOf(name, { machine: 'pc-i440fx-8.2', machines: list }));
    const text = domain(`<os>${type}hvm</type></os>${cpuOf()}`);
    const { shared } = rewriteView(text, hosts, { ...record, also: { machine: 'common' } });
    expect(shared).toContain(' machine=');
    expect(parseDomain(shared).machine).toBe('pc-i440fx-8.2');
    expect(undoRewrite(shared)).toBe(text);
  },
);

describe('what is not the tool’s', () => {
  const own = domain(
    cpuOf(off('stibp'), "<feature policy='optional' name='pcid'/>", "<feature name='fpu'/> <!-- mine -->"),
    '\n  <metadata>\n    <o:x xmlns:o="urn:o"/>\n  </metadata>',
  );
  const rewritten = rewriteView(own, [A, B, C], record).shared;

  test('stays: a line, and the policy a line had', () => {
    expect(rewritten).toBe(
      own
        .replace("policy='optional'", "policy='disable'")
        .replace('<!-- mine -->', `<!-- mine -->\n    ${off('clwb')}`)
        .replace(
          '<o:x xmlns:o="urn:o"/>',
          `<o:x xmlns:o="urn:o"/>${noted(entry('clwb'), entry('pcid', " replaced='optional'")).replaceAll("'", '"')}`,
        ),
    );
    expect(rewriteView(rewritten, [A, { ...A, name: 'b' }], record).shared).toBe(own);
  });

  test('is what somebody changed since', () => {
    const changed = FOR_ALL.replace(off('pcid'), "<feature policy='forbid' name='pcid'/>");
    const { shared } = rewriteView(changed, [A, B], record);
    expect(shared).toBe(
      domain(
        cpuOf("<feature policy='forbid' name='pcid'/>", off('clwb'), off('stibp')),
        metadata(entry('clwb'), entry('stibp')),
      ),
    );
  });

  test('is a rewrite without a record', () => {
    const shared = rewriteView(plain, [A, B, C]).shared;
    expect(rewriteView(shared, [A, B], record)).toMatchObject({ shared, changed: false });
  });

  test.each([
    ['a name without policy', "feature name='clwb'"],
    ['a policy nobody writes', "feature name='clwb' policy='force'"],
    ['a policy nobody had', "feature name='clwb' policy='disable' replaced='x'"],
    ['another kind', "thing at='cpu'"],
    ['half an entry', "attribute at='cpu'"],
    ['a text without value', "text at='cpu'"],
    ['an element without path', 'element'],
    ['a removal without markup', "removed at='cpu'"],
    ['a path to nowhere', "element at='cpu/nope[7]'"],
  ])('is what the record does not say well: %s', (_, said) => {
    const text = domain(cpuOf(off('clwb')), `\n  <metadata>${noted(said)}<a xmlns='urn:a'/>\n  </metadata>`);
    expect(undoRewrite(text)).toContain(off('clwb'));
  });

  test('is what a record says twice, or against itself', () => {
    const said = noted(
      "attribute at='cpu' name='mode' value='custom'",
      "attribute at='cpu' name='mode' value='custom' replaced='maximum'",
      "text at='cpu' value=''",
      entry('clwb'),
      entry('clwb'),
    );
    const text = domain(
      cpuOf(off('clwb'))
        .replace("mode='host-passthrough'", "mode='custom'")
        .replace('<feature', '<model>486</model><feature'),
      `\n  <metadata>${said}\n  </metadata>`,
    );
    expect(undoRewrite(text)).not.toContain("mode='custom'");
  });

  test.each([['a second model', "removed at='cpu' xml='&lt;model>486&lt;/model>'"]])(
    'is what an altered record says that would make %s',
    (_, said) => {
      const text = domain(
        cpuOf(off('clwb')),
        `\n  <metadata>${noted(entry('clwb'), said)}<a xmlns='urn:a'/>\n  </metadata>`,
      );
      expect(undoRewrite(text)).not.toContain('urn:libvirt-migratable');
    },
  );

  test('is a record in another namespace', () => {
    const text = domain(cpuOf(off('clwb')), metadata(entry('clwb')).replace('migratable:1', 'migratable:2'));
    expect(undoRewrite(`${text}<!-- urn:libvirt-migratable:1 -->`)).toBe(
      `${text}<!-- urn:libvirt-migratable:1 -->`,
    );
  });
});

/** The element at a path below `<domain>`, as a place for changes. */
function elementIn(text: string, path: string): DomainElement {
  const { tree, top } = scanAgain(text, 0);
  const found = newPaths(tree).at(top, path);
  if (found === undefined) throw new RangeError(`no ${path}`);
  const { index, start, end, startTag, contentEnd } = found;
  const children = childrenOf(tree, index).map((child) => ({
    name: child.name,
    span: { start: child.start, end: child.end },
  }));
  return { span: { start, end }, startTag, contentEnd, children };
}

describe('any change is undone', () => {
  const text = `<domain type="kvm">
  <name>guest</name>
  <title>t</title>
  <cpu mode="maximum" migratable="on">
    <maxphysaddr mode="passthrough" limit="46"/>
    <topology sockets="1"/>
  </cpu>
  <devices>
    <interface type="network">
      <mac address="52:54:00:00:00:01"/>
    </interface>
    <interface type="network">
      <source network="n"/>
    </interface>
  </devices>
</domain>
`;
  const at = (path: string): DomainElement => elementIn(text, path);
  const driver = { name: 'driver', children: [{ name: 'host', attributes: { gso: 'off', csum: 'off' } }] };

  test.each<[string, readonly DomainChange[]]>([
    [
      'an attribute',
      [{ kind: 'set-attribute', startTag: at('cpu').startTag, name: 'mode', value: 'custom' }],
    ],
    [
      'a new attribute',
      [{ kind: 'set-attribute', startTag: at('cpu').startTag, name: 'check', value: 'full' }],
    ],
    [
      'an attribute taken away',
      [{ kind: 'remove-attribute', startTag: at('cpu').startTag, name: 'migratable' }],
    ],
    ...['devices/interface', 'devices/interface[2]'].map((path): [string, DomainChange[]] => [
      `elements in ${path}`,
      [{ kind: 'add-element', parent: at(path), order: ['mac', 'source', 'driver'], element: driver }],
    ]),
  ])('%s', (_, changes) => {
    const parsed = parseDomain(text);
    const recorded = withRecord(parsed, changes);
    const after = applyEdits(text, editsFor(parsed, recorded.changes));
    expect(parseRecord(parseDomain(after))?.changes).toEqual(recorded.record);
    expect(undoRewrite(after)).toBe(text);
  });

  test('an element in place of another, behind its siblings', () => {
    const parsed = parseDomain(text);
    const element = { name: 'maxphysaddr', attributes: { mode: 'emulate', bits: '39' } };
    const { changes } = withRecord(parsed, [
      { kind: 'replace-element', span: at('cpu/maxphysaddr').span, element },
    ]);
    const after = applyEdits(text, editsFor(parsed, changes));
    expect(after).toContain('<maxphysaddr mode="emulate" bits="39"/>');
    expect(undoRewrite(after)).toContain('<maxphysaddr mode="passthrough" limit="46"/>');
    expect(undoRewrite(after)).not.toContain('emulate');
  });

  test('except what somebody put into it since', () => {
    const parsed = parseDomain(text);
    const { changes } = withRecord(parsed, [
      { kind: 'add-element', parent: at('devices/interface'), order: ['mac', 'driver'], element: driver },
    ]);
    const after = applyEdits(text, editsFor(parsed, changes)).replace('<driver>', '<driver queues="4">');
    expect(undoRewrite(after)).toBe(text.replace(':01"/>', ':01"/>\n      <driver queues="4"/>'));
  });
});

test.each([
  ['/>', 0],
  [' />', 1],
  ['\n  />', 1],
  ['></cpu>', 1],
  [' ></cpu >', 1],
  ['>\n  </cpu>', 1],
])('an empty element ends as it did: %j', (end, notes) => {
  const original = domain(`<cpu mode='host-passthrough'${end}`, '\n  <metadata></metadata>');
  const { shared } = rewriteView(original, [A, B], record);
  expect(undoRewrite(shared)).toBe(original);
  expect(rewriteView(shared, [A, B], record).changed).toBe(false);
  expect(shared.split('<migratable:empty ').length - 1).toBe(notes + 1);
});

test.each([
  [
    'more on the line of a neighbour',
    domain(cpuOf()).replace('guest</name>', 'guest</name><memory>1</memory>'),
  ],
  ['an instruction behind the last feature', domain(cpuOf(`<feature policy='optional' name='aes'/> <?x?>`))],
  ['text behind it', domain(cpuOf(`<feature policy='optional' name='aes'/> text`))],
  ['a comment behind the start tag', domain(`<cpu mode='maximum'> <!-- c -->\n    <numa/>\n  </cpu>`)],
  ['a comment alone', domain(`<cpu mode='maximum'><!-- c --> </cpu>`, '\n  <metadata><!-- d --></metadata>')],
  ['a no-break space alone', domain(`<cpu mode='maximum'>\u00a0</cpu>`, '\n  <metadata> \u00a0 </metadata>')],
  [
    'elements of others with the same name',
    domain(cpuOf(), `<cpu xmlns='urn:x'/>\n  <metadata xmlns='urn:x'/>`),
  ],
])('gives back every byte beside %s', (_, text) => {
  for (const cpu of ['level', 'guard'] as const) {
    const { shared, changed } = rewriteView(text, [A, B], { record: true, cpu });
    expect({ changed, undone: undoRewrite(shared) }).toEqual({ changed: true, undone: text });
    expect(rewriteView(shared, [A, B], { record: true, cpu }).shared).toBe(shared);
  }
});

test.each(['486', '4<!-- c -->86', '<![CDATA[486]]>'])('gives back a model in its place: %s', (model) => {
  const lines = cpuOf(`<model>${model}</model> <!-- old -->`, `<feature policy='optional' name='stibp'/>`);
  const text = domain(lines.replace('host-passthrough', 'custom'));
  const { shared, changed } = rewriteView(text, [A, B], { record: true, cpu: { pin: '486' } });
  expect({ changed, undone: undoRewrite(shared) }).toEqual({ changed: true, undone: text });
});

test('a comment that somebody wrote behind a new line keeps its line', () => {
  const { shared } = rewriteView(domain(cpuOf(off('aes'))), [A, B], record);
  const undone = undoRewrite(shared.replace(off('stibp'), `${off('stibp')} <!-- why? -->`));
  expect(undone).toContain(`${off('aes')}\n     <!-- why? -->\n`);
});

test('an end that is none of its element counts for nothing', () => {
  const { shared } = rewriteView(domain("<cpu mode='maximum'></cpu>"), [A, B], record);
  expect(undoRewrite(shared.replace('&lt;/cpu', '&lt;/devices'))).toContain("<cpu mode='maximum'/>");
});

describe('laws', () => {
  const NAMES = ['avx', 'clwb', 'pcid', 'stibp', 'umip', 'xsaveopt'];
  const pools = fc.array(fc.subarray(NAMES), { minLength: 3, maxLength: 3 });
  const hostsOf = (lists: readonly (readonly string[])[]): Host[] =>
    lists.map((features, i) => host(`h${i}`, features));
  const demands = ['optional', 'disable', 'forbid', 'require', undefined] as const;
  const override = { ...record, accept: ['conflicts'] } as const;
  /** An element that was emptied is written as one that was always empty. */
  const levelled = (text: string): string => text.replaceAll(/<cpu ([^<>/]*)>\s*<\/cpu>/g, '<cpu $1/>');

  test('a host that leaves takes along what it alone asked for', () => {
    fc.assert(
      fc.property(guests(NAMES, demands), styles, pools, (guest, style, lists) => {
        const hosts = hostsOf(lists);
        const text = domainXml(guest, style);
        const remaining = hosts.slice(0, 2);
        const larger = rewriteView(text, hosts, override).shared;
        const direct = rewriteView(text, remaining, override).shared;
        expect(levelled(rewriteView(larger, remaining, override).shared)).toBe(levelled(direct));
      }),
    );
  });

  test('undone, it is the original; twice is once', () => {
    fc.assert(
      fc.property(guests(NAMES, demands), styles, pools, (guest, style, lists) => {
        const hosts = hostsOf(lists);
        const text = domainXml(guest, style);
        const { shared } = rewriteView(text, hosts, override);
        expect(levelled(undoRewrite(shared))).toBe(levelled(text));
        expect(rewriteView(shared, hosts, override).shared).toBe(shared);
      }),
    );
  });

  test('a record that somebody wrote does no harm', () => {
    const text = fc.constantFrom(
      ...['', 'cpu', 'cpu/feature', 'cpu/feature[2]', 'metadata', 'nope', 'disable'],
    );
    const attribute = fc.constantFrom('at', 'name', 'policy', 'value', 'replaced', 'xml');
    const values = fc.oneof(
      text,
      fc.constantFrom('mode', 'clwb', 'host-passthrough', '&lt;a&gt;', '&lt;cpu/&gt;'),
    );
    const entries = fc.tuple(
      fc.constantFrom('feature', 'attribute', 'element', 'text', 'removed'),
      fc.dictionary(attribute, values),
    );
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 6 }), (said) => {
        const lines = said.map(([kind, facts]) =>
          [kind, ...Object.entries(facts).map(([key, value]) => `${key}='${value}'`)].join(' '),
        );
        const given = domain(cpuOf(off('clwb'), off('pcid')), metadata(...lines));
        const { shared } = rewriteView(given, [A, B], record);
        expect(rewriteView(shared, [A, B], record).shared).toBe(shared);
      }),
      { numRuns: 300 },
    );
  });
});
