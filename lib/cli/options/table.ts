import { CHANGE_OPTIONS } from './change-options.ts';
import { COMMAND_OPTIONS } from './command-options.ts';
import { COMMAND_WORDS } from './command-words.ts';
import { HOST_OPTIONS } from './host-options.ts';
import { POOL_OPTIONS } from './pool-options.ts';
import type { CommandName, CommandWords, Form, OptionSpec } from './spec.ts';

/** Every option there is, by a key of its own: two options of different commands may have one name. */
const OPTIONS: Readonly<Record<OptionKey, OptionSpec>> = {
  ...HOST_OPTIONS,
  ...CHANGE_OPTIONS,
  ...COMMAND_OPTIONS,
  ...POOL_OPTIONS,
};

type Options = typeof HOST_OPTIONS & typeof CHANGE_OPTIONS & typeof COMMAND_OPTIONS & typeof POOL_OPTIONS;
type OptionKey = keyof Options;
type Option = Options[OptionKey];

/** Options without a value. */
export type SwitchName = Exclude<
  Option,
  { readonly argument: string } | { readonly choices: unknown }
>['name'];
/** Options whose values all count. */
export type ListName = Extract<Option, { readonly repeats: true }>['name'];
/** Options of which one value counts. */
export type TextName = Exclude<Option['name'], SwitchName | ListName>;
/** Those of them that take a whole number. */
export type NumberName = Extract<Option, { readonly most: number }>['name'];

const GENERAL: readonly OptionKey[] = ['config', 'noConfig', 'quiet', 'verbose', 'color', 'help'];
const LIMITS: readonly OptionKey[] = ['maxDepth', 'maxLength'];
const HOSTS: readonly OptionKey[] = ['host', 'hosts', 'libvirtVersion', 'cpuMap', 'timeout'];
const ASKED: readonly OptionKey[] = ['domainFile', 'virttype', 'arch', 'machineAsked', 'emulator'];
/** How to print a result that is a table. */
const FORMATS: readonly OptionKey[] = ['format', 'wide', 'json'];
/** Guests by a connection, beside files. */
const GUESTS: readonly OptionKey[] = ['connectGuests', 'all'];
/** What to refuse of hosts, and what to accept. */
const JUDGEMENT: readonly OptionKey[] = ['strict', 'refuse', 'sameHost'];
const VIRTIO: readonly OptionKey[] = ['virtio', 'qemuProperties'];
/** How to group hosts. */
const POOLS: readonly OptionKey[] = Object.keys(POOL_OPTIONS) as OptionKey[];
/** A line cannot carry a CPU map. */
const PROFILED: readonly OptionKey[] = HOSTS.filter((key) => key !== 'cpuMap');
/** What to change, and what to accept. */
const PLANNING: readonly OptionKey[] = Object.keys(CHANGE_OPTIONS) as OptionKey[];

/** The options of each command, those of one group in the order in which they are shown. */
const COMMAND_OPTION_KEYS: Readonly<Record<CommandName, readonly OptionKey[]>> = {
  check: [
    ...GUESTS,
    ...HOSTS,
    ...(['from', 'lockToCompare', 'floor'] as const),
    ...VIRTIO,
    ...(['strict', 'refuse', 'allowBelowFloor', 'sameHost', 'anyMachine'] as const),
    ...(['reportFormat', 'wide', 'jsonLines'] as const),
    ...LIMITS,
  ],
  rewrite: [
    ...GUESTS,
    ...HOSTS,
    ...(['output', 'inPlace', 'diff', 'check', 'form', 'for', 'jsonLines'] as const),
    ...PLANNING,
    ...LIMITS,
  ],
  explain: [...GUESTS, ...HOSTS, 'format', 'wide', 'jsonLines', ...PLANNING, ...LIMITS],
  lint: [...GUESTS, 'timeout', 'reportFormat', 'wide', 'jsonLines', ...LIMITS],
  apply: ['connect', 'all', 'yes', 'dryRun', ...HOSTS, ...PLANNING, 'jsonLines', ...LIMITS],
  undo: ['connect', 'yes', 'timeout', 'output', 'inPlace', 'diff', 'json', ...LIMITS],
  capture: ['outputDirectory', 'keepGoing', 'withCpuMap', 'timeout', ...ASKED, 'json'],
  diff: [...HOSTS, ...ASKED, ...FORMATS, ...JUDGEMENT, ...LIMITS],
  pools: [...HOSTS, ...ASKED, ...POOLS, ...FORMATS, ...JUDGEMENT, ...LIMITS],
  rehearse: [
    ...(['before', 'after', 'kernelBefore', 'kernelAfter'] as const),
    ...GUESTS,
    'timeout',
    ...FORMATS,
    ...LIMITS,
  ],
  baseline: [...HOSTS, 'features', 'migratable', 'lockToWrite', ...FORMATS, ...JUDGEMENT, ...LIMITS],
  expand: [...HOSTS, 'forHost', ...FORMATS, ...JUDGEMENT, ...LIMITS],
  compare: [...HOSTS, 'forHost', ...FORMATS, ...JUDGEMENT, ...LIMITS],
  profile: [...PROFILED, ...ASKED, ...LIMITS],
  fold: [],
  hook: [
    ...HOSTS,
    ...(['self', 'onError', 'maxAge', 'rescue', 'log', 'hooksDirectory', 'stateDirectory'] as const),
    ...ASKED,
    ...JUDGEMENT,
    'json',
    ...LIMITS,
  ],
  'on-define-domain': ['vmi', 'domainText', ...HOSTS, ...PLANNING, 'json', ...LIMITS],
  report: [
    'reportOutput',
    ...HOSTS,
    ...ASKED,
    ...POOLS.filter((key) => key !== 'join'),
    ...JUDGEMENT,
    ...LIMITS,
  ],
  page: ['pageFile'],
  completion: ['host', 'hosts'],
};

/** Everything the command can do, the most used first. */
export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMAND_WORDS) as CommandName[];

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMAND_WORDS, word);
}

/** What a command is for and takes, but for its options. */
export function wordsOf(command: CommandName): CommandWords {
  return COMMAND_WORDS[command];
}

export function optionsOf(command: CommandName): readonly OptionSpec[] {
  return [...COMMAND_OPTION_KEYS[command], ...GENERAL].map((key) => OPTIONS[key]);
}

/** Can hosts be named behind it? */
export function takesHosts(command: CommandName): boolean {
  return optionsOf(command).some(({ name }) => name === 'host');
}

/** What stands for the value of an option; `undefined` for a switch. */
export function argumentOf({ argument, choices }: OptionSpec): string | undefined {
  return argument ?? choices?.join('|');
}

/** One way to call a command, as help and manual show it. */
export function usageLine(command: CommandName, { positionals, needs }: Form): string {
  const words = positionals.map(({ argument, optional, repeats }) => {
    const shown = repeats === true ? `${argument} …` : argument;
    return optional === true ? `[${shown}]` : shown;
  });
  const rest = needs === undefined ? [] : [needs];
  return ['virt-migratable', command, ...words, ...rest, '[options]'].join(' ');
}
