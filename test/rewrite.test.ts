// Tries lib/text/value-kind.ts as well.
import { qemuCpuArgument } from '../lib/diff/qemu-argument.ts';
import { parseDomain } from '../lib/parser/domain/domain.ts';
import { disableFeatures, rewriteDomains, type RewriteDomainOptions } from '../lib/rewrite.ts';
import { rewriteView } from './support/rewrite.ts';
import { applyEdits } from '../lib/text/edit.ts';
import type { Host } from '../types/host.ts';
import type { RewriteDomainsResult } from '../types/plan.ts';
import { refusalOf, told } from './support/findings.ts';
import { capabilities, documentedHosts, domcapabilities, host } from './support/host.ts';

const nine = { read: { libvirtVersion: '9.0.0' } };
const guest = (inner = '', attributes = "mode='host-passthrough'"): string =>
  `<domain type='kvm'><cpu ${attributes}>${inner}</cpu></domain>`;
const line = (name: string, policy = 'disable'): string => `<feature policy='${policy}' name='${name}'/>`;
const [A, B] = documentedHosts();

describe('rewriteDomain', () => {
  test('gives the example of QEMU’s documentation, in both forms', () => {
    const result = rewriteView(guest(), [A, B]);
    expect(result).toMatchObject({
      shared: guest(line('pcid') + line('stibp') + line('taa-no')),
      perHost: { A: guest(line('pcid') + line('stibp')), B: guest(line('taa-no')) },
      ...{ issues: [{ code: 'security-loss' }], changed: true },
    });
  });

  test('gives everything it has found out', () => {
    const { baseline, domain, plan } = rewriteView(guest(), [A, B]);
    expect(baseline.common).toEqual(['fpu', 'pse', 'vme']);
    expect(domain.text).toBe(guest());
    expect(plan.disable.map(({ feature }) => feature)).toEqual(['pcid', 'stibp', 'taa-no']);
  });

  test('reads hosts given as text, and names them by their place', () => {
    const { perHost } = rewriteView(guest(), [domcapabilities(['avx']), domcapabilities([])], nine);
    expect(perHost).toEqual({ 'host-1': guest(line('avx')), 'host-2': guest() });
  });

  test('takes hosts and texts side by side', () => {
    const { perHost } = rewriteView(guest(), [host('A', ['avx']), domcapabilities([])], nine);
    expect(perHost).toEqual({ A: guest(line('avx')), 'host-2': guest() });
  });

  test('takes several hosts in one text', () => {
    const both = domcapabilities(['avx']) + domcapabilities([]);
    const { perHost } = rewriteView(guest(), [both], nine);
    expect(perHost).toEqual({ 'host-1#1': guest(line('avx')), 'host-1#2': guest() });
  });

  test('takes who a host is and what it gives in one text', () => {
    const pair = capabilities('u-1') + domcapabilities(['avx']);
    const { perHost, issues } = rewriteView(guest(), [pair, domcapabilities([])], nine);
    expect([perHost, issues]).toEqual([{ 'host-1': guest(line('avx')), 'host-2': guest() }, []]);
  });

  test('leaves the text alone where an error stands in the way', () => {
    const text = guest(line('pcid', 'require'));
    const { shared, perHost, changed, issues } = rewriteView(text, [A, B]);
    expect([shared, perHost, changed]).toEqual([text, { A: text, B: text }, false]);
    expect(told(issues)).toEqual(['error policy-conflict pcid [B]']);
  });

  test.each<[string, RewriteDomainOptions, readonly string[]]>([
    ['none', {}, ['warning weak-source [host-1,host-2]']],
    ['strict', { refuse: ['weak-source', 'identity'] }, ['error weak-source [host-1,host-2]']],
  ])('hands its options on: %s', (_, options, expected) => {
    const hosts = ['u-1', 'u-2'].map((uuid) => capabilities(uuid));
    expect(told(rewriteView(guest(), hosts, { ...nine, ...options }).issues)).toEqual(expected);
  });

  test('hands what it accepts on', () => {
    const { shared } = rewriteView(guest(line('pcid', 'require')), [A, B], { accept: ['conflicts'] });
    expect(shared).toBe(guest(line('pcid') + line('stibp') + line('taa-no')));
  });

  test('hands allowCoreFeatures on', () => {
    const hosts = [host('a', ['lm']), host('b')];
    expect(rewriteView(guest(), hosts, { accept: ['core-features'] }).shared).toBe(guest(line('lm')));
  });

  test('hands the limits on, to hosts and domain', () => {
    expect(refusalOf(() => rewriteView(guest(), [domcapabilities([])], { read: { maxDepth: 3 } }))).toMatch(
      'too-deep',
    );
    expect(refusalOf(() => rewriteView(guest(), [A, B], { read: { maxLength: 9 } }))).toBe('too-large 1:1');
  });

  test('does not take one pool for another', () => {
    const [C, D] = [host('C', ['avx']), host('D')];
    const sharedOf = (hosts: readonly Host[]): string => rewriteView(guest(), hosts).shared;
    expect([sharedOf([A, B]), sharedOf([C, D]), sharedOf([A, B]), sharedOf([A])]).toEqual([
      guest(line('pcid') + line('stibp') + line('taa-no')),
      guest(line('avx')),
      guest(line('pcid') + line('stibp') + line('taa-no')),
      guest(),
    ]);
  });

  test('does not take a lenient answer for a strict one', () => {
    const hosts = ['a', 'b'].map((name) => host(name, [], { fallback: 'allow' }));
    const severities = [false, true, false].map(
      (strict) => rewriteView(guest(), hosts, strict ? { refuse: ['weak-source'] } : {}).issues[0]?.severity,
    );
    expect(severities).toEqual(['warning', 'error', 'warning']);
  });
});

describe('rewriteDomains', () => {
  const partsOf = (result: RewriteDomainsResult): Extract<RewriteDomainsResult, { ok: true }> => {
    if (!result.ok) throw new RangeError(told(result.issues).join());
    return result;
  };

  const parts = [
    { domain: guest(), host: A },
    { domain: guest(line('fpu', 'require')), host: B },
  ];

  test('gives both domains of a migration the same CPU, each in its own form as well', () => {
    const { parts: rewritten, issues } = partsOf(rewriteDomains(parts));
    const all = line('pcid') + line('stibp') + line('taa-no');
    expect(rewritten).toMatchObject([
      { host: 'A', shared: guest(all), own: guest(line('pcid') + line('stibp')), changed: true },
      {
        host: 'B',
        shared: guest(line('fpu', 'require') + all),
        own: guest(line('fpu', 'require') + line('taa-no')),
        changed: true,
      },
    ]);
    expect(told(issues)).toEqual(['warning security-loss [B]']);
  });

  test('gives what QEMU’s documentation starts on each host', () => {
    const { parts: rewritten } = partsOf(
      rewriteDomains([A, B].map((one) => ({ domain: guest(), host: one }))),
    );
    expect(rewritten.map(({ own }) => qemuCpuArgument(parseDomain(own)))).toEqual([
      'host,pcid=off,stibp=off',
      'host,taa-no=off',
    ]);
  });

  test('names hosts given as text by their place', () => {
    const texts = [['avx'], []].map((features) => ({ domain: guest(), host: domcapabilities(features) }));
    expect(partsOf(rewriteDomains(texts, nine)).parts.map((part) => [part.host, part.own])).toEqual([
      ['host-1', guest(line('avx'))],
      ['host-2', guest()],
    ]);
  });

  test('changes none where one cannot be', () => {
    const result = rewriteDomains([
      { domain: guest(), host: A },
      { domain: guest(line('pcid', 'require')), host: B },
    ]);
    expect(Object.keys(result)).toEqual(['ok', 'issues']);
    expect([result.ok, told(result.issues)]).toEqual([
      false,
      ['warning security-loss [B]', 'error policy-conflict pcid [B]'],
    ]);
  });

  test('tells what holds for all of them once', () => {
    const weak = ['u-1', 'u-2'].map((uuid) => ({ domain: guest(), host: capabilities(uuid) }));
    expect(told(rewriteDomains(weak, nine).issues)).toEqual(['warning weak-source [host-1,host-2]']);
  });

  test('needs two', () => {
    expect(told(rewriteDomains(parts.slice(0, 1)).issues)).toEqual(['error too-few-hosts']);
  });
});

describe('disableFeatures', () => {
  test.each<[string, string, readonly string[], string]>([
    ['adds lines, sorted', guest(), ['xsave', 'aes'], guest(line('aes') + line('xsave'))],
    ['adds a name once', guest(), ['aes', 'aes'], guest(line('aes'))],
    ['turns off what is optional', guest(line('aes', 'optional')), ['aes'], guest(line('aes'))],
    ['leaves what is off', guest(line('aes', 'forbid')), ['aes'], guest(line('aes', 'forbid'))],
    ['leaves everything without a name', guest(), [], guest()],
    ['takes names no map has', guest(), ['zba', 'sve2048'], guest(line('sve2048') + line('zba'))],
    [
      'takes a custom CPU with a model',
      guest('<model>486</model>', "mode='custom'"),
      ['fpu'],
      guest(`<model>486</model>${line('fpu')}`, "mode='custom'"),
    ],
    [
      'takes single quotes where the document has none',
      '<domain><cpu><model>486</model></cpu></domain>',
      ['fpu'],
      `<domain><cpu><model>486</model>${line('fpu')}</cpu></domain>`,
    ],
  ])('%s', (_, before, names, after) => {
    const { xml, edits, issues } = disableFeatures(before, names);
    expect([xml, issues]).toEqual([after, []]);
    expect(applyEdits(before, edits)).toBe(after);
  });

  test.each<[string, string, readonly string[]]>([
    ['required', guest(line('aes', 'require')), ['error policy-conflict aes']],
    ['forced', guest(line('aes', 'force')), ['error policy-conflict aes']],
    ['without a policy', guest("<feature name='aes'/>"), ['error policy-conflict aes']],
    ['without a <cpu>', '<domain/>', ['warning no-cpu-model']],
    ['with a topology only', '<domain><cpu><topology/></cpu></domain>', ['warning no-cpu-model']],
  ])('leaves a domain alone: %s', (_, text, expected) => {
    const { xml, edits, issues } = disableFeatures(text, ['aes', 'xsave']);
    expect([xml, edits, told(issues)]).toEqual([text, [], expected]);
  });

  test('says where a conflict stands', () => {
    const { issues } = disableFeatures(guest(`\n  ${line('aes', 'require')}`), ['aes']);
    expect(issues).toMatchObject([{ line: 2, column: 3, policy: 'require' }]);
  });

  test.each(['', 'a b', "avx'/><feature name='x", 'avx=off'])('refuses the name %j', (name) => {
    expect(() => disableFeatures(guest(), ['aes', name])).toThrow(RangeError);
  });

  test('refuses what is no domain', () => {
    expect(refusalOf(() => disableFeatures('<network/>', ['aes']))).toBe('wrong-root 1:1');
  });
});
