import { closest } from '../../text/distance.ts';
import type { CommandName } from '../options/spec.ts';
import { COMMAND_NAMES, optionsOf } from '../options/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, words } from '../terminal/words.ts';
import { OF_ONE_CALL } from './one-call.ts';

const PREFIX = 'VIRT_MIGRATABLE_';

/** The variable that states an option. */
export function variableOf(option: string): string {
  return PREFIX + option.toUpperCase().replaceAll('-', '_');
}

/** Warns of variables that look like this program's and state nothing: a misspelt one must not pass for what it was meant to be. */
export function tellStrangers({ tell, colour }: Terminal): void {
  const strangers = Object.keys(process.env).filter((name) => name.startsWith(PREFIX));
  if (strangers.length === 0) return;
  const known = new Set(COMMAND_NAMES.flatMap(variablesOf));
  const label = styled('warning', 'yellow', colour.err);
  for (const name of strangers.sort()) {
    if (known.has(name)) continue;
    const meant = closest(
      name.slice(PREFIX.length),
      [...known].map((one) => one.slice(PREFIX.length)),
    );
    const advice = meant === undefined ? '' : `; did you mean ${PREFIX}${meant}?`;
    tell(words`${label}: the environment variable ${name} states nothing here${advice}\n`);
  }
}

function variablesOf(command: CommandName): readonly string[] {
  const options = optionsOf(command).filter(({ name }) => !OF_ONE_CALL.has(name));
  return [...options.map(({ name }) => variableOf(name)), variableOf('config'), variableOf('hosts')];
}
