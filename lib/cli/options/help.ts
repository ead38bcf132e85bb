import { COMMAND_GROUPS, OPTION_GROUPS, type CommandName, type Form, type OptionSpec } from './spec.ts';
import { argumentOf, COMMAND_NAMES, optionsOf, usageLine, wordsOf } from './table.ts';
import { continuedLines, definitions, wrapped } from './wrap.ts';

const TITLE = 'virt-migratable: make KVM/QEMU guests migratable between unlike hosts';

const FIRST_STEPS = [
  'virt-migratable capture qemu+ssh://kvm-01/system qemu+ssh://kvm-02/system -o hosts',
  'virsh dumpxml --inactive guest > guest.xml',
  'virt-migratable check guest.xml --hosts hosts',
  'virt-migratable rewrite guest.xml --hosts hosts -o safe.xml',
];

export function exitCodes(command?: CommandName): readonly (readonly [string, string])[] {
  const { exit = {} } = command === undefined ? {} : wordsOf(command);
  return [
    ['0', exit[0] ?? 'done, or compatible'],
    ['1', exit[1] ?? 'a finding'],
    ['2', 'wrong usage, or something that cannot be read, written or reached'],
    ['70', 'a bug in this program'],
  ];
}

/** Longer lines are hard to read. */
const WIDEST = 120;

/** Help for a command, or for all of them, in lines of at most so many columns where words allow. */
export function helpText(command: CommandName | undefined, columns: number): string {
  const width = Math.min(columns, WIDEST);
  const lines = command === undefined ? overview(width) : commandHelp(command, width);
  return `${lines.join('\n')}\n`;
}

function overview(width: number): readonly string[] {
  const shown: readonly CommandName[] = ['check', 'rewrite', 'diff'];
  return [
    ...wrapped(TITLE, width),
    '',
    'Usage:',
    ...shown.flatMap((name) => wordsOf(name).forms.flatMap((form) => usageLines(name, form, width))),
    ...COMMAND_GROUPS.flatMap(([id, heading]) => {
      const names = COMMAND_NAMES.filter((name) => wordsOf(name).group === id);
      const rows = names.map((name) => [name, withoutMarks(wordsOf(name).summary)] as const);
      return ['', `${heading}:`, ...definitions(rows, width, 20)];
    }),
    '',
    'First steps:',
    ...FIRST_STEPS.flatMap((line) => continuedLines(line, width)),
    '',
    ...wrapped(
      '"virt-migratable COMMAND --help" shows the options of a command; --version or -V the version. "virt-migratable help CODE" explains a finding or an incident by its code, and "help hosts" what a host can be read from.',
      width,
    ),
    ...exitSection(width),
  ];
}

/** What most calls of a command have, the most used first: shown before the groups where there are many options. */
const USUAL: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  check: ['host', 'hosts', 'from', 'output'],
  rewrite: ['host', 'hosts', 'output', 'in-place', 'diff', 'guard', 'pin', 'record'],
  explain: ['host', 'hosts'],
  apply: ['connect', 'host', 'hosts', 'record', 'yes'],
  capture: ['output', 'domain', 'keep-going'],
  diff: ['host', 'hosts', 'output'],
  baseline: ['host', 'hosts', 'features', 'lock', 'output'],
  hook: ['host', 'hosts', 'self', 'on-error'],
};

function commandHelp(command: CommandName, width: number): readonly string[] {
  const { summary, forms, notes = [], examples } = wordsOf(command);
  const options = optionsOf(command);
  const usual = (USUAL[command] ?? []).flatMap(
    (name) => options.find((option) => option.name === name) ?? [],
  );
  const others = options.filter((option) => !usual.includes(option));
  return [
    ...wrapped(`virt-migratable ${command}: ${withoutMarks(summary)}`, width),
    '',
    'Usage:',
    ...forms.flatMap((form) => usageLines(command, form, width)),
    ...notes.flatMap((note) => ['', ...wrapped(withoutMarks(note), width)]),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.flatMap((example) => continuedLines(example, width)),
    ...optionSection('Most used', usual, width),
    ...OPTION_GROUPS.flatMap(([id, heading]) =>
      optionSection(
        heading,
        others.filter(({ group }) => group === id),
        width,
      ),
    ),
    ...exitSection(width, command),
  ];
}

function optionSection(heading: string, options: readonly OptionSpec[], width: number): readonly string[] {
  const rows = options.map((option) => [termOf(option), helpOf(option)] as const);
  return rows.length === 0 ? [] : ['', `${heading}:`, ...definitions(rows, width)];
}

function usageLines(command: CommandName, form: Form, width: number): readonly string[] {
  const [first = '', ...rest] = wrapped(usageLine(command, form), width - 6);
  return [`  ${first}`, ...rest.map((line) => `      ${line}`)];
}

function exitSection(width: number, command?: CommandName): readonly string[] {
  return ['', 'Exit status:', ...definitions(exitCodes(command), width, 6)];
}

function termOf(option: OptionSpec): string {
  const { name, short } = option;
  const argument = argumentOf(option);
  const long = argument === undefined ? `--${name}` : `--${name} ${argument}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function helpOf({ help, aliases = [] }: OptionSpec): string {
  const also = aliases.map((alias) => `--${alias}`).join(', ');
  return withoutMarks(also === '' ? help : `${help} (also ${also})`);
}

/** Without the marks of literal words. */
export function withoutMarks(text: string): string {
  return text.replaceAll('`', '');
}
