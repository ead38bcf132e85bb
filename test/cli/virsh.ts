import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { domain, folder } from './run.ts';

/** A folder with a virsh of its own first on the path, and what that answers. */
export interface Site {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The path of an answer. */
  readonly answer: (name: string) => string;
}

const CAPABILITIES = `<capabilities>
  <host>
    <uuid>UUID</uuid>
    <cpu><arch>x86_64</arch><model>EPYC-Milan</model><vendor>AMD</vendor></cpu>
  </host>
</capabilities>
`;

/** Hosts a and b are those of every test, and "guest" is defined on both. */
export function site(files: Readonly<Record<string, string>> = {}): Site {
  const cwd = folder(files);
  const answer = (name: string): string => join(cwd, 'answers', name);
  mkdirSync(join(cwd, 'bin'));
  mkdirSync(answer(''));
  copyFileSync(join(__dirname, 'fake-virsh.sh'), join(cwd, 'bin/virsh'));
  chmodSync(join(cwd, 'bin/virsh'), 0o755);
  for (const name of ['a', 'b', 'new', 'daemon'])
    copyFileSync(join(cwd, `kvm-${name === 'b' ? 'b' : 'a'}.xml`), answer(`${name}.xml`));
  writeFileSync(answer('capabilities.xml'), CAPABILITIES);
  writeFileSync(answer('dominfo'), 'State:          shut off\n');
  writeFileSync(answer('defined.xml'), domain().trimEnd());
  return {
    cwd,
    env: { PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`, ANSWERS: answer('') },
    answer,
  };
}
