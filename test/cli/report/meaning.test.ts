// Tries lib/report/rules.ts, lib/cli/command-errors.ts and lib/cli/options/host-documents.ts as well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST_DOCUMENTS } from '../../../lib/cli/options/host-documents.ts';
import { COMMAND_ERRORS } from '../../../lib/cli/errors.ts';
import { explanation } from '../../../lib/cli/report/meaning.ts';
import { INCIDENTS } from '../../../lib/cpu/facts/incidents.ts';
import { issueCodes } from '../../../lib/issues/table.ts';
import { folder, run, text } from '../run.ts';

const cwd = folder();
const ids = [...new Set(INCIDENTS.map(({ id }) => id))];

describe('help explains', () => {
  test.each<[string, string, readonly string[]]>([
    ['a finding', 'weak-source', ['weak-source: The document describes', '\nWhat to do: Use the output of ']],
    ['why a feature is off', 'hosts-differ', ['hosts-differ: The guest sees', '\nWhat to do: Rewrite ']],
    ['what is wrong in a document', 'bad-xml', ['bad-xml: The document is not', '\nWhat to do: Correct ']],
    ['an incident', 'names-back', ['names-back: The CPU of a host-model guest', '\nhttps://gitlab.com/']],
    ['an error of the command', 'no-hosts', ['no-hosts: The command cannot go on: no host is given.\n']],
    ['what is both', 'machine-alias', ['machine-alias: An alias stands', '\nmachine-alias: ']],
    ['hosts', 'hosts', ['\n  A   what a guest gets', '\n  B   ', '\n  C   ', 'onehost show -j HOST']],
  ])('%s', (_, word, told) => {
    const { code, out, err } = run(cwd, ['help', word]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const words of told) expect(out).toContain(words);
    expect(out).not.toContain('`');
    expect(run(cwd, ['--help', word])).toEqual({ code, out, err });
  });

  test('every code of a finding or an error, and every incident', () => {
    const codes = [...issueCodes(), ...Object.keys(COMMAND_ERRORS), ...ids];
    expect(codes.filter((code) => !explanation(code, 80).startsWith(`${code}: `))).toEqual([]);
  });

  test.each([40, 80])('in %d columns, but for addresses and other words that do not fit', (width) => {
    const texts = [...issueCodes(), 'hosts'].map((code) => explanation(code, width));
    const long = texts.flatMap((text) => text.split('\n')).filter((line) => line.length > width);
    expect(long.filter((line) => line.trim().includes(' '))).toEqual([]);
  });

  test.each([['zzz'], ['constructor'], ['']])('nothing of "%s"', (word) => {
    expect(explanation(word, 80)).toBe('');
    expect(run(cwd, ['help', word])).toMatchObject({ code: 2, out: '', err: text('no command or code') });
  });
});

test('what a host can be read from is what docs/host-sources.md has', () => {
  const page = readFileSync(join(__dirname, '../../../docs/host-sources.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (.+) \| ([ABC]) \|/gm)].map(([, cells = '', grade = '']) => [
    cells,
    grade,
  ]);
  const named = HOST_DOCUMENTS.flatMap(([grade, documents]) =>
    [...documents.matchAll(/`(\w+ [^`]+)`/g)].map(([, words = '']) => [words, grade] as const),
  );
  expect(named.length).toBeGreaterThan(8);
  for (const [words, grade] of named)
    expect(rows.find(([cells]) => cells?.includes(words))).toEqual([expect.any(String), grade]);
});
