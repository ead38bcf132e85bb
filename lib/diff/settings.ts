import type { Issue, IssueCode } from '../../types/issue.ts';
import type {
  Acceptance,
  AlsoOptions,
  CpuOptions,
  Judgement,
  PlanOptions,
  Refusal,
} from '../../types/options.ts';
import { either, FLAG, listOf, OBJECT, oneOf, optionsOf, WORD, type OptionKinds } from '../issues/options.ts';

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

const CPU: OptionKinds<CpuOptions> = {
  guard: FLAG,
  pin: either(FLAG, WORD),
  exhaustive: FLAG,
  disableParent: FLAG,
  onArrival: FLAG,
  auto: FLAG,
  floor: WORD,
};

const ALSO: OptionKinds<AlsoOptions> = {
  machine: oneOf('common'),
  maxphysaddr: oneOf('common'),
  pmu: oneOf('off'),
  nested: oneOf('off'),
  migratable: oneOf('on'),
  virtio: oneOf('common', 'properties'),
};

/** What each refusal makes an error of. */
const REFUSED_CODES: Readonly<Record<Refusal, readonly IssueCode[]>> = {
  'weak-source': ['weak-source', 'partial-answer'],
  unnamed: ['feature-unnamed', 'names-not-comparable', 'qemu-newer-than-libvirt'],
  identity: ['cpu-identity'],
  'security-loss': ['security-loss', 'duty-bit-differs'],
};

/** What is let pass, and what is stopped at. */
export const JUDGEMENT: OptionKinds<Judgement> = {
  accept: listOf(['below-floor', 'conflicts', 'core-features', 'other-machine', 'same-host']),
  refuse: listOf(Object.keys(REFUSED_CODES)),
};

/** What may be asked of a plan. What is in its groups, `settingsOf` checks. */
export const PLAN: OptionKinds<PlanOptions> = {
  cpu: either(oneOf('level', 'guard', 'pin'), OBJECT),
  also: OBJECT,
  ...JUDGEMENT,
};

/** Nothing is asked for. */
export const DEFAULTS: Settings = Object.freeze({
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
 * The settings that these options, checked by `PLAN`, make beside those a pool has already.
 *
 * @throws TypeError for an option or a value that there is not in a group
 */
export function settingsOf(options: PlanOptions, given: Settings = DEFAULTS): Settings {
  const { cpu, also, accept, refuse } = options;
  if (cpu === undefined && also === undefined && accept === undefined && refuse === undefined) return given;
  const { pin, ...line } = cpuOptions(cpu);
  const settings = {
    ...given,
    ...line,
    ...pinSetting(pin),
    ...(also && optionsOf(also, ALSO, 'also')),
    ...(accept !== undefined && { accept: new Set([...given.accept, ...accept]) }),
    ...(refuse !== undefined && { refuse: new Set([...given.refuse, ...refuse]) }),
  };
  if (settings.onArrival && excludesArrival(settings))
    throw new TypeError("cpu.onArrival excludes cpu.guard, cpu.pin and also.virtio: 'properties'");
  return settings;
}

function pinSetting(pin: CpuOptions['pin']): Pick<Settings, 'pin'> | undefined {
  return pin === undefined || pin === false ? undefined : { pin: pin === true ? '' : pin };
}

/** Lines that require what is common, and another CPU, are other ways of saying the same. */
export function excludesArrival({ guard, pin, virtio }: Settings): boolean {
  return guard || pin !== undefined || virtio === 'properties';
}

/** The issues as the caller weighs them: what is refused is an error. */
export function weighed(issues: readonly Issue[], { refuse }: Pick<Settings, 'refuse'>): readonly Issue[] {
  if (refuse.size === 0) return issues;
  const codes = new Set([...refuse].flatMap((refusal) => REFUSED_CODES[refusal]));
  return issues.map((found) => (codes.has(found.code) ? { ...found, severity: 'error' } : found));
}

function cpuOptions(cpu: PlanOptions['cpu'] = 'level'): CpuOptions {
  if (typeof cpu === 'object') return optionsOf(cpu, CPU, 'cpu');
  return cpu === 'level' ? {} : { [cpu]: true };
}
