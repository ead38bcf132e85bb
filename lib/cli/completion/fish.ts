import {
  commandWords,
  quoted,
  SWITCHES,
  type CommandCompletion,
  type OptionWords,
  type Values,
} from './words.ts';

const FINDERS: Readonly<Record<Extract<Values, string>, string>> = {
  file: '-r -F',
  'host-file': '-r -F',
  directory: "-x -a '(__fish_complete_directories)'",
  host: "-x -a '(__virt_migratable_hosts)'",
  domain: "-x -a '(__virt_migratable_domains)'",
  nothing: '-x',
};

/** For a file virt-migratable.fish below fish's completions. */
export function fish(): string {
  const all = commandWords();
  const heads = [...all.map(({ name, summary }) => [name, summary] as const), ...SWITCHES];
  const lines = [
    ...heads.map(
      ([name, summary]) =>
        `complete -c virt-migratable -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ),
    ...all.flatMap(({ name, options }) => options.map((option) => optionLine(name, option))),
    ...all.flatMap(placeLine),
  ];
  return `# fish completion of virt-migratable
function __virt_migratable_hosts
    set -l words (commandline -opc)
    set -l args
    for i in (seq (count $words))
        switch $words[$i]
            case --host --hosts --config
                set -a args $words[$i] (string replace -r '^~/' "$HOME/" -- $words[(math $i + 1)])
            case '--host=*' '--hosts=*' '--config=*'
                set -a args $words[$i]
        end
    end
    $words[1] completion hosts $args 2>/dev/null </dev/null
end
function __virt_migratable_domains
    set -l words (commandline -opc)
    set -l uri
    for i in (seq (count $words))
        contains -- $words[$i] -c --connect; and set uri -c $words[(math $i + 1)]
    end
    virsh $uri list --all --name 2>/dev/null | string match -r '.+'
end
${lines.join('\n')}
`;
}

function optionLine(command: string, { name, short, values, summary }: OptionWords): string {
  const words = [
    `complete -c virt-migratable -n '__fish_seen_subcommand_from ${command}' -l ${name}`,
    ...(short === undefined ? [] : [`-s ${short}`]),
    ...(values === undefined ? [] : [actionFor(values)]),
    `-d ${quoted(summary)}`,
  ];
  return words.join(' ');
}

/** Fish counts no places: what may stand at the first is offered, with files, unless it is one of a few words. */
function placeLine({ name, places: [values] }: CommandCompletion): readonly string[] {
  const start = `complete -c virt-migratable -n '__fish_seen_subcommand_from ${name}'`;
  if (values === 'domain') return [`${start} -a '(__virt_migratable_domains)'`];
  return values === undefined || typeof values === 'string'
    ? []
    : [`${start} -f -a ${quoted(values.join(' '))}`];
}

function actionFor(values: Values): string {
  return typeof values === 'string' ? FINDERS[values] : `-x -a ${quoted(values.join(' '))}`;
}
