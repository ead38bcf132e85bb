import type { COMMAND_ERRORS } from './command-errors.ts';

export { COMMAND_ERRORS } from './command-errors.ts';

/** What stopped the command, for programs. */
export type CommandErrorCode = keyof typeof COMMAND_ERRORS;

/** The command cannot go on, and not because of a mistake of its own: exit code 2. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: CommandErrorCode;
  /** What else to print, a line each. */
  readonly details: readonly string[];

  constructor(code: CommandErrorCode, message: string, details: readonly string[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The command was called in a way it cannot follow. */
export function usageError(message: string, details: readonly string[] = []): CommandError {
  return new CommandError('usage', message, details);
}

/** A refusal of the operating system, as Node.js reports it. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const { syscall, code } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  return syscall !== undefined && code !== undefined && /^E[A-Z\d]+$/.test(code);
}

/** `no such file or directory` out of `ENOENT: no such file or directory, open 'x'`. */
export function systemReason(error: NodeJS.ErrnoException): string {
  return error.message.replace(/^[A-Z\d]+: |, \w+(?: '.*)?$/gs, '');
}

/** Runs what reads or writes, and names it in what the system refuses. */
export function attempt<T>(doing: 'read' | 'write', what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CommandError(codeFor(doing, error), `cannot ${doing} ${what || '""'}: ${systemReason(error)}`);
  }
}

function codeFor(doing: 'read' | 'write', { code = '' }: NodeJS.ErrnoException): CommandErrorCode {
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return 'permission-denied';
  if (doing === 'write') return 'unwritable';
  return ['ENOENT', 'ENOTDIR'].includes(code) ? 'not-found' : 'unreadable';
}

/**
 * Calls what throws a RangeError for an argument that comes from the user. A stack that overflows is a RangeError too,
 * and a mistake of our own.
 */
export function argumentsFromUser<T>(code: CommandErrorCode, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const isOurs = !(error instanceof RangeError) || /call stack/.test(error.message);
    throw isOurs ? error : new CommandError(code, error.message);
  }
}
