import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds between two looks. */
const PAUSE = 50;
/** Milliseconds that anything may take on a slow machine. */
const PATIENCE = 120_000;

/** The first answer that is not `undefined`; fails with `what` when none comes in time. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${PATIENCE / 1000} s in vain: ${what}`);
    await wait(PAUSE);
  }
}
