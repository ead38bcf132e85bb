import { execFile } from 'node:child_process';
import { UsageError } from './usage.ts';

/** The longest that one host may take, all its commands together. */
export interface TimeLimit {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Begins to count. */
export function timeLimit(seconds: number): TimeLimit {
  return { seconds, signal: AbortSignal.timeout(seconds * 1000) };
}

/** More than libvirt ever says; a limit all the same. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What the user's own virsh prints; every refusal is told with the URI and virsh's words. Nothing runs in a shell. */
export function virsh(
  uri: string,
  words: readonly string[],
  { seconds, signal }: TimeLimit,
): Promise<string> {
  const options = {
    signal,
    maxBuffer: MOST_BYTES,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile('virsh', ['-c', uri, ...words], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (signal.aborted) reject(new UsageError(`${uri}: no answer within ${seconds} s`));
      else reject(new UsageError(reasonOf(uri, words, error, stderr)));
    });
    child.stdin?.end();
  });
}

function reasonOf(uri: string, [command = '']: readonly string[], error: Error, stderr: string): string {
  if ('code' in error && error.code === 'ENOENT')
    return 'virsh is not installed here (Debian: libvirt-clients, Fedora: libvirt-client)';
  const told = stderr.split('\n').map((line) =>
    line
      .replace(/^error: /, '')
      .replace(/\p{Cc}/gu, ' ')
      .trim(),
  );
  const reason = told.filter((line) => line !== '').join('; ');
  return `${uri}: virsh ${command}: ${reason === '' ? error.message : reason}`;
}
