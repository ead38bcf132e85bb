import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rewriteView } from '../support/rewrite.ts';
import { host } from '../support/host.ts';

const record = { record: true };
const A = host('a', ['clwb', 'pcid']);
const B = host('b', ['pcid', 'stibp']);
const C = host('c', ['clwb', 'stibp']);

/** The domain as libvirt writes it back: its test driver takes domains of its own type only. */
function defined(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
  try {
    const path = join(folder, 'guest.xml');
    writeFileSync(path, text.replace("type='kvm'", "type='test'"));
    const words = ['-q', '-c', 'test:///default', `define ${path}; dumpxml guest`];
    return execFileSync('virsh', words, { encoding: 'utf8' }).replace("type='test'", "type='kvm'");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a record survives virsh define, and works on what libvirt made of the domain', () => {
  const text = `<domain type='kvm'>
  <name>guest</name>
  <memory>1024</memory>
  <os><type arch='x86_64'>hvm</type></os>
  <cpu mode="host-passthrough"><feature name='pcid' policy='optional'/></cpu>
</domain>
`;
  const stored = defined(rewriteView(text, [A, B, C], record).shared);
  expect(rewriteView(stored, [A, B, C], record)).toMatchObject({ shared: stored, changed: false });

  const { shared } = rewriteView(stored, [A, B], record);
  expect(shared).toContain("<feature policy='optional' name='pcid'/>");
  const direct = rewriteView(defined(text), [A, B], record).shared;
  const cpu = (xml: string): string | undefined => /<cpu[\s\S]*<\/cpu>/.exec(xml)?.[0];
  expect(cpu(shared)).toBe(cpu(direct));
});
