import { readArguments } from '../../../lib/cli/options/parse.ts';
import { commandLine, nextCommand } from '../../../lib/cli/report/next.ts';
import { issue } from '../../../lib/issues/issues.ts';
import type { Issue, IssueOption } from '../../../types/issue.ts';

const out = (...options: readonly IssueOption[]): Issue => issue('way-out', { options });

test.each<[string, readonly string[], readonly Issue[], string | undefined]>([
  [
    'the same with the options that help',
    ['guest.xml', '--host', 'a.xml', '--host=b.xml'],
    [out('pin', 'disableParent')],
    'rewrite guest.xml --host a.xml --host=b.xml --pin --disable-parent',
  ],
  [
    'words as a shell takes them',
    ["it's.xml", '--host', 'a b=c.xml', '--host', 'd.xml'],
    [out('pin')],
    String.raw`rewrite 'it'\''s.xml' --host 'a b=c.xml' --host d.xml --pin`,
  ],
  [
    'no passwords',
    ['g.xml', '--host', 'a=qemu+ssh://root:secret@a/system', '--host=qemu+ssh://root:secret@b/system'],
    [out('pin')],
    'rewrite g.xml --host a=qemu+ssh://a/system --host=qemu+ssh://b/system --pin',
  ],
  [
    'nothing where there is no way out',
    ['g.xml', '--host', 'a.xml'],
    [issue('no-common-model', { hosts: ['a'] })],
    undefined,
  ],
  [
    'nothing that could not be run',
    ['g.xml', '--host', 'a.xml', '-o', 'x.xml'],
    [out('per-host')],
    undefined,
  ],
  [
    'names for files of each host',
    ['g.xml', '--host', 'a.xml', '-o', '{host}.xml'],
    [out('per-host')],
    "rewrite g.xml --host a.xml -o '{host}.xml' --form per-host",
  ],
])('the next command has %s', (_, words, issues, expected) => {
  const next = nextCommand(issues, readArguments('rewrite', words))?.text;
  expect(next).toBe(expected === undefined ? undefined : `next: virt-migratable ${expected}\n`);
});

test('a command that cures has no passwords either', () => {
  const given = ['apply', 'a b', '--connect', 'qemu+ssh://root:secret@a/system', '--pin'];
  expect(commandLine(given)).toBe("virt-migratable apply 'a b' --connect qemu+ssh://a/system --pin");
});
