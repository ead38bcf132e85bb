import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { closest, guess } from '../../text/distance.ts';
import { CommandError } from '../errors.ts';
import { isUri, namedSource } from '../hosts/names.ts';
import { checkedValue, readArguments, statesHosts, type Arguments } from '../options/parse.ts';
import type { CommandName, OptionSpec } from '../options/spec.ts';
import {
  argumentOf,
  COMMAND_NAMES,
  optionsOf,
  takesHosts,
  wordsOf,
  type SwitchName,
} from '../options/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { badConfig, configFrom, type Config } from './file.ts';
import { OF_ONE_CALL } from './one-call.ts';

const WORDS_OF_LIBVIRT = 4;

/** Values of an option, as words of a command line; none where it is off. */
type Values = ReadonlyMap<string, readonly string[]>;

/**
 * The arguments with what the environment and the configuration file say, where the command line does not: it goes before
 * the environment, and that before the file.
 */
export function withDefaults(command: CommandName, given: Arguments, terminal: Terminal): Arguments {
  const config = configFor(command, given, terminal);
  const options = optionsOf(command).filter(({ name }) => !OF_ONE_CALL.has(name));
  const file = config === undefined ? NOTHING : valuesOfFile(config, options);
  const values = new Map([...file, ...valuesOfEnvironment(options)]);
  const isGiven = (name: string): boolean => given.has(name as SwitchName);
  const words = [...values].flatMap(([name, own]) => (isGiven(name) ? [] : own));
  const hosts = takesHosts(command) && !hasHosts(command, given) ? defaultHosts(config) : [];
  const all = [...words, ...hosts.map((word) => `--host=${word}`)];
  return all.length === 0 ? given : readArguments(command, [...all, ...given.words]);
}

const NOTHING: Values = new Map();

function configFor(command: CommandName, given: Arguments, terminal: Terminal): Config | undefined {
  if (given.has('no-config')) {
    if (given.text('config') === undefined) return undefined;
    throw new CommandError('contradictory-options', '--config and --no-config exclude each other');
  }
  const named = given.text('config') ?? valueOf('VIRT_MIGRATABLE_CONFIG');
  return named === undefined && isCalledByOthers(command, given) ? undefined : configFrom(named, terminal);
}

/** By KubeVirt, libvirt or the start of a shell, wherever they are just then. */
function isCalledByOthers(command: CommandName, { positionals }: Arguments): boolean {
  if (command === 'completion') return positionals[0] !== 'hosts';
  return command === 'on-define-domain' || (command === 'hook' && positionals.length === WORDS_OF_LIBVIRT);
}

/** Does the command line name a host, by an option or as a word? */
function hasHosts(command: CommandName, args: Arguments): boolean {
  const [form] = wordsOf(command).forms;
  const place = form?.positionals.findIndex(({ complete }) => complete === 'host-file') ?? -1;
  return statesHosts(args) || (place !== -1 && args.positionals.length > place);
}

/** Paths of the environment are relative to where the command runs, those of the file to the file. */
function defaultHosts(config: Config | undefined): readonly string[] {
  const stated = valueOf('VIRT_MIGRATABLE_HOSTS');
  if (stated === undefined) return config?.hosts.map((word) => fromFile(config, word)) ?? [];
  return existsSync(stated) ? [stated] : stated.split(/\s+/).filter((word) => word !== '');
}

/** A word with a path, `NAME=` before it or not, as it counts from here. */
function fromFile({ directory }: Config, word: string): string {
  const { name, value } = namedSource(word);
  const place = value === '-' || isUri(value) || value.startsWith('/') ? value : join(directory, value);
  return name === undefined ? place : `${name}=${place}`;
}

function valuesOfFile(config: Config, options: readonly OptionSpec[]): Values {
  const { path } = config;
  return new Map(
    Object.entries(config.options).flatMap(([name, value]) => {
      refuseUnknown(path, name);
      const option = options.find((one) => one.name === name);
      if (option === undefined) return [];
      const isOff = argumentOf(option) === undefined && value === false;
      const texts = isOff ? [] : textsIn(path, option, value);
      const placed = texts.map((text) => (isPath(option) ? fromFile(config, text) : text));
      return [[name, placed.map((text) => wordFor(option, text))] as const];
    }),
  );
}

/** The texts that a value stands for: nothing for a switch, several for a list. */
function textsIn(path: string, option: OptionSpec, value: unknown): readonly string[] {
  const { name, repeats = false } = option;
  const argument = argumentOf(option);
  if (argument === undefined) {
    if (value !== true) throw badConfig(path, `"${name}" takes true or false`);
    return [''];
  }
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const isRight = list.every((one) => typeof one === 'string' || typeof one === 'number');
  if (!isRight || (list.length !== 1 && !repeats))
    throw badConfig(path, `"${name}" takes ${repeats ? 'a list of ' : ''}${argument}`);
  return list.map((one) => checked(path, option, String(one)));
}

function checked(path: string, option: OptionSpec, text: string): string {
  try {
    return checkedValue(option, `"${option.name}"`, text);
  } catch (error) {
    throw error instanceof CommandError ? badConfig(path, error.message) : error;
  }
}

function wordFor(option: OptionSpec, text: string): string {
  return argumentOf(option) === undefined ? `--${option.name}` : `--${option.name}=${text}`;
}

function isPath({ argument, complete = 'file' }: OptionSpec): boolean {
  return argument !== undefined && ['file', 'directory', 'host-file'].includes(complete);
}

function refuseUnknown(path: string, name: string): void {
  if (OF_ONE_CALL.has(name)) throw badConfig(path, `"${name}" is for the command line alone`);
  const all = COMMAND_NAMES.flatMap((command) => optionsOf(command).map((option) => option.name));
  if (all.includes(name)) return;
  throw badConfig(path, `there is no option "${name}"${guess(closest(name, all))}`);
}

const ON = /^(?:1|true|yes|on)$/i;
const OFF = /^(?:0|false|no|off)$/i;

/** `VIRT_MIGRATABLE_LIBVIRT_VERSION` for `--libvirt-version`, and so on. */
function valuesOfEnvironment(options: readonly OptionSpec[]): Values {
  return new Map(
    options.flatMap((option) => {
      const variable = `VIRT_MIGRATABLE_${option.name.toUpperCase().replaceAll('-', '_')}`;
      const value = valueOf(variable);
      return value === undefined ? [] : [[option.name, wordsOfVariable(variable, option, value)] as const];
    }),
  );
}

function wordsOfVariable(variable: string, option: OptionSpec, value: string): readonly string[] {
  if (argumentOf(option) === undefined) {
    if (!ON.test(value) && !OFF.test(value)) throw badConfig(variable, `it takes 1 or 0, not "${value}"`);
    return ON.test(value) ? [`--${option.name}`] : [];
  }
  const texts = option.repeats === true ? value.split(/\s+/) : [value];
  return texts.filter((text) => text !== '').map((text) => wordFor(option, checked(variable, option, text)));
}

/** What is empty is not set. */
function valueOf(variable: string): string | undefined {
  const value = process.env[variable];
  return value === '' ? undefined : value;
}
