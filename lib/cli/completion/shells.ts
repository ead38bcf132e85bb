import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { zsh } from './zsh.ts';

/** Shells there is a completion for, each with its script. */
export const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };
