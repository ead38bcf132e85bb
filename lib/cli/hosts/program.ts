import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { CommandErrorCode } from '../errors.ts';
import { held } from '../files/held.ts';
import type { Terminal } from '../terminal/terminal.ts';

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

/** More than any host ever says; a limit all the same. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ERROR_BYTES = 16 * 1024;
const MOST_REASON = 500;
/** Milliseconds between the polite signal and the one that cannot be refused. */
const GRACE = 2000;
/** Milliseconds that messages may take after the end: a program left behind may keep their pipe open for ever. */
const LINGER = 200;

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Why it was ended, or could not be started. */
  readonly problem: Problem | undefined;
}

interface Problem {
  readonly code: CommandErrorCode;
  readonly message: string;
}

export interface Program {
  readonly name: string;
  /** Packages that have it. */
  readonly packages: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Runs a program that asks a host. Nothing runs in a shell. It has a process group of its own, which ends with it, unless
 * ssh may have to ask the user for a password: in a session of its own it could not.
 */
export async function outcomeOf(program: Program, args: readonly string[], asked: Asking): Promise<Outcome> {
  const { interactive } = asked.terminal;
  let kill: (signal: NodeJS.Signals) => void = () => undefined;
  // Before it starts: no signal may come between.
  const release = held(() => {
    kill('SIGKILL');
  });
  const child = spawn(program.name, args, {
    detached: !interactive,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  kill = killerOf(child, interactive ? 1 : -1);
  try {
    return await endOf(child, program, kill, asked);
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
  program: Program,
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
      stop({ code: 'host-unreachable', message: `${program.name} prints more than ${MOST_BYTES} bytes` });
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
        error.code === 'ENOENT'
          ? { code: 'not-installed', message: `${program.name} is not installed here (${program.packages})` }
          : { code: 'system', message: error.message };
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

/** The words of a program that failed, in one line. */
export function reasonIn({ err, code }: Outcome): string {
  const reasons = err.split('\n').map((line) => line.replace(/^error: /, '').trim());
  const reason = reasons.filter((line) => line !== '').join('; ');
  if (reason === '') return `exit code ${code ?? 'none'}`;
  return reason.length > MOST_REASON ? `${reason.slice(0, MOST_REASON)} …` : reason;
}
