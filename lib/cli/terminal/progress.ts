import type { Terminal } from './terminal.ts';
import { words } from './words.ts';

/** A line that counts, for someone who watches. */
export interface Progress {
  readonly show: (done: number) => void;
  /** Takes the line away, for something else to be printed. */
  readonly hide: () => void;
}

/** In milliseconds: what takes less needs no line, and nobody reads one that changes faster. */
const PATIENCE = 1000;
const PAUSE = 100;

/** Counts what takes longer than a second, and says how long it will take. */
export function progressOf(
  what: string,
  all: number,
  { tell, watched }: Pick<Terminal, 'tell' | 'watched'>,
  now: () => number = () => performance.now(),
): Progress {
  const start = now();
  let next = start + PATIENCE;
  let isShown = false;
  const hide = (): void => {
    if (!isShown) return;
    tell(words`\r\u001b[K`);
    isShown = false;
    // It comes back with what comes next.
    next = 0;
  };
  return {
    show: (done) => {
      const time = now();
      if (!watched || time < next || done === 0) return;
      next = time + PAUSE;
      isShown = true;
      tell(
        words`\r${what}: ${done} of ${all}, ${lasting(((time - start) / done) * (all - done))} left\u001b[K`,
      );
    },
    hide,
  };
}

/** `12 s`, `3 min 5 s`. */
function lasting(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
