// Tries lib/report/costs.ts, lib/report/curve.ts, lib/report/findings-html.ts, lib/report/guests-html.ts,
// lib/report/hosts-html.ts, lib/report/pools-html.ts, lib/report/reasons.ts and lib/report/wording.ts as well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostFromFeatures } from '../../lib/parser/host/from-features.ts';
import { reportCsv } from '../../lib/report/csv.ts';
import { reportDocument } from '../../lib/report/document.ts';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { reportPicture } from '../../lib/report/picture.ts';
import { STYLE } from '../../lib/report/style.ts';
import { featureList, lossWords, sentenceList, summary } from '../../lib/report/words.ts';
import { scanXml } from '../../lib/xml/scan.ts';
import type { Host } from '../../types/host.ts';
import { hostWith } from '../pools/support.ts';
import { fleet, tenHosts } from '../support/fleet.ts';
import { dataOf, hostsIn } from '../support/report.ts';
import { ROOT } from '../support/sources.ts';

const GUEST = { name: 'guest.xml', text: readFileSync(join(ROOT, 'examples/guest.xml'), 'utf8') };
const LOOK = { version: '1', style: STYLE };
const ten = dataOf(hostsIn(tenHosts()), [GUEST]);
/** A name that would run, were it markup, a formula or Markdown. */
const HOSTILE = `=cmd|"<img src=x onerror=alert(1)></style><script>alert(2)</script>|[x](javascript:y)\u202e`;

describe('the words', () => {
  test('say what there is, what the fewest pools cost, what more save, and whom to leave out', () => {
    const [first = '', second = '', third = '', fourth = ''] = summary(ten);
    expect(first).toBe(
      '10 hosts, of 9 kinds. They can never be one pool: AMD x86_64 kvm (2) and Intel x86_64 kvm (8) do not mix.',
    );
    expect(second).toMatch(
      /^In 2 pools, the fewest possible, guests lose \d+ defences, \d+ x86-64 levels, .* features, summed over the hosts\.$/,
    );
    expect(third).toMatch(
      /^Divided into 3 pools they lose \d\d % less: kvm-\[01-05\]; kvm-06, kvm-07, kvm-08; epyc-09, epyc-10\. 4 pools would save \d\d %\.$/,
    );
    expect(fourth).toMatch(/^Without kvm-02, guests on the other 7 get back md-clear\.$/);
  });

  test('say of equal hosts that nothing is lost', () => {
    const { plan, hosts, guests } = dataOf([hostWith('a', ['fpu', 'cx8']), hostWith('b', ['fpu', 'cx8'])]);
    expect(summary({ plan, hosts, guests })).toEqual([
      '2 hosts, all alike.',
      'In one pool, guests lose nothing: 2 features.',
    ]);
  });

  test('say nothing of x86-64 where no host is of that', () => {
    const of = (name: string, features: readonly string[]): Host =>
      hostFromFeatures({ name, features, arch: 's390x', libvirtVersion: '12.8.0' });
    const data = dataOf([of('a', ['vx', 'ais']), of('b', ['vx'])]);
    expect(summary(data)).toContain(
      'In one pool, guests see 1 feature; 1 feature that some host has is lost. Summed over the hosts: 1 feature.',
    );
    expect(reportDocument(data, LOOK) + reportMarkdown(data)).not.toContain('x86-64');
  });

  test('promise nothing of more pools that they do not save', () => {
    const data = dataOf(
      ['aes', 'erms', 'fsgsbase'].flatMap((name) => [
        hostWith(`${name}-1`, ['fpu', name]),
        hostWith(`${name}-2`, ['fpu', name]),
      ]),
    );
    expect(summary(data)[2]).toBe(
      'Divided into 3 pools they lose 100 % less: aes-1, aes-2; erms-1, erms-2; fsgsbase-1, fsgsbase-2.',
    );
  });

  test('name a host that is known from a weak source', () => {
    const hosts = hostsIn(tenHosts()).map((host, i) => (i === 0 ? { ...host, grade: 'C' as const } : host));
    expect(summary(dataOf(hosts)).at(-1)).toMatch(/^kvm-01: known from a weak source/);
  });

  test('count, and list', () => {
    const none = { guests: 0, defences: 0, levels: 0, speed: 0, features: 0, score: 0 };
    expect(lossWords(none)).toBe('nothing');
    expect(lossWords({ ...none, defences: 1, features: 1200 })).toBe('1 defence, 1,200 features');
    expect([sentenceList([]), sentenceList(['a']), sentenceList(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a, b and c',
    ]);
    expect(featureList(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e and 2 more');
  });
});

describe('the page', () => {
  const page = reportDocument(ten, LOOK);

  test('is one file that runs nothing and loads nothing', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|url\(|@import|https?:\/\//);
  });

  test('has words first, then pools, curve, bars, guests, matrix, and what it is from', () => {
    const places = [
      'aria-label="Summary"',
      'id="pools"',
      'id="curve"',
      'id="bars"',
      'id="guests"',
      'id="matrix"',
      'id="inputs"',
    ].map((part) => page.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('says of every guest what each pool says, with reasons', () => {
    expect(page).toContain('<h3>guest.xml</h3>');
    expect(page).toMatch(
      /<b>Safe after a rewrite, which disables \d+ features<\/b> among pool 1: kvm-\[01-05\]/,
    );
    expect(page).toContain('md-clear: lacking on 1 of 5: kvm-02. Security: the guest clears');
    expect(page).toContain('use --disable-nested');
  });

  test('names the grade and source of every input', () => {
    expect(page).toMatch(
      /<td><b>A<\/b>: what a guest gets there<\/td><td>domcapabilities, kvm<\/td>\s*<td>9\.0\.0<\/td>/,
    );
  });

  test('of 1,000 hosts is short: hosts that are alike are one row', () => {
    const many = reportDocument(dataOf(hostsIn(fleet(1000))), LOOK);
    expect(many.length).toBeLessThan(150_000);
    expect(many).toContain('1,000 hosts, of 12 kinds.');
  });

  test('takes no name for markup', () => {
    const hosts = hostsIn(tenHosts()).map((host, i) =>
      i < 2 ? { ...host, name: `${HOSTILE}${i}`, file: HOSTILE } : host,
    );
    const hostile = reportDocument(dataOf(hosts, [{ ...GUEST, name: HOSTILE }]), LOOK);
    expect(hostile).toContain('&lt;script&gt;alert(2)&lt;/script&gt;');
    expect(hostile).not.toMatch(/<script|<img|\u202e/);
    expect(hostile.match(/<\/style>/g)).toHaveLength(1);
  });
});

describe('the other forms', () => {
  const hosts = hostsIn(tenHosts()).map((host, i) => (i === 0 ? { ...host, name: HOSTILE } : host));
  const hostile = dataOf(hosts, [GUEST]);

  test('the picture is XML, whatever hosts are called', () => {
    const beyond = dataOf([hostWith('a\uffff', ['fpu']), hostWith('b\ufffe', ['fpu', 'aes'])]);
    for (const data of [ten, hostile, beyond, dataOf(hostsIn(fleet(1000)))]) {
      const picture = reportPicture(data.plan);
      expect(scanXml(picture).roots.length).toBe(1);
      expect(picture).not.toMatch(/<script|<img/);
    }
    expect(reportPicture(ten.plan)).toMatch(/3 pools: guests lose \d\d % less than in the fewest/);
  });

  test('the picture has every pool, also of hosts that are alike', () => {
    const alike = [1, 2].map((i) => hostWith(`epyc-${i}`, ['fpu', 'aes'], { vendor: 'AMD' }));
    const unlike = [hostWith('xeon-1', ['fpu', 'aes']), hostWith('xeon-2', ['fpu'])];
    const picture = reportPicture(dataOf([...alike, ...unlike]).plan);
    expect(picture).toContain('>epyc-1, epyc-2</text>');
    expect(picture).toContain('<title>2 pools</title>');
    expect(picture).not.toContain('pale: in');
    expect(reportPicture(dataOf(alike).plan)).not.toMatch(/features that differ|guests see/);
  });

  test('the picture in docs/ is what the command draws: run "npm run generate-picture"', () => {
    const plan = dataOf(hostsIn(tenHosts().slice(0, 8))).plan;
    expect(reportPicture(plan) === readFileSync(join(ROOT, 'docs/pools.svg'), 'utf8')).toBe(true);
  });

  test('CSV has a line for each host, and no formula', () => {
    const lines = reportCsv(ten).trimEnd().split('\r\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(/^host,pool,vendor,model,source,grade,libvirt,file,3dnowprefetch,/);
    expect(lines.find((line) => line.startsWith('kvm-02,'))).toMatch(
      /^kvm-02,1,Intel,IvyBridge-IBRS,domcapabilities,A,9\.0\.0,kvm-02\.xml,no,/,
    );
    expect(reportCsv(hostile)).toContain(`"'=cmd|""<img`);
    const begins = ['+', '-', '@', '\t', '\uff1d'];
    const csv = reportCsv(dataOf(begins.map((first) => hostWith(`${first}1`, ['fpu']))));
    for (const first of begins) expect(csv).toContain(`\r\n'${first}1,`);
  });

  test('Markdown has the same words, and no markup of others', () => {
    const text = reportMarkdown(ten);
    expect(text).toContain('## Pools\n\n| Pool | Hosts | Level |');
    expect(text).toContain('**Safe after a rewrite');
    expect(reportMarkdown(hostile)).not.toMatch(/(?<!\\)<img|(?<!\\)\[x\]/);
  });
});
