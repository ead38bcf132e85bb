import { candidateMaps } from '../../cpu/bundled.ts';
import { withoutMarks } from '../options/help.ts';
import type { CommandName, Completion, OptionSpec, Positional } from '../options/spec.ts';
import { argumentOf, COMMAND_NAMES, optionsOf, wordsOf } from '../options/table.ts';

/** What may stand for a value: one of these words, or something the shell finds. */
export type Values = readonly string[] | Exclude<Completion, 'model' | 'arch' | 'uri'>;

/** An option as a shell offers it. */
export interface OptionWords {
  readonly name: string;
  readonly short: string | undefined;
  readonly summary: string;
  /** `undefined` for a switch. */
  readonly values: Values | undefined;
  readonly repeats: boolean;
}

/** A command as a shell offers it. */
export interface CommandCompletion {
  readonly name: CommandName;
  readonly summary: string;
  readonly options: readonly OptionWords[];
  /** What may stand at each place behind the command; the last again and again where it repeats. */
  readonly places: readonly Values[];
  readonly repeats: boolean;
}

/** Words that may stand in place of a command. */
export const SWITCHES: readonly (readonly [string, string])[] = [
  ['help', 'explain a command, a finding or an error'],
  ['--help', 'show the commands'],
  ['--version', 'show the version'],
];

/** Everything the option table knows, as shells need it. */
export function commandWords(): readonly CommandCompletion[] {
  return COMMAND_NAMES.map((name) => {
    const { summary, forms } = wordsOf(name);
    const [first, ...others] = forms;
    const own = others.length === 0 ? (first?.positionals ?? []) : [];
    const starts = forms.flatMap(({ positionals: [start] }) => start?.choices ?? []);
    return {
      name,
      summary: withoutMarks(summary),
      options: optionsOf(name).map(optionWords),
      places: others.length === 0 ? own.map(valuesFor) : [starts],
      repeats: own.some(({ repeats }) => repeats),
    };
  });
}

function optionWords(option: OptionSpec): OptionWords {
  const { name, short, help, repeats = false } = option;
  const values = argumentOf(option) === undefined ? undefined : valuesFor(option);
  return { name, short, summary: withoutMarks(help), values, repeats };
}

function valuesFor({ choices, complete = 'file' }: OptionSpec | Positional): Values {
  if (choices !== undefined) return choices;
  if (complete === 'model') return modelNames();
  if (complete === 'arch') return ['x86_64', 'aarch64', 'ppc64le', 's390x'];
  if (complete === 'uri') return ['qemu:///system', 'qemu:///session'];
  return complete;
}

/** The models that the newest libvirt we know of has. */
function modelNames(): readonly string[] {
  const newest = candidateMaps({ from: '0.0.0', to: '999.0.0' }).at(-1);
  return newest?.models.map(({ name }) => name).sort() ?? [];
}

/** In single quotes, as all three shells read them. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
