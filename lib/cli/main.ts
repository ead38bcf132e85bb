import { isLibvirtXmlError } from '../issues/issues.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { readArguments, type Arguments } from './arguments.ts';
import { baseline } from './commands/baseline.ts';
import { check } from './commands/check.ts';
import { compare } from './commands/compare.ts';
import { diff } from './commands/diff.ts';
import { expand } from './commands/expand.ts';
import { rewrite } from './commands/rewrite.ts';
import { json } from './report/json.ts';
import { styled, type Terminal } from './terminal.ts';
import { HELP, UsageError, type CommandName } from './usage.ts';

/** 0 done or compatible, 1 a finding, 2 input that cannot be read or wrong usage. */
export type ExitCode = 0 | 1 | 2;

type Command = (args: Arguments, terminal: Terminal) => ExitCode | Promise<ExitCode>;

const COMMANDS: Readonly<Record<CommandName, Command>> = {
  rewrite,
  check,
  diff,
  baseline,
  expand,
  compare,
  // Seldom asked for.
  explain: async (args, terminal) => (await import('./commands/explain.ts')).explain(args, terminal),
  undo: async (args, terminal) => (await import('./commands/undo.ts')).undo(args, terminal),
  // These run other programs, which takes longer than loading them.
  capture: async (args, terminal) => (await import('./commands/capture.ts')).capture(args, terminal),
  apply: async (args, terminal) => (await import('./commands/apply.ts')).apply(args, terminal),
  completion: async (args, terminal) => (await import('./commands/completion.ts')).completion(args, terminal),
  hook: async (args, terminal) => (await import('./commands/hook.ts')).hook(args, terminal),
  'on-define-domain': async (args, terminal) =>
    (await import('./commands/on-define-domain.ts')).onDefineDomain(args, terminal),
};

/** Runs the command line and returns its exit code; says on `terminal` what there is to say. */
export async function main(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name = '', ...rest] = words;
  try {
    if (name === '--version') terminal.out(`${packageJson.version}\n`);
    else if (name === '--help' || name === '-h' || name === 'help') terminal.out(helpFor(rest[0]));
    else return await run(name, rest, terminal);
    return 0;
  } catch (error) {
    return report(error, words, terminal);
  }
}

async function run(name: string, words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (name === '') throw new UsageError(`which command?\n\n${HELP['']}`);
  if (!isCommand(name)) throw new UsageError(`there is no command "${name}"; see "virt-migratable --help"`);
  const args = readArguments(name, words);
  if (!args.has('help')) return COMMANDS[name](args, terminal);
  terminal.out(HELP[name]);
  return 0;
}

function helpFor(command = ''): string {
  return HELP[isCommand(command) ? command : ''];
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

/** Bad input and wrong usage are told in words, and as JSON where that was asked for; anything else is our fault. */
function report(error: unknown, words: readonly string[], terminal: Terminal): ExitCode {
  const known = isLibvirtXmlError(error) || error instanceof UsageError || error instanceof RangeError;
  if (!known) throw error;
  if (words.includes('--json')) terminal.out(json({ error: factsOf(error) }));
  terminal.err(wordsOf(error, styled('error', 'red', terminal.colour.err)));
  return 2;
}

/** `file:line:column: error: reason`, as compilers and editors know it, then the line and what to do. */
function wordsOf(error: Error, label: string): string {
  if (!isLibvirtXmlError(error)) return `${label}: ${error.message}\n`;
  const { file, line, column, reason, excerpt, hint } = error;
  const advice = hint === undefined ? '' : `${hint}\n`;
  return `${file ?? '<input>'}:${line}:${column}: ${label}: ${reason}\n${excerpt}\n${advice}`;
}

function factsOf(error: Error): object {
  if (!isLibvirtXmlError(error)) return { code: 'usage', message: error.message };
  const { code, reason, file, line, column, excerpt, hint } = error;
  return { code, message: reason, file, line, column, excerpt, hint };
}
