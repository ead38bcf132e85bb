/** Options that say how to group hosts. */
export const POOL_OPTIONS = {
  max: {
    name: 'max',
    argument: 'K',
    most: 999,
    group: 'pools',
    help: 'look for at most K pools (default 4, or two more than the hosts must be split into)',
    complete: 'nothing',
  },
  minSize: {
    name: 'min-size',
    argument: 'N',
    most: 999_999,
    group: 'pools',
    help: 'pools of at least N hosts, where as many can be together (default 2)',
    complete: 'nothing',
  },
  weight: {
    name: 'weight',
    argument: 'NAME=N',
    repeats: true,
    group: 'pools',
    help: 'how much host NAME counts, as the number of its guests (default 1)',
    complete: 'host',
  },
  withGuests: {
    name: 'with-guests',
    argument: 'FILE',
    repeats: true,
    group: 'pools',
    help: 'a domain that is to run, or a directory or pattern of such: what its system boots on, and what its <cpu> requires, counts before all else',
  },
  join: {
    name: 'join',
    argument: '[NAME=]HOST',
    repeats: true,
    group: 'pools',
    help: 'a host that may join: say what it would take from each pool, and where it takes least',
    complete: 'host-file',
  },
} as const;
