import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connectTo, session, type Qmp } from './monitor.ts';
import { until } from './poll.ts';
import { QEMU } from './requirements.ts';

/** A QEMU of our own, without libvirt. */
export interface PlainQemu {
  readonly qmp: Qmp;
  readonly stop: () => Promise<void>;
}

/** How to run it. */
export interface PlainQemuOptions {
  readonly accelerator: string;
  /** The argument of `-cpu`. */
  readonly cpu: string;
  /** Path of the QMP socket. */
  readonly socket: string;
  /** Where a guest comes from, for `-incoming`. */
  readonly incoming?: string;
}

/** Starts a QEMU whose guest does not run yet. */
export async function startQemu(options: PlainQemuOptions): Promise<PlainQemu> {
  const { accelerator, cpu, socket, incoming } = options;
  const child = spawn(
    QEMU,
    [
      ...[
        '-machine',
        'pc',
        '-accel',
        accelerator,
        '-cpu',
        cpu,
        '-m',
        '64',
        '-nodefaults',
        '-display',
        'none',
      ],
      ...['-no-user-config', '-S', '-qmp', `unix:${socket},server=on,wait=off`],
      ...(incoming === undefined ? [] : ['-incoming', incoming]),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    const connection = await until(`QEMU answers on ${socket}`, () => connect(child, socket));
    return { qmp: await session(connection), stop: () => ended(child, connection) };
  } catch (error) {
    await ended(child);
    throw error;
  }
}

async function connect(child: ChildProcess, path: string): Promise<Socket | undefined> {
  if (child.exitCode !== null) throw new Error(`QEMU ended with ${child.exitCode}`);
  return existsSync(path) ? connectTo(path) : undefined;
}

async function ended(child: ChildProcess, connection?: Socket): Promise<void> {
  connection?.destroy();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGKILL');
  await end;
}

/** Moves the guest of one QEMU to another that waits for it there. */
export async function migrateQemu(from: PlainQemu, to: PlainQemu, uri: string): Promise<void> {
  await from.qmp([{ execute: 'migrate', arguments: { uri } }]);
  await until('the guest has moved', async () => {
    const [{ status }] = (await from.qmp([{ execute: 'query-migrate' }])) as [{ readonly status: string }];
    if (status === 'failed') throw new Error('QEMU could not move the guest');
    return status === 'completed' ? true : undefined;
  });
  await until('the guest has arrived', async () => {
    const [{ status }] = (await to.qmp([{ execute: 'query-status' }])) as [{ readonly status: string }];
    return status === 'inmigrate' ? undefined : true;
  });
}
