import { undoRewrite } from '../../lib/record/record.ts';
import { host } from '../support/host.ts';
import { rewriteView } from '../support/rewrite.ts';

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
