import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { domain, SHARED } from '../cli/run.ts';
import { describeUnless } from './support/requirements.ts';
import { ROOT } from '../support/sources.ts';

/**
 * The Debian package, installed by apt in a root of the current Debian stable that has nothing else: made once by debootstrap, and
 * laid under a file system that is thrown away, so that it is clean each time.
 */
const RELEASE = 'trixie';
const BASE = `/var/tmp/virt-migratable-clean/${RELEASE}`;

const MOUNT = `mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
mount -t proc proc "$2/root/proc"
mount --bind /dev "$2/root/dev"
cp /etc/resolv.conf "$2/root/etc/resolv.conf"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive chroot "$2/root" sh -e /try/try.sh`;

const TRY = `cd /try
apt-get update -qq
apt-get install -y -qq --no-install-recommends ./x.deb bash-completion >out/apt 2>&1 || { cat out/apt; exit 1; }
virt-migratable --version >out/version
virt-migratable rewrite guest.xml --host kvm-a.xml --host kvm-b.xml --libvirt-version 9.0.0 >out/rewrite
gzip -dc /usr/share/man/man1/virt-migratable.1.gz >out/manual
bash -c '. /usr/share/bash-completion/bash_completion; _comp_load virt-migratable; complete -p virt-migratable' >out/completion
virt-migratable hook install --host kvm-a.xml --host kvm-b.xml --self kvm-a --libvirt-version 9.0.0
gate() { code=0; /etc/libvirt/hooks/qemu.d/virt-migratable guest prepare begin - <$2 || code=$?; echo "$1 $code"; }
{ gate safe safe.xml; gate unsafe guest.xml; } >out/gate 2>&1
virt-migratable hook uninstall
apt-get purge -y -qq virt-migratable >/dev/null
find /usr /etc -name '*virt-migratable*' >out/left
`;

describeUnless(obstacle(), 'the Debian package in a clean root', () => {
  let facts: Readonly<Record<string, string>> = {};
  beforeAll(() => {
    facts = installed();
  });

  test('is installed with all that it needs, and says its version', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(facts['version']).toBe(`${version}\n`);
  });

  test('rewrites a guest for two hosts', () => {
    expect(facts['rewrite']).toBe(SHARED);
  });

  test('has a manual, and a completion that bash takes', () => {
    expect(facts['manual']).toMatch(/^\.TH VIRT/m);
    expect(facts['completion']).toBe(
      'complete -o bashdefault -o default -F _virt_migratable virt-migratable\n',
    );
  });

  test('installs a gate that gives verdicts', () => {
    expect(facts['gate']).toMatch(/^safe 0\n.*clwb.*\nunsafe 1\n$/);
  });

  test('is gone without a trace when it is purged', () => {
    expect(facts['left']).toBe('');
  });
});

function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'this needs Linux';
  if (process.getuid?.() !== 0) return 'this needs root';
  const missing = ['debootstrap', 'dpkg-deb', 'unshare', 'mount'].filter(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0,
  );
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  if (existsSync(BASE)) return undefined;
  const made = `${BASE}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  const { status, stdout } = spawnSync('debootstrap', ['--variant=minbase', RELEASE, made, mirror()], {
    encoding: 'utf8',
  });
  if (status === 0) {
    renameSync(made, BASE);
    return undefined;
  }
  rmSync(made, { recursive: true, force: true });
  return `debootstrap could make no root of ${RELEASE} (${stdout.trim().split('\n').at(-1) ?? ''})`;
}

/** Where this machine has its packages from, or where everybody has. */
function mirror(): string {
  const sources = ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources'].filter(existsSync);
  const text = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
  return (
    /^(?:URIs:|deb(?: \[[^\]]*\])?) +(https?:\/\/\S+\/debian)\/?\s/m.exec(text)?.[1] ??
    'http://deb.debian.org/debian'
  );
}

/** What the package does there, by name. */
function installed(): Readonly<Record<string, string>> {
  for (const name of ['standalone', 'deb'])
    execFileSync(process.execPath, [join(ROOT, `scripts/pack-${name}.mjs`)]);
  const place = mkdtempSync(join('/var/tmp', 'virt-migratable-root-'));
  try {
    for (const name of ['upper', 'work', 'root', 'upper/try', 'upper/try/out']) mkdirSync(join(place, name));
    const inside = join(place, 'upper/try');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    copyFileSync(join(ROOT, `dist/standalone/virt-migratable_${version}_all.deb`), join(inside, 'x.deb'));
    for (const name of ['kvm-a', 'kvm-b'])
      copyFileSync(join(ROOT, `examples/hosts/${name}.xml`), join(inside, `${name}.xml`));
    writeFileSync(join(inside, 'guest.xml'), domain());
    writeFileSync(join(inside, 'safe.xml'), SHARED);
    writeFileSync(join(inside, 'try.sh'), TRY);
    const { status, stderr, stdout } = spawnSync(
      'unshare',
      ['--mount', 'sh', '-ec', MOUNT, 'sh', BASE, place],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`it could not be tried:\n${stdout}\n${stderr}`);
    const names = ['version', 'rewrite', 'manual', 'completion', 'gate', 'left'];
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(inside, 'out', name), 'utf8')]));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
