/** Options about results, of single commands, and of every command. */
export const COMMAND_OPTIONS = {
  output: {
    name: 'output',
    short: 'o',
    argument: 'FILE',
    group: 'output',
    help: 'write there instead of standard output',
    manual:
      "Nobody can read a new file who could not read DOMAIN.xml. With `--form per-host`, {host} in FILE is replaced by the host's name.",
  },
  outputDirectory: {
    name: 'output',
    short: 'o',
    argument: 'DIR',
    group: 'output',
    help: 'write DIR/NAME.xml for each host; NAME is the machine in the URI if none is given',
    complete: 'directory',
  },
  keepGoing: {
    name: 'keep-going',
    group: 'output',
    help: 'write the files of the hosts that answer, even if others do not, and exit 1',
  },
  withCpuMap: {
    name: 'with-cpu-map',
    group: 'output',
    help: "bring each host's own CPU map along, as DIR/NAME.cpu_map, which is used wherever DIR/NAME.xml is",
    manual:
      'libvirt hands out no such files: they are read from /usr/share/libvirt/cpu_map of this machine, or by ssh(1) from that of the host, as the user and with the port, keyfile and command of the URI. Other transports are refused. Needed where the libvirt of a host is newer than the CPU maps that this command has.',
  },
  inPlace: {
    name: 'in-place',
    group: 'output',
    help: 'replace DOMAIN.xml in one step; it keeps its mode',
    manual: 'If somebody else changes the file meanwhile, nothing is written.',
  },
  diff: {
    name: 'diff',
    group: 'output',
    help: 'print a unified diff instead of the XML, and write nothing',
  },
  check: {
    name: 'check',
    group: 'output',
    help: 'write nothing; exit 1 if the domain would change',
  },
  form: {
    name: 'form',
    choices: ['shared', 'per-host'],
    group: 'output',
    help: 'one XML for all hosts (default), or one for each host',
    manual:
      'The shared form is what libvirt can migrate; the form per host is for those who start both sides of a migration themselves. With `--output`, {host} in the name of the file is replaced by the name of the host.',
  },
  for: {
    name: 'for',
    argument: 'NAME',
    group: 'output',
    help: 'with --form per-host: only the XML for host NAME',
    complete: 'host',
  },
  features: {
    name: 'features',
    group: 'output',
    help: 'list the features of the model too',
  },
  migratable: {
    name: 'migratable',
    group: 'output',
    help: 'leave out what libvirt marks as not migratable (invtsc, xsaves)',
  },
  lockToWrite: {
    name: 'lock',
    argument: 'FILE',
    group: 'output',
    help: 'keep the baseline in FILE, for `check --lock`',
  },
  format: {
    name: 'output',
    short: 'o',
    choices: ['table', 'wide', 'json', 'yaml', 'markdown', 'csv'],
    group: 'output',
    help: 'print the result in this form; `wide` leaves nothing out, however wide it becomes',
    manual:
      'Without it, a result is laid out for the terminal: hosts that are equal stand together, of many hosts the smaller part is named, and lines end where the terminal does. `json` and `yaml` have all of the result, `csv` all hosts.',
  },
  wide: {
    name: 'wide',
    group: 'output',
    help: 'the same as --output wide',
  },
  json: {
    name: 'json',
    group: 'output',
    help: 'print the result as JSON, with a schemaVersion',
  },
  self: {
    name: 'self',
    argument: 'NAME',
    group: 'gate',
    help: "which of the hosts this one is (default: the one with this machine's name)",
    complete: 'host',
  },
  onError: {
    name: 'on-error',
    choices: ['deny', 'allow'],
    group: 'gate',
    help: 'what to do if the check cannot run (default deny)',
    manual:
      'It cannot run if the prepared facts are missing, stale or damaged, if the XML cannot be read, or if the guest is of another kind than the hosts were asked about.',
  },
  maxAge: {
    name: 'max-age',
    argument: 'DAYS',
    most: 99_999,
    group: 'gate',
    help: 'facts older than this are stale, as are those whose host files changed since',
    complete: 'nothing',
  },
  rescue: {
    name: 'rescue',
    group: 'gate',
    help: "let a host-passthrough or maximum guest arrive that would only gain features of this host, with these turned off by QEMU's -global; libvirt marks the guest as tainted",
  },
  log: {
    name: 'log',
    argument: 'FILE',
    group: 'gate',
    help: 'append a line for each verdict',
  },
  hooksDirectory: {
    name: 'hooks-dir',
    argument: 'DIR',
    group: 'gate',
    help: 'the directory of hooks of libvirt (default /etc/libvirt/hooks)',
    complete: 'directory',
  },
  stateDirectory: {
    name: 'state-dir',
    argument: 'DIR',
    group: 'gate',
    help: 'where to keep the program, the host files and the prepared facts (default: where they are, or HOOKS-DIR/virt-migratable)',
    complete: 'directory',
  },
  quiet: {
    name: 'quiet',
    short: 'q',
    group: 'general',
    help: 'print the result and errors only: no warnings, notes, reasons or progress',
  },
  verbose: {
    name: 'verbose',
    short: 'v',
    group: 'general',
    help: 'also print what is read, run and written',
  },
  color: {
    name: 'color',
    aliases: ['colour'],
    choices: ['auto', 'always', 'never'],
    group: 'general',
    help: 'colours: on a terminal (default), always or never',
  },
  help: { name: 'help', short: 'h', group: 'general', help: 'show this text' },
} as const;
