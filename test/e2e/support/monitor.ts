import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { monitorPath, type RigHost } from './rig.ts';

/** Runs QMP commands in order and gives what each returns. */
export type Qmp = (commands: readonly QmpCommand[]) => Promise<readonly unknown[]>;

export interface QmpCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** QMP of a running guest of the rig, past libvirt: a run of virsh for each command would take longer than all else. */
export function monitorOf(host: RigHost, guest: string): Qmp {
  return async (commands) => {
    const socket = await connectTo(monitorPath(host, guest));
    if (socket === undefined) throw new Error(`no monitor of ${guest} on host ${host.name}`);
    try {
      const qmp = await session(socket);
      return await qmp(commands);
    } finally {
      socket.destroy();
    }
  };
}

export async function connectTo(path: string): Promise<Socket | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch {
    return undefined;
  }
}

/** QEMU greets; from then on each command has one answer, with events between them. */
export async function session(socket: Socket): Promise<Qmp> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const next = async (): Promise<Readonly<Record<string, unknown>>> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('QEMU closed its monitor');
    return JSON.parse(line.value) as Readonly<Record<string, unknown>>;
  };
  const ask = async (command: QmpCommand): Promise<unknown> => {
    socket.write(JSON.stringify(command));
    for (;;) {
      const answer = await next();
      if ('return' in answer) return answer['return'];
      if ('error' in answer) throw new Error(`${command.execute}: ${JSON.stringify(answer['error'])}`);
    }
  };
  await next();
  await ask({ execute: 'qmp_capabilities' });
  return async (commands) => {
    const answers: unknown[] = [];
    for (const command of commands) answers.push(await ask(command));
    return answers;
  };
}
