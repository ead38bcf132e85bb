import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHost } from '../lib/parser/host/host.ts';
import { rewriteView } from './support/rewrite.ts';
import type { Host } from '../types/host.ts';
import type { Issue } from '../types/issue.ts';
import type { RewriteDomainOptions } from '../lib/rewrite.ts';
import type { VirtioFeatures } from '../types/virtio.ts';
import { factOf, hostsIn, refusalOf } from './support/findings.ts';

/** An issue as `expected.json` states it. */
interface Found extends Pick<Issue, 'code' | 'severity'> {
  readonly feature?: unknown;
  readonly hosts?: readonly string[];
}

/** What `expected.json` says: the findings, or the code and place of the refusal. */
type Expected =
  { readonly changed: boolean; readonly issues: readonly Found[] } | { readonly refused: string };

/** Everything in one folder of `test/cases`. */
interface Case {
  readonly name: string;
  readonly domain: string;
  readonly hosts: readonly Host[];
  readonly options: RewriteDomainOptions;
  readonly shared: string;
  readonly own: readonly { readonly host: string; readonly text: string }[];
  readonly expected: Expected;
}

const FOLDER = join(__dirname, 'cases');

function readCase(name: string): Case {
  const files = readdirSync(join(FOLDER, name));
  const text = (file: string): string => readFileSync(join(FOLDER, name, file), 'utf8');
  const json = <T>(file: string, otherwise: T): T =>
    existsSync(join(FOLDER, name, file)) ? (JSON.parse(text(file)) as T) : otherwise;
  const versions = json<Record<string, string>>('versions.json', {});
  const virtio = json<Record<string, VirtioFeatures>>('virtio.json', {});
  const hosts = readdirSync(join(FOLDER, name, 'hosts'))
    .sort()
    .map((file) => {
      const host = file.replace(/\.xml$/, '');
      const version = versions[host];
      return parseHost(text(`hosts/${file}`), {
        name: host,
        ...(version && { libvirtVersion: version }),
        ...(virtio[host] && { virtio: virtio[host] }),
      });
    });
  const domain = text('domain.xml');
  return {
    name,
    domain,
    hosts,
    options: json<RewriteDomainOptions>('options.json', {}),
    shared: files.includes('expected.xml') ? text('expected.xml') : domain,
    own: files.flatMap((file) => {
      const host = /^expected-(.+)\.xml$/.exec(file)?.[1];
      return host === undefined ? [] : [{ host, text: text(file) }];
    }),
    expected: json<Expected>('expected.json', { refused: 'expected.json is missing' }),
  };
}

/** A finding with what `expected.json` states of it: the feature, and every host that it names. */
function factsOf(one: Issue): Found {
  const { code, severity } = one;
  const hosts = hostsIn(one);
  const feature = factOf(one, 'feature');
  return {
    code,
    severity,
    ...(feature !== undefined && { feature }),
    ...(hosts.length > 0 && { hosts }),
  };
}

const cases = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => readCase(name))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
const refused = cases.flatMap(({ expected, ...rest }) =>
  'refused' in expected ? [{ ...rest, refusal: expected.refused }] : [],
);
const rewritten = cases.flatMap(({ expected, ...rest }) =>
  'refused' in expected ? [] : [{ ...rest, ...expected }],
);

test('every folder is a case', () => {
  expect(refused.length + rewritten.length).toBeGreaterThan(35);
});

describe.each(rewritten)('$name', ({ domain, hosts, options, shared, own, changed, issues }) => {
  const result = rewriteView(domain, hosts, options);

  test('gives the expected text, byte for byte', () => {
    expect(result.shared).toBe(shared);
  });

  test('gives the expected findings', () => {
    expect([result.changed, result.issues.map(factsOf)]).toEqual([changed, issues]);
  });

  test('names no host but its own', () => {
    const names = new Set(hosts.map(({ name }) => name));
    const strangers = result.issues.flatMap(hostsIn).filter((name) => !names.has(name));
    expect(strangers).toEqual([]);
  });

  test('gives each host its own text', () => {
    const texts = own.map(({ host }) => ({ host, text: result.perHost[host] }));
    expect(texts).toEqual(own);
    expect(Object.keys(result.perHost)).toEqual(hosts.map(({ name }) => name));
  });

  test('changes nothing the second time', () => {
    expect(rewriteView(shared, hosts, options)).toMatchObject({ shared, changed: false });
  });

  test('is the same in any order of hosts', () => {
    const reversed = rewriteView(domain, hosts.toReversed(), options);
    expect([reversed.shared, reversed.perHost]).toEqual([result.shared, result.perHost]);
  });
});

test.each(refused)('$name is refused', ({ domain, hosts, options, refusal }) => {
  expect(refusalOf(() => rewriteView(domain, hosts, options))).toBe(refusal);
});
