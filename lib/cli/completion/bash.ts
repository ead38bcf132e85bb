import { groupedBy } from '../../text/remembered.ts';
import { commandWords, SWITCHES, type CommandCompletion, type OptionWords, type Values } from './words.ts';

/** What bash runs for values that only it can find; files are what is offered where a function offers nothing. */
const FINDERS: Readonly<Record<Extract<Values, string>, string>> = {
  file: '',
  'host-file': '',
  directory: 'compopt -o dirnames',
  host: 'words=$(_virt_migratable_hosts)',
  domain: 'words=$(_virt_migratable_domains)',
  nothing: 'compopt +o default +o bashdefault',
};

/** How bash finds hosts and domains: by the command itself, and by virsh. */
const HELPERS = `_virt_migratable_hosts() {
  local i value args=()
  for ((i = 2; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in --host | --hosts | --config) ;; *) continue ;; esac
    args+=("\${COMP_WORDS[i]}")
    [[ \${COMP_WORDS[i+1]} != = ]] || ((i++))
    value=\${COMP_WORDS[++i]}
    while ((i + 1 < COMP_CWORD)) && [[ \${COMP_WORDS[i+1]} == [=:]* || $value == *[=:] ]]; do
      value+=\${COMP_WORDS[++i]}
    done
    value=\${value//[\\"\\']/}
    args+=("\${value/#~\\//$HOME/}")
  done
  "\${COMP_WORDS[0]}" completion hosts "\${args[@]}" 2>/dev/null </dev/null
}
_virt_migratable_domains() {
  local i uri=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} != -c && \${COMP_WORDS[i]} != --connect ]] || uri=(-c "\${COMP_WORDS[i+1]}")
  done
  virsh "\${uri[@]}" list --all --name 2>/dev/null
}
`;

/** For `eval "$(virt-migratable completion bash)"`, or a file below bash-completion's directory. */
export function bash(): string {
  const all = commandWords();
  const first = [...all.map(({ name }) => name), ...SWITCHES.map(([name]) => name)].join(' ');
  return `# bash completion of virt-migratable
${HELPERS}_virt_migratable() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=
  COMPREPLY=()
  if [[ $word == = ]]; then
    word=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case \${COMP_WORDS[1]}:$previous in
${all.flatMap(valueCases).join('\n')}
    *)
      if [[ $COMP_CWORD -eq 1 ]]; then
        words='${first}'
      elif [[ $word == -* ]]; then
        case \${COMP_WORDS[1]} in
${all.map(({ name, options }) => `          ${name}) words='${options.flatMap(spellings).join(' ')}' ;;`).join('\n')}
        esac
      else
        case \${COMP_WORDS[1]}:$COMP_CWORD in
${all.flatMap(placeCases).join('\n')}
        esac
      fi
      ;;
  esac
  [[ -z $words ]] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o bashdefault -o default -F _virt_migratable virt-migratable
`;
}

/** A case for all options of a command that take the same. */
function valueCases({ name, options }: CommandCompletion): readonly string[] {
  const byAction = groupedBy(options, ({ values }) => values && actionFor(values));
  return [...byAction].flatMap(([action, same]) => {
    const patterns = same.flatMap(spellings).map((one) => `${name}:${one}`);
    return action === undefined ? [] : [`    ${patterns.join('|')}) ${action} ;;`];
  });
}

function placeCases({ name, places }: CommandCompletion): readonly string[] {
  return places.flatMap((values, i) => {
    const action = actionFor(values);
    // Options may stand in front of a domain.
    const place = values === 'domain' ? '*' : String(i + 2);
    return action === ':' ? [] : [`          ${name}:${place}) ${action} ;;`];
  });
}

function actionFor(values: Values): string {
  const finder = typeof values === 'string' ? FINDERS[values] : `words='${values.join(' ')}'`;
  return finder === '' ? ':' : finder;
}

function spellings({ name, short }: OptionWords): readonly string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}
