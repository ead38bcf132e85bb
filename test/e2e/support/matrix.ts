import type { Release } from './requirements.ts';

/** What the matrix is made of. A cell is one guest that is started, moved to the other host, and moved back. */
export interface Cell {
  readonly pair: Pair;
  readonly virtualisation: Virtualisation;
  readonly topology: Topology;
  readonly mode: string;
  readonly form: string;
}

export interface Pair {
  readonly from: HostName;
  readonly to: HostName;
  /** The newest versioned q35 of the older QEMU. */
  readonly machine: string;
}

export interface Virtualisation {
  readonly accelerator: 'KVM' | 'TCG';
  readonly type: 'kvm' | 'qemu';
}

export interface Topology {
  readonly name: string;
  readonly vcpus: number;
  readonly xml: string;
}

export type HostName = 'Debian 12' | 'another Debian 12' | 'Debian 13' | 'QEMU 11' | 'forky';

/** Hosts of the matrix; two that meet lack different things. */
const ONE = ['bmi2', 'clflushopt', 'smap'];
const OTHER = ['adx', 'clwb', 'lahf-lm', 'movbe'];
export const HOSTS: Readonly<
  Record<HostName, { readonly release?: Release; readonly lacking: readonly string[] }>
> = {
  'Debian 12': { lacking: ONE },
  'another Debian 12': { lacking: OTHER },
  'Debian 13': { release: 'debian-13', lacking: OTHER },
  'QEMU 11': { release: 'newest', lacking: ONE },
  forky: { release: 'forky', lacking: OTHER },
};

const pair = (from: HostName, to: HostName, machine = 'pc-q35-7.2'): Pair => ({ from, to, machine });

export const PAIRS: readonly Pair[] = [
  pair('Debian 12', 'another Debian 12'),
  pair('Debian 12', 'Debian 13'),
  pair('Debian 13', 'Debian 12'),
  pair('Debian 13', 'QEMU 11', 'pc-q35-10.0'),
  pair('QEMU 11', 'Debian 13', 'pc-q35-10.0'),
  pair('Debian 12', 'forky'),
  pair('forky', 'Debian 12'),
];

export const VIRTUALISATIONS: readonly Virtualisation[] = [
  { accelerator: 'KVM', type: 'kvm' },
  { accelerator: 'TCG', type: 'qemu' },
];

const topology = (name: string, sockets: number, cores: number, threads: number): Topology => ({
  name,
  vcpus: sockets * cores * threads,
  xml: `<topology sockets='${sockets}' dies='1' cores='${cores}' threads='${threads}'/>`,
});

export const TOPOLOGIES: readonly Topology[] = [
  topology('1 vCPU', 1, 1, 1),
  topology('2 cores', 1, 2, 1),
  topology('2 sockets', 2, 1, 1),
  topology('2 threads', 1, 1, 2),
];

export const MODES: readonly string[] = [
  'host-passthrough',
  'maximum',
  'host-model',
  'qemu64',
  'Nehalem',
  'EPYC-Rome',
];

/** How a domain is made ready to move. */
export const FORMS: Readonly<Record<string, readonly string[] | undefined>> = {
  'without the tool': undefined,
  plain: [],
  guard: ['--guard'],
  exhaustive: ['--exhaustive'],
  pin: ['--pin'],
  'per host': ['--form', 'per-host'],
  'on arrival': ['--on-arrival', '--form', 'per-host'],
  auto: ['--auto'],
};

/** Forms whose guests the gate levels on arrival. */
export const GATED: ReadonlySet<string> = new Set(['per host', 'on arrival', 'auto']);

/** Every cell there can be: QEMU's emulation has no host-passthrough. */
export function allCells(): readonly Cell[] {
  return PAIRS.flatMap((pair) =>
    VIRTUALISATIONS.flatMap((virtualisation) =>
      TOPOLOGIES.flatMap((topology) =>
        MODES.flatMap((mode) =>
          Object.keys(FORMS).map((form) => ({ pair, virtualisation, topology, mode, form })),
        ),
      ),
    ),
  ).filter(({ virtualisation, mode }) => virtualisation.type === 'kvm' || mode !== 'host-passthrough');
}

const valuesOf = ({ pair, virtualisation, topology, mode, form }: Cell): readonly string[] => [
  `${pair.from} → ${pair.to}`,
  virtualisation.accelerator,
  topology.name,
  mode,
  form,
];

const pairsOf = (cell: Cell): readonly string[] => {
  const values = valuesOf(cell);
  return values.flatMap((value, i) => values.slice(i + 1).map((other) => `${value}, ${other}`));
};

/** Cells in which every two values that can meet do, as few as a greedy choice finds; as often as there are rounds. */
export function sample(cells: readonly Cell[], rounds: number): readonly Cell[] {
  if (rounds === 0) return [];
  const open = new Set(cells.flatMap(pairsOf));
  const chosen = new Set<Cell>();
  const gain = (cell: Cell): number => pairsOf(cell).filter((two) => open.has(two)).length;
  while (open.size > 0) {
    const best = cells.reduce((found, cell) => (gain(cell) > gain(found) ? cell : found));
    for (const two of pairsOf(best)) open.delete(two);
    chosen.add(best);
  }
  const others = cells.filter((cell) => !chosen.has(cell));
  return [...chosen, ...sample(others, others.length === 0 ? 0 : rounds - 1)];
}
