// How long the command takes, packed and installed, for one domain and two hosts: a hook runs it for each migration.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GROUPS } from './domains.mjs';
import { domainCapabilities, LACKING } from './host-inputs.mjs';
import { number, outputOf, ROOT, wallTimes } from './timing.mjs';

const ROUNDS = 41;

export function* benchStartup() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-startup-'));
  try {
    const write = (name, text) => {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    };
    const command = installed(directory);
    const domain = write('guest.xml', GROUPS['alike cluster'](0));
    const hosts = LACKING.slice(0, 2).flatMap((lacks, i) => [
      '--host',
      write(`kvm-${i}.xml`, domainCapabilities({ lacks })),
    ]);
    const on = (...args) => [process.execPath, command, ...args, ...hosts];
    const written = outputOf(process.execPath, on('rewrite', domain).slice(1)) ?? '';
    if (!written.includes("policy='disable'")) throw new Error('nothing was written');
    const commands = [[process.execPath, '-e', '0'], on('check', domain), on('rewrite', domain)];
    const [bare, check, rewrite] = wallTimes(commands, ROUNDS);
    yield ['installed check ÷ node -e 0', `${number(check / bare)} ×`, '≤ 1.4 ×', `${number(check)} ms`];
    yield [
      'installed rewrite ÷ node -e 0',
      `${number(rewrite / bare)} ×`,
      '≤ 1.6 ×',
      `${number(rewrite)} ms`,
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The package as npm packs it, unpacked where npm would: the command brings all that it needs. */
function installed(directory) {
  const tarball = outputOf('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory], {
    cwd: ROOT,
  });
  const folder = join(directory, 'node_modules', 'libvirt-migratable');
  mkdirSync(folder, { recursive: true });
  outputOf('tar', ['-xzf', join(directory, tarball), '-C', folder, '--strip-components=1']);
  return join(folder, 'dist', 'cli', 'virt-migratable.cjs');
}
