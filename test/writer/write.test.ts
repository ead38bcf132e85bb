// Tries lib/writer/place.ts as well.
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { writeDomain } from '../../lib/writer/write.ts';
import type { PlanOptions } from '../../types/options.ts';
import { xml } from '../support/dedent.ts';
import { documentedHosts, host } from '../support/host.ts';
import { beforeAndAfter } from '../support/marks.ts';

/** Two hosts; the first has these features more. */
const pool = (...features: readonly string[]): ReturnType<typeof diffHosts> =>
  diffHosts([host('a', features), host('b')]);

function write(text: string, baseline = pool('avx'), options: PlanOptions = {}): string {
  const domain = parseDomain(text);
  return writeDomain(domain, planDomain(domain, baseline, options));
}

/** What is written for a text that shows an edit in its place, and what should be: no other byte may change. */
function written(shown: string): { readonly text: string; readonly expected: string } {
  const { before, after } = beforeAndAfter(shown);
  return { text: write(before), expected: after };
}

const inDomain = (inner: string): string => `<domain type='kvm'>\n  <name>g</name>\n${inner}\n</domain>\n`;
const inCpu = (inner: string): string => inDomain(`  <cpu mode='host-passthrough'>\n${inner}\n  </cpu>`);
const LINE = "    <feature policy='disable' name='avx'/>";

describe('a new line comes', () => {
  test.each([
    ['behind the last feature', `    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧\n    <numa/>`],
    [
      'behind a feature before the model',
      `    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧\n    <model/>`,
    ],
    ['behind a feature after numa', `    <numa/>\n    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧`],
    [
      'behind the last of features around the model',
      `    <feature name='fpu'/>\n    <model/>\n    <feature name='vme'/>⟦\n${LINE}⟧`,
    ],
    ['behind a feature with an end tag', `    <feature policy='disable' name='pcid'></feature>⟦\n${LINE}⟧`],
    [
      'behind a feature of several lines',
      `    <feature\n      policy='disable'\n      name='pcid'\n    />⟦\n${LINE}⟧`,
    ],
    ['behind the model', `    <model fallback='allow'/>⟦\n${LINE}⟧`],
    ['behind the topology', `    <topology cores='2'/>⟦\n${LINE}⟧\n    <numa/>`],
    ['behind the cache', `    <topology cores='2'/>\n    <cache mode='passthrough'/>⟦\n${LINE}⟧`],
    ['behind maxphysaddr', `    <maxphysaddr mode='passthrough'/>⟦\n${LINE}⟧\n    <numa/>`],
    ['behind a topology of several lines', `    <topology\n      cores='2'/>⟦\n${LINE}⟧`],
    ['before numa alone', `⟦${LINE}\n⟧    <numa>\n      <cell id='0'/>\n    </numa>`],
    ['behind a comment alone', `    <!-- as the host -->⟦\n${LINE}⟧`],
    [
      'behind the comment on the last feature’s line, which speaks of it',
      `    <feature policy='disable' name='pcid'/> <!-- see #7 -->⟦\n${LINE}⟧\n    <!-- of numa -->\n    <numa/>`,
    ],
    [
      'behind two of them',
      `    <feature policy='disable' name='pcid'/><!-- #7 -->\t<!-- #8 -->  ⟦\n${LINE}⟧`.replace('  ⟦', '⟦'),
    ],
    [
      'before a comment of several lines, which may speak of anything',
      `    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧ <!-- of\n    the rest -->`,
    ],
    [
      'before a comment with an element behind it',
      `    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧ <!-- next --> <numa/>`,
    ],
    [
      'before many comments with an element behind them',
      `    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧${'<!-- next -->'.repeat(64)}<numa/>`,
    ],
    [
      'before a comment on a line of its own',
      `    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧\n    <!-- of numa -->\n    <numa/>`,
    ],
    [
      'not behind features in comments and CDATA',
      `    <topology/>⟦\n${LINE}⟧\n    <!-- <feature name='x'/> -->\n    <![CDATA[<feature name='y'/>]]>`,
    ],
  ])('%s', (_, shown) => {
    const { text, expected } = written(inCpu(shown));
    expect(text).toBe(expected);
  });
});

describe('a <cpu> without content opens', () => {
  const body = `\n${LINE}\n  `;

  test.each([
    ['self-closing', `  <cpu mode='maximum'⟦/>→>${body}</cpu>⟧`],
    ['self-closing behind a blank', `  <cpu mode='maximum'⟦ />→>${body}</cpu>⟧`],
    ['self-closing on a line of its own', `  <cpu mode='maximum'⟦\n  />→>${body}</cpu>⟧`],
    ['empty', `  <cpu mode='maximum'>⟦${body}⟧</cpu>`],
    ['empty but for a line break', `  <cpu mode='maximum'>⟦\n${LINE}⟧\n  </cpu>`],
    ['empty but for a comment', `  <cpu mode='maximum'><!-- c -->⟦${body}⟧</cpu>`],
    ['empty but for a no-break space, which is text', `  <cpu mode='maximum'>\u00a0⟦${body}⟧</cpu>`],
    [
      'with numa below a comment on its line, which speaks of it',
      `  <cpu mode='maximum'> <!-- c -->⟦\n${LINE}⟧\n    <numa/>\n  </cpu>`,
    ],
    ['with a comment behind it', `  <cpu mode='maximum'⟦/>→>${body}</cpu>⟧ <!-- c -->`],
  ])('%s', (_, shown) => {
    const { text, expected } = written(inDomain(shown));
    expect(text).toBe(expected);
  });
});

describe('a document in one line stays in one', () => {
  const line = "<feature policy='disable' name='avx'/>";

  test.each([
    ['self-closing', `<domain type='kvm'><cpu mode='maximum'⟦/>→>${line}</cpu>⟧</domain>`],
    ['empty', `<domain type='kvm'><cpu mode='maximum'>⟦${line}⟧</cpu></domain>`],
    ['a comment', `<domain type='kvm'><cpu mode='maximum'><!-- c -->⟦${line}⟧</cpu></domain>`],
    ['a model', `<domain type='kvm'><cpu mode='host-model'><model/>⟦${line}⟧</cpu></domain>`],
    ['numa', `<domain type='kvm'><cpu mode='maximum'>⟦${line}⟧<numa/></cpu></domain>`],
    ['a feature', `<domain type='kvm'><cpu mode='maximum'><feature name='fpu'/>⟦${line}⟧</cpu></domain>`],
    [
      'a feature and a comment',
      `<domain type='kvm'><cpu mode='maximum'><feature name='fpu'/>⟦${line}⟧<!-- c --></cpu></domain>`,
    ],
    ['a <cpu> in one line', inDomain(`  <cpu mode='maximum'><feature name='fpu'/>⟦${line}⟧</cpu>`)],
  ])('%s', (_, shown) => {
    const { text, expected } = written(shown);
    expect(text).toBe(expected);
  });
});

describe('the layout is that of the neighbours:', () => {
  const features = `    <feature policy='disable' name='pcid'/>⟦\n${LINE}⟧`;

  test.each([
    ['CR LF', inCpu(features).replaceAll('\n', '\r\n')],
    ['CR', inCpu(features).replaceAll('\n', '\r')],
    [
      'CR LF in a new body',
      inDomain(`  <cpu mode='maximum'⟦/>→>\n${LINE}\n  </cpu>⟧`).replaceAll('\n', '\r\n'),
    ],
    ['tabs', inCpu(features).replaceAll('  ', '\t')],
    ['tabs in a new body', inDomain(`  <cpu mode='maximum'⟦/>→>\n${LINE}\n  </cpu>⟧`).replaceAll('  ', '\t')],
    ['four blanks', inDomain(`  <cpu mode='maximum'⟦/>→>\n${LINE}\n  </cpu>⟧`).replaceAll('  ', '    ')],
    ['no indentation', inCpu(features).replaceAll(/^ +/gm, '')],
    ['double quotes', inCpu(features).replaceAll("'", '"')],
    [
      'double quotes in a new body',
      inDomain(`  <cpu mode="maximum"⟦/>→>\n${LINE.replaceAll("'", '"')}\n  </cpu>⟧`),
    ],
    [
      'blanks around =',
      inCpu(`    <feature policy = "disable" name = "pcid"/>⟦\n${LINE.replaceAll("'", '"')}⟧`),
    ],
    [
      'the last feature’s quotes',
      inCpu(
        features
          .replace("'disable' name='pcid'", '"disable" name="pcid"')
          .replace(LINE, LINE.replaceAll("'", '"')),
      ),
    ],
    [
      '<cpu>’s quotes, where no feature stands',
      inDomain(`  <cpu mode="maximum">⟦\n${LINE.replaceAll("'", '"')}⟧\n  </cpu>`),
    ],
    ['a byte order mark', `\ufeff${inCpu(features)}`],
    [
      'a byte order mark before a line',
      `\ufeff<domain type='kvm'><cpu mode='maximum'><feature name='fpu'/>⟦${LINE.trim()}⟧</cpu></domain>`,
    ],
    ['odd indentation', inCpu(`       <feature policy='disable' name='pcid'/>⟦\n   ${LINE}⟧`)],
  ])('%s', (_, shown) => {
    const { text, expected } = written(shown);
    expect(text).toBe(expected);
  });
});

describe('a policy is replaced between its quotes:', () => {
  test.each([
    ['single', `    <feature policy='⟦optional→disable⟧' name='avx'/>`],
    ['double', `    <feature policy="⟦optional→disable⟧" name="avx"/>`],
    ['behind the name', `    <feature name='avx' policy='⟦optional→disable⟧'/>`],
    [
      'among other attributes',
      `    <feature x:a='optional' xmlns:x='u' policy = '⟦optional→disable⟧'\n name='avx'></feature>`,
    ],
    ['written as a reference', `    <feature policy='⟦&#111;ptional→disable⟧' name='avx'/>`],
  ])('%s', (_, shown) => {
    const { text, expected } = written(inCpu(shown));
    expect(text).toBe(expected);
  });

  test.each([
    ['required', `<feature policy='⟦require→disable⟧' name='avx'/>`],
    ['required without a word', `<feature ⟦policy='disable' ⟧name='avx'/>`],
    ['in the feature’s quotes', `<feature ⟦policy="disable" ⟧name="avx"/>`],
  ])('%s, when conflicts are overridden', (_, shown) => {
    const { before, after } = beforeAndAfter(inCpu(shown));
    expect(write(before, pool('avx'), { accept: ['conflicts'] })).toBe(after);
  });

  test('of several features, whatever their order', () => {
    const { before, after } = beforeAndAfter(
      inCpu(
        "<feature policy='⟦optional→disable⟧' name='pcid'/><feature policy='⟦optional→disable⟧' name='aes'/>",
      ),
    );
    expect(write(before, pool('aes', 'pcid'))).toBe(after);
  });

  test('beside new lines', () => {
    const { before, after } = beforeAndAfter(
      inCpu(
        "    <feature policy='⟦optional→disable⟧' name='pcid'/>\n    <feature policy='forbid' name='aes'/>⟦\n" +
          `${LINE}\n    <feature policy='disable' name='xsave'/>⟧`,
      ),
    );
    expect(write(before, pool('xsave', 'pcid', 'avx', 'aes'))).toBe(after);
  });
});

test('several lines are sorted', () => {
  const text = "<domain type='kvm'><cpu mode='maximum'></cpu></domain>";
  const names = [...write(text, pool('xsave', 'aes', 'pcid')).matchAll(/name='([^']+)'/g)];
  expect(names.map(([, name]) => name)).toEqual(['aes', 'pcid', 'xsave']);
});

test('what stands around the <cpu> is kept to the byte', () => {
  const { text, expected } = written(xml`
    <?xml version="1.0" encoding="UTF-8"?>
    <!-- managed by hand; a > b -->
    <domainsnapshot>
    <name >s&#49;</name ><domain  type = "kvm"
      xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' >
      <title>A &amp; B — “ü”</title>
      <?note keep?>
       <cpu   check="none"
            mode="host-passthrough" >
          <feature name = 'vme' policy="require" /><!-- boots -->⟦
          <feature policy='disable' name='avx'/>⟧

       </cpu>
      <qemu:commandline><qemu:arg value='&lt;'/></qemu:commandline>
    </domain></domainsnapshot>

    <!-- end -->
  `);
  expect(text).toBe(expected);
});

describe('one host’s own form', () => {
  const domain = parseDomain(inCpu('    <model/>'));
  const plan = planDomain(domain, diffHosts(documentedHosts()));

  test.each([
    ['A', ['pcid', 'stibp']],
    ['B', ['taa-no']],
  ])('of %s turns off its surplus', (name, features) => {
    const lines = features.map((feature) => `\n    <feature policy='disable' name='${feature}'/>`).join('');
    expect(writeDomain(domain, plan, { form: { host: name } })).toBe(
      domain.text.replace('<model/>', `<model/>${lines}`),
    );
  });

  test.each(['C', 'toString', '__proto__', ''])(
    'of a host the plan does not have is a mistake: %j',
    (name) => {
      expect(() => writeDomain(domain, plan, { form: { host: name } })).toThrow(RangeError);
    },
  );
});

test.each([
  ['nothing differs', inCpu('    <model/>'), pool()],
  ['all is off already', inCpu("    <feature policy='forbid' name='avx'/>"), pool('avx')],
  ['there is no <cpu>', inDomain(''), pool('avx')],
  ['an error stops the plan', inCpu("    <feature name='avx'/>"), pool('avx')],
])('the text is the same string where %s', (_, text, baseline) => {
  expect(write(text, baseline)).toBe(text);
});

test('writing twice is writing once', () => {
  const once = write(inCpu('    <model/>'));
  expect(write(once)).toBe(once);
});
