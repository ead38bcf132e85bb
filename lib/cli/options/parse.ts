import { parseArgs } from 'node:util';
import { closest, guess } from '../../text/distance.ts';
import { CommandError } from '../errors.ts';
import type { CommandName, OptionSpec } from './spec.ts';
import {
  argumentOf,
  COMMAND_NAMES,
  optionsOf,
  takesHosts,
  usageLine,
  wordsOf,
  type ListName,
  type NumberName,
  type SwitchName,
  type TextName,
} from './table.ts';

/** The words of a command line, sorted by what they mean. */
export interface Arguments {
  readonly command: string;
  /** All words behind the command, as they were given. */
  readonly words: readonly string[];
  readonly positionals: readonly string[];
  /** Text of an option given once; the last where it is given again. */
  readonly text: (name: TextName) => string | undefined;
  readonly number: (name: NumberName) => number | undefined;
  readonly texts: (name: ListName) => readonly string[];
  readonly has: (name: SwitchName) => boolean;
}

/** Does an option name hosts? */
export function statesHosts({ texts }: Pick<Arguments, 'texts'>): boolean {
  return texts('host').length + texts('hosts').length > 0;
}

/** An option as it stands on the command line. */
interface Given {
  readonly rawName: string;
  readonly name: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** Sorts the words behind a command. @throws CommandError for a word that does not belong there */
export function readArguments(command: CommandName, words: readonly string[]): Arguments {
  const options = optionsOf(command);
  const { tokens, positionals } = parseArgs({
    args: [...words],
    options: configOf(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === 'option');
  const values = new Map<string, readonly string[]>();
  // Whoever asks for help may have the rest wrong.
  const counting = given.find(({ name }) => name === 'help');
  for (const one of counting === undefined ? given : [counting]) {
    const option = optionFor(command, one, options);
    values.set(option.name, [...(values.get(option.name) ?? []), givenValue(option, one)]);
  }
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  if (counting === undefined) checkPositionals(command, positionals);
  return {
    command,
    words,
    positionals,
    text: last,
    number: (name) => (values.has(name) ? Number(last(name)) : undefined),
    texts: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
  };
}

function configOf(
  options: readonly OptionSpec[],
): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(
    options.flatMap((option) => {
      const type = argumentOf(option) === undefined ? 'boolean' : 'string';
      const { name, short, aliases = [] } = option;
      return [
        [name, { type, ...(short !== undefined && { short }) }] as const,
        ...aliases.map((alias) => [alias, { type }] as const),
      ];
    }),
  );
}

function optionFor(
  command: CommandName,
  { name, rawName }: Given,
  options: readonly OptionSpec[],
): OptionSpec {
  const found = options.find((option) => spellingsOf(option).includes(name));
  if (found !== undefined && (rawName.startsWith('--') || found.short !== undefined)) return found;
  const meant = closest(name, options.flatMap(spellingsOf));
  const others = COMMAND_NAMES.filter((other) => optionsOf(other).flatMap(spellingsOf).includes(name));
  const advice =
    meant !== undefined && rawName.startsWith('--')
      ? `did you mean --${meant}?`
      : others.length > 0
        ? `it is an option of ${others.join(', ')}`
        : `see "virt-migratable ${command} --help"`;
  throw new CommandError('unknown-option', `${command} has no option ${rawName}; ${advice}`);
}

function spellingsOf({ name, aliases = [] }: OptionSpec): readonly string[] {
  return [name, ...aliases];
}

/** What was given for an option; an empty text for a switch. */
function givenValue(option: OptionSpec, { rawName, value, inlineValue }: Given): string {
  const argument = argumentOf(option);
  if (argument === undefined) {
    if (value !== undefined)
      throw new CommandError('bad-value', `${rawName} takes no value, but "${value}" is given`);
    return '';
  }
  if (value === undefined)
    throw new CommandError('bad-value', `${rawName} needs a value: ${rawName} ${argument}`);
  if (inlineValue === false && /^-./s.test(value))
    throw new CommandError(
      'bad-value',
      `${rawName} needs a value: ${rawName} ${argument}; if "${value}" is meant, write --${option.name}=${value}`,
    );
  return checkedValue(option, rawName, value);
}

/** The value, if the option takes it. @throws CommandError if not */
export function checkedValue({ name, choices, most }: OptionSpec, rawName: string, value: string): string {
  if (choices !== undefined && !choices.includes(value)) {
    const isFile = name === 'output' && /[./]/.test(value);
    const advice = isFile ? `; to write a file, redirect: > ${value}` : guess(closest(value, choices));
    throw new CommandError('bad-value', `${rawName} takes ${choices.join(' or ')}, not "${value}"${advice}`);
  }
  if (most !== undefined && !(/^[1-9]\d*$/.test(value) && Number(value) <= most))
    throw new CommandError('bad-value', `${rawName} takes a whole number from 1 to ${most}, not "${value}"`);
  return value;
}

/** A command of several forms looks at its words itself. */
function checkPositionals(command: CommandName, words: readonly string[]): void {
  const [form, another] = wordsOf(command).forms;
  if (form === undefined || another !== undefined) return;
  const { positionals } = form;
  const missing = positionals.slice(words.length).find(({ optional }) => optional !== true);
  if (missing !== undefined)
    throw new CommandError('missing-argument', `no ${missing.argument} given: ${usageLine(command, form)}`);
  const stray = positionals.some(({ repeats }) => repeats) ? undefined : words[positionals.length];
  if (stray !== undefined) {
    const hasChoices = positionals.some(({ choices }) => choices !== undefined);
    const advice =
      takesHosts(command) && !hasChoices
        ? `if it is a host, write --host ${stray}; for several, --hosts DIR, or --host with a pattern in quotes`
        : usageLine(command, form);
    throw new CommandError('unexpected-argument', `unexpected argument "${stray}": ${advice}`);
  }
  for (const [i, { choices, argument }] of positionals.entries()) {
    const word = words[i];
    if (word !== undefined && choices?.includes(word) === false)
      throw new CommandError('bad-value', `"${word}" is none of ${argument}`);
  }
}
