import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CommandError } from '../errors.ts';
import { held } from '../files/held.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { publicUri, withoutUserInfo } from './names.ts';

/** How long one connection may take, all its commands together, and how to reach the user meanwhile. */
export interface Asking {
  readonly seconds: number;
  readonly deadline: AbortSignal;
  readonly terminal: Pick<Terminal, 'detail' | 'interactive'>;
}

/** Begins to count. */
export function asking(seconds: number, terminal: Terminal): Asking {
  return { seconds, deadline: AbortSignal.timeout(seconds * 1000), terminal };
}

/** More than libvirt ever says; a limit all the same. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ERROR_BYTES = 16 * 1024;
const MOST_REASON = 500;
/** Milliseconds between the polite signal and the one that cannot be refused. */
const GRACE = 2000;
/** Milliseconds that messages may take after the end: a program left behind may keep their pipe open for ever. */
const LINGER = 200;

const NOT_INSTALLED = {
  code: 'virsh-missing',
  message: 'virsh is not installed here (Debian: libvirt-clients, Fedora: libvirt-client)',
} as const;

interface Problem {
  readonly code: 'host-unreachable' | 'host-timeout' | 'virsh-missing';
  readonly message: string;
}

/** How a run of virsh ended. */
interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Why it was ended, or could not be started. */
  readonly problem: Problem | undefined;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * What the user's own virsh prints; a refusal is an error with the URI and virsh's words. Nothing runs in a shell. virsh
 * has a process group of its own, which ends with it, unless ssh may have to ask the user for a password: in a session
 * of its own it could not.
 */
export async function virsh(uri: string, args: readonly string[], asked: Asking): Promise<string> {
  const { detail, interactive } = asked.terminal;
  detail(words`run virsh -c ${publicUri(uri)} ${args.join(' ')}\n`);
  let kill: (signal: NodeJS.Signals) => void = () => undefined;
  // Before virsh starts: no signal may come between.
  const release = held(() => {
    kill('SIGKILL');
  });
  const child = spawn('virsh', ['-c', uri, ...args], {
    detached: !interactive,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  kill = killerOf(child, interactive ? 1 : -1);
  try {
    const { code, out, err, problem } = await endOf(child, kill, asked);
    if (problem === undefined && code === 0) return out;
    const errorCode = problem?.code ?? 'host-unreachable';
    const message =
      problem?.message ?? `virsh ${args[0] ?? ''}: ${reasonIn(err) || `exit code ${code ?? 'none'}`}`;
    throw new CommandError(errorCode, withoutUserInfo(`${publicUri(uri)}: ${message}`, uri));
  } finally {
    release();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Sends signals to a child, or to its group. */
function killerOf({ pid }: Child, sign: 1 | -1): (signal: NodeJS.Signals) => void {
  return (signal) => {
    try {
      if (pid !== undefined) process.kill(sign * pid, signal);
    } catch {
      // It has ended already.
    }
  };
}

function endOf(
  child: Child,
  kill: (signal: NodeJS.Signals) => void,
  { deadline, seconds }: Asking,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const timers: NodeJS.Timeout[] = [];
    let problem: Problem | undefined;
    let code: number | null = null;
    const stop = (why: Problem): void => {
      if (problem !== undefined) return;
      problem = why;
      kill('SIGTERM');
      timers.push(
        setTimeout(() => {
          kill('SIGKILL');
          settle();
        }, GRACE),
      );
    };
    const out = collected(child.stdout, MOST_BYTES, () => {
      stop({ code: 'host-unreachable', message: `virsh prints more than ${MOST_BYTES} bytes` });
    });
    const err = collected(child.stderr, MOST_ERROR_BYTES, () => undefined);
    const onDeadline = (): void => {
      stop({ code: 'host-timeout', message: `no answer within ${seconds} s` });
    };
    const settle = (): void => {
      for (const timer of timers) clearTimeout(timer);
      deadline.removeEventListener('abort', onDeadline);
      resolve({ code, out: out(), err: err(), problem });
    };
    if (deadline.aborted) onDeadline();
    else deadline.addEventListener('abort', onDeadline);
    child.once('error', (error: NodeJS.ErrnoException) => {
      problem =
        error.code === 'ENOENT' ? NOT_INSTALLED : { code: 'host-unreachable', message: error.message };
      settle();
    });
    child.once('exit', (status) => {
      code = status;
    });
    afterBoth(child, () => timers.push(setTimeout(settle, LINGER)));
    child.once('close', settle);
  });
}

/** Calls back when the program has ended and all its output has been read. */
function afterBoth(child: Child, action: () => void): void {
  let open = 2;
  const onEnd = (): void => {
    open--;
    if (open === 0) action();
  };
  child.once('exit', onEnd);
  child.stdout.once('close', onEnd);
}

/** The first `most` bytes of a stream; all others are read and dropped. */
function collected(stream: Readable, most: number, onMore: () => void): () => string {
  const parts: Buffer[] = [];
  let length = 0;
  stream.on('data', (part: Buffer) => {
    if (length < most) parts.push(part.subarray(0, most - length));
    length += part.length;
    if (length > most) onMore();
  });
  return () => Buffer.concat(parts).toString('utf8');
}

/** virsh's words in one line. */
function reasonIn(err: string): string {
  const reasons = err.split('\n').map((line) => line.replace(/^error: /, '').trim());
  const reason = reasons.filter((line) => line !== '').join('; ');
  return reason.length > MOST_REASON ? `${reason.slice(0, MOST_REASON)} …` : reason;
}
