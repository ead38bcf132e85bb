import { OPTIONS } from './arguments.ts';
import { HELP, type CommandName } from './usage.ts';

/** An option as its help text shows it. */
interface OptionWord {
  readonly name: string;
  readonly short: string | undefined;
  /** What stands for its value in the help text; `undefined` for a switch. */
  readonly value: string | undefined;
  /** The values there are, where the help text lists them. */
  readonly choices: readonly string[];
  readonly summary: string;
}

interface CommandWord {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWord[];
}

/** Shells there is a completion for. */
export const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** Words that may stand in place of a command. */
const SWITCHES = [
  ['--help', 'show the commands'],
  ['--version', 'show the version'],
] as const;

function commands(): readonly CommandWord[] {
  const names = Object.keys(OPTIONS) as CommandName[];
  return names.map((name) => {
    const [, summary = ''] = /: (.*)/.exec(HELP[name]) ?? [];
    return { name, summary, options: Object.keys(OPTIONS[name]).map((option) => optionWord(name, option)) };
  });
}

/** The parser knows which options there are; the help text says what they are for. */
function optionWord(command: CommandName, name: string): OptionWord {
  const { type, short } = OPTIONS[command][name] ?? { type: 'boolean' };
  const [, shown = '', summary = ''] =
    new RegExp(`^ {2}(?:-\\w, )?--${name}(?: (\\S+))? +(.*)$`, 'm').exec(HELP[command]) ?? [];
  const choices = /^[a-z-]+(?:\|[a-z-]+)+$/.test(shown) ? shown.split('|') : [];
  return { name, short, value: type === 'string' ? shown : undefined, choices, summary };
}

/** For `eval "$(virt-migratable completion bash)"`, or a file below bash-completion's directory. */
function bash(): string {
  const all = commands();
  const words = [...all.map(({ name }) => name), ...SWITCHES.map(([name]) => name)].join(' ');
  const choices = all.flatMap(({ name, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .map((option) => `    ${name}:--${option.name}) words='${option.choices.join(' ')}' ;;`),
  );
  const options = all.map(
    (command) => `      ${command.name}) words='${command.options.flatMap(spellings).join(' ')}' ;;`,
  );
  return `# bash completion of virt-migratable
_virt_migratable() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=
  COMPREPLY=()
  case \${COMP_WORDS[1]}:\${COMP_WORDS[COMP_CWORD-1]} in
${choices.join('\n')}
  esac
  if [[ $COMP_CWORD -eq 1 ]]; then
    words='${words}'
  elif [[ $word == -* ]]; then
    case \${COMP_WORDS[1]} in
${options.join('\n')}
    esac
  fi
  [[ -z $words ]] || COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o bashdefault -o default -F _virt_migratable virt-migratable
`;
}

function spellings({ name, short }: OptionWord): readonly string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** For `eval "$(virt-migratable completion zsh)"`, or a file _virt-migratable below $fpath. */
function zsh(): string {
  const all = commands();
  const words = [...all.map(({ name, summary }) => [name, summary] as const), ...SWITCHES];
  const cases = all.map(({ name, options }) => {
    const lines = options.map((option) => `      ${zshOption(option)} \\\n`);
    return `    ${name})\n      _arguments \\\n${lines.join('  ')}        '*:file:_files' ;;`;
  });
  return `#compdef virt-migratable
_virt_migratable() {
  local -a commands
  commands=(
${words.map(([name, summary]) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _virt-migratable ]; then
  _virt_migratable "$@"
else
  compdef _virt_migratable virt-migratable
fi
`;
}

function zshOption({ name, short, value, choices, summary }: OptionWord): string {
  const text = `[${summary.replaceAll(/[[\]:\\]/g, '\\$&')}]`;
  const action = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
  const argument = value === undefined ? '' : `:${name}:${action}`;
  if (short === undefined) return quoted(`*--${name}${text}${argument}`);
  return `${quoted(`(-${short} --${name})`)}{-${short},--${name}}${quoted(text + argument)}`;
}

/** For a file virt-migratable.fish below fish's completions. */
function fish(): string {
  const first = (name: string, summary: string): string =>
    `complete -c virt-migratable -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`;
  const all = commands();
  const lines = all.flatMap(({ name, options }) =>
    options.map((option) => {
      const { short, value, choices, summary } = option;
      const words = [
        `complete -c virt-migratable -n '__fish_seen_subcommand_from ${name}' -l ${option.name}`,
        ...(short === undefined ? [] : [`-s ${short}`]),
        ...(value === undefined ? [] : [choices.length > 0 ? `-x -a ${quoted(choices.join(' '))}` : '-r -F']),
        `-d ${quoted(summary)}`,
      ];
      return words.join(' ');
    }),
  );
  const heads = [
    ...all.map(({ name, summary }) => first(name, summary)),
    ...SWITCHES.map(([name, summary]) => first(name, summary)),
  ];
  return `# fish completion of virt-migratable\n${[...heads, ...lines].join('\n')}\n`;
}

/** In single quotes, as all three shells read them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
