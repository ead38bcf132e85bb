import type { Issue, IssueCode } from '../../types/issue.ts';
import type { Acceptance, CpuOptions, PlanOptions, Refusal } from '../../types/options.ts';
import { checkOptions } from './known-options.ts';

/** The options of a plan, checked and laid out flat for the rules. */
export interface Settings {
  readonly guard: boolean;
  /** `undefined`: no pin; '' lets libvirt's rule choose the model. */
  readonly pin: string | undefined;
  readonly exhaustive: boolean;
  readonly disableParent: boolean;
  readonly onArrival: boolean;
  readonly auto: boolean;
  /** `undefined`: that of the guest's own system. */
  readonly floor: string | undefined;
  readonly machine: 'common' | undefined;
  readonly maxphysaddr: 'common' | undefined;
  readonly pmu: 'off' | undefined;
  readonly nested: 'off' | undefined;
  readonly migratable: 'on' | undefined;
  readonly virtio: 'common' | 'properties' | undefined;
  /** Which form is to be judged: one XML for all hosts, or each host's own by that host's libvirt alone. */
  readonly form: 'shared' | 'per-host';
  readonly accept: ReadonlySet<Acceptance>;
  readonly refuse: ReadonlySet<Refusal>;
}

/** Each option with the values it takes; `true` stands for yes or no, `text` for what the caller names. */
const VALUES = {
  cpu: {
    guard: [true],
    pin: [true, 'text'],
    exhaustive: [true],
    disableParent: [true],
    onArrival: [true],
    auto: [true],
    floor: ['text'],
  },
  also: {
    machine: ['common'],
    maxphysaddr: ['common'],
    pmu: ['off'],
    nested: ['off'],
    migratable: ['on'],
    virtio: ['common', 'properties'],
  },
} as const satisfies Record<string, Readonly<Record<string, readonly (string | true)[]>>>;

const ACCEPTED: readonly Acceptance[] = [
  'below-floor',
  'conflicts',
  'core-features',
  'other-machine',
  'same-host',
];
const FORMS: readonly string[] = ['level', 'guard', 'pin'];

const DEFAULTS: Settings = Object.freeze({
  guard: false,
  pin: undefined,
  exhaustive: false,
  disableParent: false,
  onArrival: false,
  auto: false,
  floor: undefined,
  machine: undefined,
  maxphysaddr: undefined,
  pmu: undefined,
  nested: undefined,
  migratable: undefined,
  virtio: undefined,
  form: 'shared',
  accept: new Set<Acceptance>(),
  refuse: new Set<Refusal>(),
});

/**
 * The settings that these options make, beside those a pool has already.
 *
 * @throws TypeError for an option or a value that there is not: a misspelt option must not be ignored.
 */
export function settingsOf(options: PlanOptions, given: Settings = DEFAULTS): Settings {
  const { cpu, also, accept, refuse } = options;
  if (cpu === undefined && also === undefined && accept === undefined && refuse === undefined) return given;
  const { pin, ...line } = cpuOptions(cpu);
  const ofCpu = { ...line, ...pinSetting(pin) };
  refuseBoth({ ...given, ...ofCpu, ...also });
  checkGroup('also', also ?? {});
  checkWords('accept', accept, ACCEPTED);
  checkWords('refuse', refuse, Object.keys(REFUSED_CODES));
  return {
    ...given,
    ...ofCpu,
    ...also,
    ...(accept !== undefined && { accept: new Set([...given.accept, ...accept]) }),
    ...(refuse !== undefined && { refuse: new Set([...given.refuse, ...refuse]) }),
  };
}

function pinSetting(pin: CpuOptions['pin']): Pick<Settings, 'pin'> | undefined {
  return pin === undefined || pin === false ? undefined : { pin: pin === true ? '' : pin };
}

/** Lines that require what is common, and another CPU, are other ways of saying the same. */
function refuseBoth({ onArrival, guard, pin, virtio }: Partial<Settings>): void {
  if (onArrival === true && (guard === true || pin !== undefined || virtio === 'properties'))
    throw new TypeError("cpu.onArrival excludes cpu.guard, cpu.pin and also.virtio: 'properties'");
}

/** What each refusal makes an error of. */
const REFUSED_CODES: Readonly<Record<Refusal, readonly IssueCode[]>> = {
  'weak-source': ['weak-source', 'partial-answer'],
  unnamed: ['feature-unnamed', 'names-not-comparable', 'qemu-newer-than-libvirt'],
  identity: ['cpu-identity'],
  'security-loss': ['security-loss', 'duty-bit-differs'],
};

/** The issues as the caller weighs them: what is refused is an error. */
export function weighed(issues: readonly Issue[], { refuse }: Pick<Settings, 'refuse'>): readonly Issue[] {
  if (refuse.size === 0) return issues;
  const codes = new Set([...refuse].flatMap((refusal) => REFUSED_CODES[refusal]));
  return issues.map((found) => (codes.has(found.code) ? { ...found, severity: 'error' } : found));
}

function cpuOptions(cpu: PlanOptions['cpu'] = {}): CpuOptions {
  if (typeof cpu === 'object') {
    checkGroup('cpu', cpu);
    return cpu;
  }
  checkWords('cpu', [cpu], FORMS);
  return cpu === 'level' ? {} : { [cpu]: true };
}

function checkGroup(group: keyof typeof VALUES, given: object): void {
  const known: Readonly<Record<string, readonly (string | true)[]>> = VALUES[group];
  checkOptions(given, Object.keys(known));
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    if (value === undefined) continue;
    const values = known[name] ?? [];
    const isText = typeof value === 'string' && value !== '';
    const fits = values[0] === true ? typeof value === 'boolean' : values.includes(value as string);
    if (!fits && !(isText && values.includes('text')))
      throw new TypeError(`${group}.${name} cannot be ${JSON.stringify(value)}: it takes ${choices(values)}`);
  }
}

function choices(values: readonly (string | true)[]): string {
  const words = { true: 'true or false', text: 'a text that is not empty' } as const;
  const nameOf = (value: string): string =>
    Object.hasOwn(words, value) ? words[value as 'text'] : `'${value}'`;
  return values.map((value) => nameOf(String(value))).join(' or ');
}

function checkWords(name: string, words: readonly string[] | undefined, known: readonly string[]): void {
  const stranger = words?.find((word) => !known.includes(word));
  if (stranger !== undefined)
    throw new TypeError(`${name} does not know "${stranger}": it takes ${known.join(', ')}`);
}
