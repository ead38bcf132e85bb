import type { Qmp } from './monitor.ts';

/** Properties of a vCPU that are no single feature, and that a guest can see. */
const VALUES: readonly string[] = [
  'family',
  'model',
  'stepping',
  'vendor',
  'model-id',
  'level',
  'xlevel',
  'phys-bits',
  'feature-words',
];

/** The CPU a guest sees: every boolean property of its first vCPU, and every value that is not one feature. */
export interface GuestCpu {
  readonly on: readonly string[];
  readonly off: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  /** What was asked for and could not be given. */
  readonly unavailable: readonly string[];
}

/** The CPU that a running guest sees. */
export async function guestCpu(qmp: Qmp): Promise<GuestCpu> {
  const [cpus] = (await qmp([{ execute: 'query-cpus-fast' }])) as [
    readonly { readonly 'qom-path': string }[],
  ];
  const path = cpus[0]?.['qom-path'] ?? '';
  const [properties] = (await qmp([{ execute: 'qom-list', arguments: { path } }])) as [
    readonly { readonly name: string; readonly type: string }[],
  ];
  const booleans = properties
    .filter(({ type }) => type === 'bool')
    .map(({ name }) => name)
    .sort();
  const names = [...booleans, ...VALUES, 'unavailable-features'];
  const answers = await qmp(names.map((property) => ({ execute: 'qom-get', arguments: { path, property } })));
  const all = new Map(names.map((name, i) => [name, answers[i]]));
  return {
    on: booleans.filter((name) => all.get(name) === true),
    off: booleans.filter((name) => all.get(name) === false),
    values: Object.fromEntries(VALUES.map((name) => [name, all.get(name)])),
    unavailable: all.get('unavailable-features') as readonly string[],
  };
}
