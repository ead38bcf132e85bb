/** Why the command cannot go on, beside what is wrong in a document: code → what it means. The manual lists them. */
export const COMMAND_ERRORS = {
  'unknown-command': 'there is no such command',
  'unknown-option': 'the command has no such option',
  'bad-value': 'the value of an option or argument is not one that it takes',
  'missing-argument': 'something that the command needs is not given: a domain, a connection',
  'unexpected-argument': 'an argument too many',
  'contradictory-options': 'options that exclude each other, or one without another that it needs',
  'no-hosts': 'no host is given',
  'no-such-host': 'an option names a host that is not among those given',
  'ambiguous-host': 'two hosts would have one name, or one file would be two hosts',
  'not-confirmed': 'nobody can be asked for consent, and --yes is not given',
  usage: 'the command line is wrong in another way',
  'bad-config': 'the configuration file is wrong',
  'not-found': 'a file, directory or domain does not exist',
  'permission-denied': 'a file or directory may not be read or written',
  'too-large': 'a file is larger than anything that is read',
  unreadable: 'a file cannot be read for another reason',
  unwritable: 'a file cannot be written for another reason',
  'changed-meanwhile': 'somebody else changed a file or domain since it was read; nothing was written',
  'foreign-file': 'a file or directory stands where the gate would, and is not of this command',
  'untrusted-place': 'somebody else than root could change what the gate relies on',
  'bad-cpu-map': 'a file is no CPU map',
  'host-unreachable': 'virsh cannot connect to a host, or its answer cannot be used',
  'host-timeout': 'a host does not answer in time',
  'not-installed': 'a program that is needed is not installed here',
  'not-comparable': 'hosts give no answer to what was asked',
  system: 'the operating system refused something else',
  internal: 'a bug in this program',
} as const;

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
