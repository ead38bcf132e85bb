import { exitCodes } from './help.ts';
import { MANUAL_END, MANUAL_START, type ManualSection } from './manual-sections.ts';
import { COMMAND_GROUPS, OPTION_GROUPS, type CommandName, type OptionSpec, type Positional } from './spec.ts';
import { argumentOf, COMMAND_NAMES, optionsOf, wordsOf } from './table.ts';

/** The manual page virt-migratable(1), in the macros of man(7). */
export function manualPage(): string {
  const lines = [
    '.\\" Written by scripts/generate-man.mjs from the option table (lib/cli/options): edit that instead.',
    '.TH VIRT\\-MIGRATABLE 1 "" "libvirt\\-migratable" "User Commands"',
    '.SH NAME',
    'virt\\-migratable \\- make KVM/QEMU guests migratable between unlike hosts',
    '.SH SYNOPSIS',
    ...COMMAND_NAMES.flatMap(synopsis),
    '\\fBvirt\\-migratable help\\fR [COMMAND|CODE|hosts]',
    '.br',
    '.B virt\\-migratable \\-\\-help\\fR|\\fB\\-\\-version',
    ...MANUAL_START.flatMap(section),
    '.SH COMMANDS',
    ...COMMAND_GROUPS.flatMap(([id, heading]) => [
      `.SS ${heading}`,
      ...COMMAND_NAMES.filter((name) => wordsOf(name).group === id).flatMap(commandEntry),
    ]),
    '.SH OPTIONS',
    ...OPTION_GROUPS.flatMap(([id, heading]) => [`.SS ${roff(heading)}`, ...optionEntries(id)]),
    '.SH EXIT STATUS',
    ...exitCodes().flatMap(([code, words]) => ['.TP', `.B ${code}`, paragraph(asSentence(words))]),
    ...COMMAND_NAMES.flatMap(exitNote),
    ...MANUAL_END.flatMap(section),
  ];
  return `${lines.join('\n')}\n`;
}

function synopsis(command: CommandName): readonly string[] {
  return wordsOf(command).forms.flatMap(({ positionals, needs = '' }) => {
    const words = [
      ...positionals.map(shownPositional),
      ...(needs === '' ? [] : [needWords(needs)]),
      '[\\fIoptions\\fR]',
    ];
    return [`\\fBvirt\\-migratable ${roff(command)}\\fR ${words.join(' ')}`, '.br'];
  });
}

function shownPositional({ argument, choices, optional, repeats }: Positional): string {
  const word = shownArgument(argument, choices);
  const shown = repeats === true ? `${word} ...` : word;
  return optional === true ? `[${shown}]` : shown;
}

function shownArgument(argument: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? italics(argument) : `\\fB${roff(argument).replaceAll('|', '\\fR|\\fB')}\\fR`;
}

/** `--host [NAME=]FILE|URI …` */
function needWords(words: string): string {
  return words
    .split(' ')
    .map((word) => (word.startsWith('--') ? `\\fB${roff(word)}\\fR` : word === '…' ? '...' : italics(word)))
    .join(' ');
}

/** What stands for a value: its words in italics, the signs between them as they are. */
function italics(argument: string): string {
  return roff(argument).replaceAll(/[a-z][\w.]*(?:\\-\w+)*/gi, '\\fI$&\\fR');
}

function commandEntry(command: CommandName): readonly string[] {
  const { summary, notes = [] } = wordsOf(command);
  const [first = '', ...rest] = notes;
  return [
    '.TP',
    `.B ${roff(command)}`,
    paragraph([asSentence(summary), first].join(' ').trim()),
    ...rest.flatMap((note) => ['.IP', paragraph(note)]),
  ];
}

/** Every option of a group once, with the commands it is for where these are few. */
function optionEntries(group: OptionSpec['group']): readonly string[] {
  const all = COMMAND_NAMES.flatMap((command) => optionsOf(command).map((option) => ({ command, option })));
  const options = new Set(all.flatMap(({ option }) => (option.group === group ? [option] : [])));
  return [...options].flatMap((option) => {
    const commands = all.flatMap((one) => (one.option === option ? [one.command] : []));
    const sentences = [asSentence(option.help), option.manual ?? '', ownersOf(commands)];
    return ['.TP', optionTerm(option), paragraph(sentences.filter((text) => text !== '').join(' '))];
  });
}

/** Which commands have an option, in the shorter way. */
function ownersOf(commands: readonly CommandName[]): string {
  const others = COMMAND_NAMES.filter((name) => !commands.includes(name));
  if (others.length === 0) return '';
  const isMost = others.length < commands.length;
  const names = (isMost ? others : commands).map((name) => `\`${name}\``).join(', ');
  return isMost ? `(Of all commands but ${names}.)` : `(Of ${names}.)`;
}

function optionTerm(option: OptionSpec): string {
  const { name, short, aliases = [], choices } = option;
  const argument = argumentOf(option);
  const value = argument === undefined ? '' : ` ${shownArgument(argument, choices)}`;
  const spellings = [
    ...(short === undefined ? [] : [`-${short}`]),
    `--${name}`,
    ...aliases.map((one) => `--${one}`),
  ];
  return `${spellings.map((one) => `\\fB${roff(one)}\\fR`).join(', ')}${value}`;
}

function exitNote(command: CommandName): readonly string[] {
  const { exit } = wordsOf(command);
  if (exit === undefined) return [];
  const words = Object.entries(exit).map(([code, meaning]) => `${code} means ${meaning}`);
  return ['.PP', paragraph(`Of \`${command}\`, ${words.join(', and ')}.`)];
}

function section({ heading, blocks }: ManualSection): readonly string[] {
  const lines = blocks.flatMap((block, i) => {
    const gap = i === 0 ? [] : ['.PP'];
    return typeof block === 'string'
      ? [...gap, paragraph(block)]
      : [...gap, '.nf', '.RS', ...block.map(roff), '.RE', '.fi'];
  });
  return [`.SH ${heading}`, ...lines];
}

function asSentence(text: string): string {
  const [first = ''] = text;
  return `${first.toUpperCase()}${text.slice(1)}.`;
}

/** A paragraph in one line of the source: what is literal in bold, and no line that looks like a macro. */
function paragraph(text: string): string {
  const line = text.replaceAll(
    /`([^`]*)`|([^`]+)/g,
    (_, literal: string | undefined, rest: string | undefined) =>
      literal === undefined ? roff(rest ?? '') : `\\fB${roff(literal)}\\fR`,
  );
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

/** Text as roff shows it unchanged. */
function roff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq').replaceAll('…', '...');
}
