import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recordSkip } from './record.ts';

/** Namespaces a host of the rig lives in, and that its processes end with it. */
export const NAMESPACES = [
  '--mount',
  '--net',
  '--uts',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
] as const;

export const QEMU = 'qemu-system-x86_64';
const PROGRAMS: readonly string[] = ['unshare', 'mount', 'libvirtd', 'virsh', QEMU];

/** Why there can be no two libvirt hosts on this machine; `undefined` where there can. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'this needs Linux';
  const missing = PROGRAMS.filter((program) => !answers(program, ['--version']));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  if (process.getuid?.() !== 0) return 'this needs root';
  const bind = 'mount --bind /var/lib/libvirt /var/cache/libvirt';
  if (!answers('unshare', [...NAMESPACES, 'sh', '-c', bind]))
    return 'this machine grants no namespaces of mounts, network, host name and processes';
  return undefined;
}

/** Releases that a host of the rig may run, each in a root directory that `.ci/roots` makes. */
export type Release = 'debian-13' | 'newest' | 'forky';

/** Where the root directories stand. */
const ROOTS = 'VIRT_MIGRATABLE_ROOTS';

/** The root directory of a release, `/` for the machine's own. */
export function rootOf(release: Release | undefined): string {
  return release === undefined ? '/' : join(process.env[ROOTS] ?? '', release);
}

/** A daemon that drives QEMU: the one for everything, or the modular one. */
export type Daemon = 'libvirtd' | 'virtqemud';

/** Why there can be no host of this release; `undefined` where there can. */
export function releaseObstacle(release: Release, daemon: Daemon = 'libvirtd'): string | undefined {
  const root = rootOf(release);
  if (!existsSync(join(root, 'usr/bin', QEMU)) || !existsSync(join(root, 'usr/sbin/libvirtd')))
    return obstacle() ?? `${ROOTS} has no ${release} (.ci/roots makes it)`;
  const isThere = existsSync(join(root, 'usr/sbin', daemon));
  return obstacle() ?? (isThere ? undefined : `${release} has no ${daemon}: Debian packages none`);
}

/** Why QEMU cannot run here. */
export function qemuObstacle(): string | undefined {
  return answers(QEMU, ['--version']) ? undefined : `not installed: ${QEMU}`;
}

/**
 * Why no guest can use KVM here. Inside another KVM guest, QEMU may be unable to set the register behind
 * arch-capabilities; no host of the rig has it.
 */
export function kvmObstacle(): string | undefined {
  const options = ['-accel', 'kvm', '-cpu', 'host,arch-capabilities=off', '-nodefaults', '-display', 'none'];
  const { status, stderr } = spawnSync(QEMU, [...options, '-S', '-monitor', 'stdio'], {
    input: 'quit\n',
    encoding: 'utf8',
    timeout: 30_000,
  });
  return status === 0 ? undefined : `KVM does not work here (${stderr.trim().split('\n')[0] ?? ''})`;
}

/** `describe`, or where something stands in the way a skipped one that says why, here and in the last lines. */
export function describeUnless(reason: string | undefined, name: string, body: () => void): void {
  if (reason === undefined) {
    describe(name, body);
    return;
  }
  recordSkip(name, reason);
  describe.skip(`${name} (skipped: ${reason})`, body);
}

function answers(program: string, words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore', timeout: 30_000 }).status === 0;
}
