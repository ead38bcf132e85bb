const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What has to be done before the process ends by a signal: temporary files removed, other programs ended. */
const cleanups = new Set<() => void>();

/**
 * Has something done if a signal ends the process before the returned function is called. While anything is held, a
 * signal waits until the running piece of code is done.
 */
export function held(cleanup: () => void): () => void {
  if (cleanups.size === 0) for (const signal of SIGNALS) process.on(signal, end);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    // A signal that came meanwhile is delivered before this.
    setImmediate(letGo);
  };
}

function letGo(): void {
  if (cleanups.size === 0) for (const signal of SIGNALS) process.removeListener(signal, end);
}

/** Cleans up, and ends as if nobody had listened. */
function end(signal: NodeJS.Signals): void {
  for (const cleanup of cleanups) cleanup();
  cleanups.clear();
  letGo();
  process.kill(process.pid, signal);
}
