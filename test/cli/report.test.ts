import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, domain, folder, run } from './run.ts';

const HOSTS = ['kvm-a.xml', 'kvm-b.xml', '--libvirt-version', '9.0.0'];

test.each([
  ['report.html', /^<!doctype html>\n/],
  ['report.HTM', /^<!doctype html>\n/],
  ['pools.svg', /^<svg xmlns=/],
  ['report.md', /^# Hosts, pools and guests\n/],
  ['hosts.csv', /^host,pool,vendor,model,source,grade,libvirt,file,clflushopt,clwb,lahf_lm\r\n/],
  ['report.json', /^\{\n {2}"schemaVersion": 1,\n {2}"command": "report",/],
])('%s is written in the form that its ending says', (name, beginning) => {
  const place = folder();
  expect(run(place, ['report', ...HOSTS, '-o', name])).toEqual({ code: 0, out: '', err: '' });
  expect(bytesOf(place, name)).toMatch(beginning);
});

test.each([
  ['html', /^<!doctype html>\n/],
  ['svg', /^<svg /],
  ['markdown', /^# Hosts/],
  ['csv', /^host,/],
  ['json', /^\{/],
])('--output %s is printed', (format, beginning) => {
  expect(run(folder(), ['report', ...HOSTS, '--output', format]).out).toMatch(beginning);
});

test('what is neither a form nor such a file is refused', () => {
  const { code, err } = run(folder(), ['report', ...HOSTS, '-o', 'report.pdf']);
  expect(code).toBe(2);
  expect(err).toContain('"report.pdf" is no file that ends in .html, .svg, .md, .csv or .json');
});

test.each<[string, readonly string[], string | undefined]>([
  ['a directory', ['--with-guests', 'vms'], undefined],
  ['a pattern', ['--with-guests', 'vms/*.xml'], undefined],
  ['standard input', ['--with-guests', '-'], `<domains>\n${domain()}\n${domain()}</domains>`],
])('guests come from %s, as for pools', (_, words, input) => {
  const place = folder();
  mkdirSync(join(place, 'vms'));
  for (const name of ['a.xml', 'b.xml']) writeFileSync(join(place, 'vms', name), domain());
  writeFileSync(join(place, 'vms/network.xml'), '<network><name>default</name></network>');
  const options = input === undefined ? {} : { input };
  const { code, out } = run(place, ['report', ...HOSTS, ...words, '--output', 'json'], options);
  const { verdicts } = JSON.parse(out) as { verdicts: { name: string }[] };
  expect([code, verdicts.map(({ name }) => name)]).toEqual([0, ['guest', 'guest']]);
  const { out: markdown } = run(place, ['report', ...HOSTS, ...words, '--output', 'markdown'], options);
  const files = input === undefined ? ['vms/a.xml', 'vms/b.xml'] : ['<stdin>', '<stdin>'];
  for (const file of files) expect(markdown.replaceAll('\\', '')).toContain(`\n## Guest guest (${file})\n`);
});

test('guests are judged, with reasons', () => {
  const place = folder({ 'guest.xml': domain() });
  const { code, out } = run(place, ['report', ...HOSTS, '--with-guests', 'guest.xml', '--output', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    verdicts: [
      {
        name: 'guest',
        file: 'guest.xml',
        verdicts: [
          {
            hosts: ['kvm-a', 'kvm-b'],
            check: {
              safe: false,
              disable: [{ feature: 'clflushopt' }, { feature: 'clwb' }, { feature: 'lahf_lm' }],
            },
          },
        ],
      },
    ],
    inputs: [
      { name: 'kvm-a', source: 'domcapabilities', grade: 'A', file: 'kvm-a.xml' },
      { name: 'kvm-b', source: 'domcapabilities', grade: 'A', file: 'kvm-b.xml' },
    ],
  });
  expect(run(place, ['report', ...HOSTS, '--with-guests', 'guest.xml']).out).toContain(
    '<b>Safe after a rewrite, which disables 3 features</b>',
  );
});
