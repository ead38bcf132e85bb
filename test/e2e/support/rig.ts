import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './poll.ts';
import { recordMigration } from './record.ts';
import { NAMESPACES, QEMU } from './requirements.ts';

/** Where each host of a rig has its own emulator, in its own mount namespace. */
export const EMULATOR = '/var/lib/libvirt/emulator';

/** A libvirtd with directories, network and names of its own. */
export interface RigHost {
  readonly name: string;
  readonly uri: string;
  /** Its private directories as seen from outside: `etc` is its `/etc/libvirt`. */
  readonly directory: string;
}

/** Two hosts on this machine. */
export interface Rig {
  readonly directory: string;
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
 * Starts two hosts, `a` and `b`, whose emulators take these features away from every guest. Only what libvirt is told of
 * named models stays as it is: domcapabilities call a model usable that is not.
 */
export async function startRig(lacking: {
  readonly a: readonly string[];
  readonly b: readonly string[];
}): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), 'rig-'));
  const running: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map(ended));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [a, b] = (['a', 'b'] as const).map((name) => {
      const host = prepareHost(join(directory, name), name, lacking[name]);
      running.push(startHost(host));
      return host;
    }) as [RigHost, RigHost];
    for (const host of [a, b]) await until(`libvirtd of host ${host.name} answers`, () => answer(host));
    return { directory, a, b, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Files of a host: who it is, how its guests run, and its emulator. */
function prepareHost(directory: string, name: string, lacking: readonly string[]): RigHost {
  for (const part of ['etc/hooks/qemu.d', 'run', 'lib', 'cache', 'log'])
    mkdirSync(join(directory, part), { recursive: true });
  const uuid = `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;
  const log = join(directory, 'libvirtd.log');
  writeFileSync(
    join(directory, 'etc/libvirtd.conf'),
    `host_uuid = "${uuid}"\nauth_unix_rw = "none"\nlog_outputs = "3:file:${log}"\n`,
  );
  // No virtlogd, no confinement, no control groups: the rig must run inside a container too.
  writeFileSync(
    join(directory, 'etc/qemu.conf'),
    'stdio_handler = "file"\nsecurity_driver = "none"\nuser = "root"\ngroup = "root"\nnamespaces = []\ncgroup_controllers = []\nremember_owner = 0\n',
  );
  // libvirtd looks for hooks once, when it starts; with one there, it also finds those that come later.
  writeFileSync(join(directory, 'etc/hooks/qemu.d/before'), '#!/bin/sh\nexec cat >/dev/null\n', {
    mode: 0o755,
  });
  writeFileSync(join(directory, 'lib/emulator'), emulatorScript(['arch-capabilities', ...lacking]), {
    mode: 0o755,
  });
  const socket = join(directory, 'run/libvirt/libvirt-sock');
  return { name, directory, uri: `qemu+unix:///system?socket=${socket}` };
}

/**
 * A QEMU that lacks features. Where libvirt asks what it has, there is no CPU yet: a default of the CPUs that follow the
 * host says so. Where a guest is started, the last word on a feature of its CPU counts, whatever the CPU.
 */
function emulatorScript(lacking: readonly string[]): string {
  const globals = lacking.flatMap((name) =>
    ['max', 'host'].map((model) => `-global ${model}-x86_64-cpu.${name}=off`),
  );
  return `#!/bin/sh
previous=
for word do
  shift
  [ "$previous" != -cpu ] || word=$word,${lacking.map((name) => `${name}=off`).join(',')}
  set -- "$@" "$word"
  previous=$word
done
exec ${QEMU} "$@" ${globals.join(' ')}
`;
}

function startHost({ name, directory }: RigHost): ChildProcess {
  const script = join(__dirname, 'host.sh');
  return spawn('unshare', [...NAMESPACES, 'sh', script, directory, `host-${name}`], {
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

function answer(host: RigHost): true | undefined {
  if (!existsSync(join(host.directory, 'run/libvirt/libvirt-sock'))) return undefined;
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

/** What virsh prints; fails with its words, and those of the host's libvirtd, where it refuses. */
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
  for (const host of [rig.a, rig.b]) {
    virsh(host, 'destroy', guest);
    virsh(host, 'undefine', guest);
  }
}
