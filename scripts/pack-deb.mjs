// Builds dist/standalone/virt-migratable_VERSION_all.deb from the one executable file beside it, with the manual page and
// the completion of three shells. Run it by npm run pack:deb; it needs dpkg-deb. The same sources give the same bytes:
// times are SOURCE_DATE_EPOCH, or that of the last commit.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { version, description, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const COMMAND = 'dist/standalone/virt-migratable';
const PACKAGE = `dist/standalone/virt-migratable_${version}_all.deb`;
const {
  DEBFULLNAME: name = 'The authors of libvirt-migratable',
  DEBEMAIL: mail = 'noreply@example.invalid',
} = process.env;

const completion = (shell) => execFileSync(process.execPath, [COMMAND, 'completion', shell]);
const packed = (content) => gzipSync(content, { level: 9 });
const licences = ['LICENSE', 'dist/cli/THIRD-PARTY-LICENSES.txt'].map((path) => readFileSync(path, 'utf8'));

/** Path → content, and mode where it is not 644. */
const files = {
  'usr/bin/virt-migratable': [readFileSync(COMMAND), 0o755],
  'usr/share/man/man1/virt-migratable.1.gz': [packed(readFileSync('man/virt-migratable.1'))],
  'usr/share/bash-completion/completions/virt-migratable': [completion('bash')],
  'usr/share/zsh/vendor-completions/_virt-migratable': [completion('zsh')],
  'usr/share/fish/vendor_completions.d/virt-migratable.fish': [completion('fish')],
  'usr/share/doc/virt-migratable/copyright': [licences.join(`\n${'-'.repeat(72)}\n\n`)],
  'usr/share/doc/virt-migratable/changelog.gz': [packed(readFileSync('CHANGELOG.md'))],
};

/** In lines that fit the field. */
function wrapped(text, width = 78) {
  const lines = text.match(new RegExp(`.{1,${width}}(?: |$)`, 'g')) ?? [];
  return lines.map((line) => ` ${line.trim()}`).join('\n');
}

const size = Object.values(files).reduce((sum, [content]) => sum + Math.ceil(content.length / 1024), 0);
const control = `Package: virt-migratable
Version: ${version}
Architecture: all
Maintainer: ${name} <${mail}>
Installed-Size: ${size}
Depends: nodejs (${engines.node.replace(/^>=/, '>= ')})
Recommends: libvirt-clients
Suggests: openssh-client
Section: admin
Priority: optional
Description: make KVM/QEMU guests migratable between unlike hosts
${wrapped(description)}
`;

const root = mkdtempSync(join(tmpdir(), 'virt-migratable-deb-'));
try {
  const put = (path, content, mode = 0o644) => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode });
  };
  process.umask(0o022);
  for (const [path, [content, mode]] of Object.entries(files)) put(path, content, mode);
  put('DEBIAN/control', control);
  const time =
    process.env.SOURCE_DATE_EPOCH ?? execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' });
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', root]);
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', root, PACKAGE], {
    env: { ...process.env, SOURCE_DATE_EPOCH: time.trim() },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} finally {
  rmSync(root, { recursive: true });
}
console.log(PACKAGE);
