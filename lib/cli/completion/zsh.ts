import {
  commandWords,
  quoted,
  SWITCHES,
  type CommandCompletion,
  type OptionWords,
  type Values,
} from './words.ts';

const FINDERS: Readonly<Record<Extract<Values, string>, string>> = {
  file: '_files',
  'host-file': '_virt_migratable_host_files',
  directory: '_files -/',
  host: '_virt_migratable_hosts',
  domain: '_virt_migratable_domains',
  nothing: ' ',
};

/** How zsh finds files of hosts, hosts of the same line, and domains. */
const HELPERS = `_virt_migratable_host_files() {
  compset -P 1 '[^/=]#='
  _files
}
_virt_migratable_hosts() {
  local -a hosts args
  local i
  for ((i = 1; i < CURRENT; i++)); do
    case $words[i] in
      --host|--hosts|--config) args+=($words[i] "\${\${(Q)words[i+1]}/#\\~\\//$HOME/}") ;;
      --host=*|--hosts=*|--config=*) args+=("\${(Q)words[i]}") ;;
    esac
  done
  hosts=(\${(f)"$($program completion hosts $args 2>/dev/null </dev/null)"})
  compadd -a hosts
}
_virt_migratable_domains() {
  local -a domains uri
  local i
  for ((i = 1; i < CURRENT; i++)); do
    [[ $words[i] != (-c|--connect) ]] || uri=(-c $words[i+1])
  done
  domains=(\${(f)"$(virsh $uri list --all --name 2>/dev/null)"})
  compadd -a domains
  _files
}
`;

/** For `eval "$(virt-migratable completion zsh)"`, or a file _virt-migratable below $fpath. */
export function zsh(): string {
  const all = commandWords();
  const heads = [...all.map(({ name, summary }) => [name, summary] as const), ...SWITCHES];
  return `#compdef virt-migratable
${HELPERS}_virt_migratable() {
  setopt localoptions extendedglob
  local -a commands
  commands=(
${heads.map(([name, summary]) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2] program=$words[1]
  shift words
  (( CURRENT-- ))
  case $command in
${all.map(commandCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _virt-migratable ]; then
  _virt_migratable "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
  compdef _virt_migratable virt-migratable
fi
`;
}

function commandCase({ name, options, places, repeats }: CommandCompletion): string {
  const positionals = places.map((values, i) => {
    const place = repeats && i === places.length - 1 ? '*' : String(i + 1);
    return quoted(`${place}:${typeof values === 'string' ? values : 'word'}:${actionFor(values)}`);
  });
  const words = [...options.flatMap(optionSpecs), ...positionals];
  return `    ${name})\n      _arguments \\\n${words.map((word) => `        ${word}`).join(' \\\n')} ;;`;
}

function optionSpecs({ name, short, summary, values, repeats }: OptionWords): readonly string[] {
  const text = `[${summary.replaceAll(/[[\]:\\]/g, '\\$&')}]`;
  const argument = values === undefined ? '' : `:${name}:${actionFor(values)}`;
  const long = values === undefined ? `--${name}` : `--${name}=`;
  if (short === undefined) return [quoted(`${repeats ? '*' : ''}${long}${text}${argument}`)];
  const others = `(-${short} --${name})`;
  return [quoted(`${others}-${short}${text}${argument}`), quoted(`${others}${long}${text}${argument}`)];
}

function actionFor(values: Values): string {
  if (typeof values === 'string') return FINDERS[values];
  return `(${values.map((value) => value.replaceAll(':', '\\:')).join(' ')})`;
}
