const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What has to be done before the process ends by a signal: temporary files removed, other programs ended. */
const cleanups = new Set<() => void>();

/** This process, while its signals are listened to: what is let go of at once may be held again before that ends. */
const listening = new Set<NodeJS.Process>();

/**
 * Has something done if a signal ends the process before the returned function is called. While anything is held, a
 * signal waits until the running piece of code is done.
 */
export function held(cleanup: () => void): () => void {
  if (!listening.has(process)) for (const signal of SIGNALS) process.on(signal, end);
  listening.add(process);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    // A signal that came meanwhile is delivered before this.
    setImmediate(letGo);
  };
}

function letGo(): void {
  if (cleanups.size > 0) return;
  for (const signal of SIGNALS) process.removeListener(signal, end);
  listening.clear();
}

/** Cleans up, and ends as if nobody had listened. */
function end(signal: NodeJS.Signals): void {
  for (const cleanup of cleanups) cleanup();
  cleanups.clear();
  letGo();
  process.kill(process.pid, signal);
}
