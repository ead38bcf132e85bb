import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './poll.ts';
import { recordMigration } from './record.ts';
import { NAMESPACES, QEMU, rootOf, type Daemon, type Release } from './requirements.ts';

/**
 * Hosts of any release beside each other, each a libvirt daemon with its QEMU in namespaces of its own:
 *
 *     const rig = await startRig([{ lacking: ['smap'] }, { release: 'debian-13' }, { release: 'forky', daemon: 'virtqemud' }]);
 *     define(rig, rig.a, xml); ask(rig.a, 'start', GUEST); migrate(rig, GUEST, rig.a, rig.b, 'what'); await rig.stop();
 *
 * Hosts are called a, b, c …, in order. What is no release is the machine itself. A release needs a root directory that
 * `.ci/roots` made (`releaseObstacle(release)` says why there is none). An emulator that takes features away stands at
 * EMULATOR on every host, so a domain names it as `<emulator>`. The directory of the rig has the same path on every host.
 */

/** Where each host of a rig has its own emulator, in its own mount namespace. */
export const EMULATOR = '/var/lib/libvirt/emulator';

/** The monitor that every guest of a rig has beside libvirt's own. */
export function monitorPath({ directory }: RigHost, guest: string): string {
  return join(directory, 'lib', `${guest}.sock`);
}

/** What a host of a rig is to be. */
export interface HostWanted {
  /** Whose libvirt and QEMU it runs; the machine's own where nothing is said. */
  readonly release?: Release;
  /** Features that its emulator takes away from every guest, in QEMU's spelling. */
  readonly lacking?: readonly string[];
  /** Its daemon: libvirtd where nothing is said, or the modular one for QEMU. */
  readonly daemon?: Daemon;
}

/** A libvirt daemon with directories, network and names of its own. */
export interface RigHost {
  readonly name: string;
  /** Whose libvirt and QEMU it runs; `undefined` for the machine's own. */
  readonly release: Release | undefined;
  readonly daemon: Daemon;
  readonly uri: string;
  /** Its private directories as seen from outside: `etc` is its `/etc/libvirt`. */
  readonly directory: string;
}

/** Hosts on this machine, two at least: `a`, `b` and those that follow. */
export interface Rig {
  readonly directory: string;
  readonly hosts: readonly RigHost[];
  readonly a: RigHost;
  readonly b: RigHost;
  readonly stop: () => Promise<void>;
}

/** What a run of virsh leaves behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Starts hosts whose emulators take features away from every guest. Only what libvirt is told of named models stays as it
 * is: domcapabilities call a model usable that is not.
 */
export async function startRig(wanted: readonly HostWanted[]): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), 'rig-'));
  const running: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map(ended));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const hosts = wanted.map((host, i) => {
      const prepared = prepareHost(directory, String.fromCharCode('a'.charCodeAt(0) + i), host);
      running.push(startHost(prepared));
      return prepared;
    });
    for (const [i, host] of hosts.entries())
      await until(`${host.daemon} of host ${host.name} answers`, () => answer(host, running[i]));
    const [a, b] = hosts as [RigHost, RigHost];
    return { directory, hosts, a, b, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Files of a host: who it is, how its guests run, and its emulator. */
function prepareHost(rig: string, name: string, wanted: HostWanted): RigHost {
  const { release, lacking = [], daemon = 'libvirtd' } = wanted;
  const directory = join(rig, name);
  for (const part of ['etc/hooks/qemu.d', 'run', 'lib', 'cache', 'log'])
    mkdirSync(join(directory, part), { recursive: true });
  const uuid = `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;
  const log = join(directory, 'libvirtd.log');
  writeFileSync(
    join(directory, `etc/${daemon}.conf`),
    `host_uuid = "${uuid}"\nauth_unix_rw = "none"\nlog_outputs = "3:file:${log}"\n`,
  );
  // No virtlogd, no confinement, no control groups: the rig must run inside a container too.
  writeFileSync(
    join(directory, 'etc/qemu.conf'),
    'stdio_handler = "file"\nsecurity_driver = "none"\nuser = "root"\ngroup = "root"\nnamespaces = []\ncgroup_controllers = []\nremember_owner = 0\n',
  );
  // A daemon looks for hooks once, when it starts; with one there, it also finds those that come later.
  writeFileSync(join(directory, 'etc/hooks/qemu.d/before'), '#!/bin/sh\nexec cat >/dev/null\n', {
    mode: 0o755,
  });
  writeFileSync(join(directory, 'lib/emulator'), emulatorScript(['arch-capabilities', ...lacking]), {
    mode: 0o755,
  });
  const uri = `qemu+unix:///system?socket=${socketOf({ directory, daemon })}`;
  return { name, release, daemon, directory, uri };
}

function socketOf({ directory, daemon }: Pick<RigHost, 'directory' | 'daemon'>): string {
  return join(directory, 'run/libvirt', daemon === 'libvirtd' ? 'libvirt-sock' : `${daemon}-sock`);
}

/**
 * A QEMU that lacks features. Where libvirt asks what it has, there is no CPU yet: a default of the CPUs that follow the
 * host says so. Where a guest is started, the last word on a feature of its CPU counts, whatever the CPU; and it has a
 * monitor for us.
 */
function emulatorScript(lacking: readonly string[]): string {
  const globals = lacking.flatMap((name) =>
    ['max', 'host'].map((model) => `-global ${model}-x86_64-cpu.${name}=off`),
  );
  return `#!/bin/sh
previous=
monitor=
for word do
  shift
  if [ "$previous" = -name ]; then
    name=\${word#guest=}
    monitor="-chardev socket,id=ours,path=/var/lib/libvirt/\${name%%,*}.sock,server=on,wait=off -mon chardev=ours,mode=control"
  fi
  [ "$previous" != -cpu ] || word=$word,${lacking.map((name) => `${name}=off`).join(',')}
  set -- "$@" "$word"
  previous=$word
done
exec ${QEMU} "$@" $monitor ${globals.join(' ')}
`;
}

function startHost({ name, directory, release, daemon }: RigHost): ChildProcess {
  const words = [directory, `host-${name}`, rootOf(release), daemon, process.execPath];
  return spawn('unshare', [...NAMESPACES, 'sh', join(__dirname, 'host.sh'), ...words], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** Lets go of a host's standard input, which ends it, and waits for that. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.stdin?.end();
  await end;
}

function answer(host: RigHost, running: ChildProcess | undefined): true | undefined {
  if (typeof running?.exitCode === 'number') throw new Error(`host ${host.name} has ended`);
  if (!existsSync(socketOf(host))) return undefined;
  return virsh(host, 'uri').code === 0 ? true : undefined;
}

/** Runs virsh on a host. */
export function virsh({ uri }: Pick<RigHost, 'uri'>, ...words: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync('virsh', ['-c', uri, ...words], {
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}

/** What virsh prints; fails with its words, and those of the host's daemon, where it refuses. */
export function ask(host: RigHost, ...words: readonly string[]): string {
  const { code, out, err } = virsh(host, ...words);
  if (code === 0) return out;
  const log = join(host.directory, 'libvirtd.log');
  const told = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-10).join('\n') : '';
  throw new Error(`virsh ${words.join(' ')} on host ${host.name}: ${err}\n${told}`);
}

/** Stores a domain on a host. */
export function define(rig: Rig, host: RigHost, xml: string): void {
  const path = join(rig.directory, 'define.xml');
  writeFileSync(path, xml);
  ask(host, 'define', path);
}

/** Asks libvirt to move a running guest, and says how that ended. */
export function tryToMigrate(
  rig: Rig,
  guest: string,
  from: RigHost,
  to: RigHost,
  ...options: readonly string[]
): Ran {
  const socket = join(rig.directory, 'migrate.sock');
  rmSync(socket, { force: true });
  return virsh(from, 'migrate', '--live', ...options, guest, to.uri, '--migrateuri', `unix://${socket}`);
}

/** Moves a running guest; `what` is how the last lines of the output call it. */
export function migrate(rig: Rig, guest: string, from: RigHost, to: RigHost, what: string): void {
  const { code, err } = tryToMigrate(rig, guest, from, to);
  if (code !== 0) throw new Error(`${guest} did not move from ${from.name} to ${to.name}: ${err}`);
  if (!virsh(to, 'list', '--name').out.split('\n').includes(guest))
    throw new Error(`virsh says that ${guest} moved to ${to.name}, but it does not run there`);
  recordMigration(what);
}

/** Stops and forgets a guest wherever it is. */
export function forget(rig: Rig, guest: string): void {
  for (const host of rig.hosts) {
    virsh(host, 'destroy', guest);
    virsh(host, 'undefine', guest);
  }
}
