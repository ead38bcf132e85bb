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
