import packageJson from '../../package.json' with { type: 'json' };
import { closest } from '../text/distance.ts';
import { check } from './commands/check.ts';
import { withDefaults } from './config/defaults.ts';
import { CommandError } from './errors.ts';
import { readArguments, type Arguments } from './options/parse.ts';
import { likelySettings, settingsFrom } from './options/settings.ts';
import type { CommandName } from './options/spec.ts';
import { COMMAND_NAMES, isCommand } from './options/table.ts';
import { reportFailure } from './report/failure.ts';
import type { Streams, Terminal } from './terminal/terminal.ts';
import { lines, words } from './terminal/words.ts';

/** 0 done or compatible, 1 a finding, 2 bad input, wrong usage or a refusal of the system, 70 a bug of ours. */
export type ExitCode = 0 | 1 | 2 | 70;

type Command = (args: Arguments, terminal: Terminal) => ExitCode | Promise<ExitCode>;

/** What each command is, loaded when it is called. */
const COMMANDS: Readonly<Record<CommandName, () => Command | Promise<Command>>> = {
  rewrite: async () => (await import('./commands/rewrite.ts')).rewrite,
  // Asked for most, and by hooks that a migration waits for: it is there already.
  check: () => check,
  diff: async () => (await import('./commands/diff.ts')).diff,
  baseline: async () => (await import('./commands/baseline.ts')).baseline,
  expand: async () => (await import('./commands/expand.ts')).expand,
  compare: async () => (await import('./commands/compare.ts')).compare,
  pools: async () => (await import('./commands/pools.ts')).pools,
  rehearse: async () => (await import('./commands/rehearse.ts')).rehearse,
  profile: async () => (await import('./commands/profile.ts')).profile,
  fold: async () => (await import('./commands/fold.ts')).fold,
  explain: async () => (await import('./commands/explain.ts')).explain,
  lint: async () => (await import('./commands/lint.ts')).lint,
  undo: async () => (await import('./commands/undo.ts')).undo,
  capture: async () => (await import('./commands/capture.ts')).capture,
  apply: async () => (await import('./commands/apply.ts')).apply,
  report: async () => (await import('./commands/report.ts')).report,
  page: async () => (await import('./commands/page.ts')).page,
  completion: async () => (await import('./commands/completion.ts')).completion,
  hook: async () => (await import('./commands/hook.ts')).hook,
  'on-define-domain': async () => (await import('./commands/on-define-domain.ts')).onDefineDomain,
};

/** Runs the command line and returns its exit code; prints on the streams what there is to print. */
export async function main(line: readonly string[], streams: Streams): Promise<ExitCode> {
  const terminal = streams(likelySettings(line));
  try {
    return await answer(line, streams, terminal);
  } catch (error) {
    return reportFailure(error, line, terminal);
  }
}

async function answer(
  [name, ...rest]: readonly string[],
  streams: Streams,
  terminal: Terminal,
): Promise<ExitCode> {
  if (name === '--version' || name === '-V') {
    terminal.out(words`${packageJson.version}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const [about] = rest;
    return about === undefined || about.startsWith('-') ? help(undefined, terminal) : helpOn(about, terminal);
  }
  if (name === undefined) {
    const { helpText } = await import('./options/help.ts');
    throw new CommandError('missing-argument', 'no command given', [
      '',
      ...helpText(undefined, terminal.width()).trimEnd().split('\n'),
    ]);
  }
  const command = known(name);
  const given = readArguments(command, rest);
  if (given.has('help')) return help(command, terminal);
  const args = withDefaults(command, given, streams(settingsFrom(given)));
  const run = await COMMANDS[command]();
  return run(args, streams(settingsFrom(args)));
}

async function help(command: CommandName | undefined, terminal: Terminal): Promise<0> {
  const { helpText } = await import('./options/help.ts');
  terminal.out(lines(helpText(command, terminal.width())));
  return 0;
}

/** Help on a command, or on a code that a message, JSON or a report has. */
async function helpOn(word: string, terminal: Terminal): Promise<0> {
  if (isCommand(word)) return help(word, terminal);
  const { explanation } = await import('./report/meaning.ts');
  const text = explanation(word, terminal.width());
  if (text === '') return help(known(word, 'command or code'), terminal);
  terminal.out(lines(text));
  return 0;
}

/** @throws CommandError for what is no command */
function known(name: string, what = 'command'): CommandName {
  if (isCommand(name)) return name;
  if (name.startsWith('-'))
    throw new CommandError(
      'unknown-option',
      `options come behind the command, and "${name}" is before it; see "virt-migratable --help"`,
    );
  const meant = closest(name, COMMAND_NAMES);
  const advice = meant === undefined ? 'see "virt-migratable --help"' : `did you mean "${meant}"?`;
  throw new CommandError('unknown-command', `there is no ${what} "${name}"; ${advice}`);
}
