import type { QemuArgument } from '../../types/domain.ts';
import type { Span } from '../../types/xml.ts';
import { libvirtName, qemuName } from './names.ts';

/** What QEMU's `-cpu` says: a model and what is added to it or taken from it, in QEMU's spelling. */
export interface CpuArgument {
  readonly model: string;
  /** Property → value: what `+name`, `-name`, `name=on` and `name=off` come to; others (`vendor`, `hv-…`) as written. */
  readonly properties: ReadonlyMap<string, string>;
}

/**
 * The value of a `-cpu` argument. QEMU applies `name=value` in order, where a name alone means `on`, then every `+name`,
 * then every `-name`, so a minus has the last word.
 *
 * @see https://www.qemu.org/docs/master/system/qemu-cpu-models.html
 */
export function parseCpuArgument(value: string): CpuArgument {
  const [model = '', ...words] = value.split(',');
  const stated = words.flatMap((word): [string, string][] => {
    const found = /^([^=+-][^=]*)(?:=(.*))?$/s.exec(word);
    return found === null ? [] : [[found[1] ?? '', switched(found[2] ?? 'on')]];
  });
  const signed = (sign: string, value: string): [string, string][] =>
    words.flatMap((word) => (word.startsWith(sign) ? [[word.slice(1), value]] : []));
  return { model, properties: new Map([...stated, ...signed('+', 'on'), ...signed('-', 'off')]) };
}

/** Is it one of the models that show what the host has? */
export function isFollower(model: string): boolean {
  return model === 'host' || model === 'max';
}

/** QEMU takes several words for a switch. */
function switched(value: string): string {
  if (/^(?:on|yes|true|y)$/i.test(value)) return 'on';
  return /^(?:off|no|false|n)$/i.test(value) ? 'off' : value;
}

/** QEMU takes the last `-cpu` it is given, and libvirt writes its own before those of the domain. */
export function cpuArgumentOf(commandLine: readonly QemuArgument[]): QemuArgument | undefined {
  return commandLine.findLast((_, i) => /^--?cpu$/.test(commandLine[i - 1]?.value ?? ''));
}

/** A property of a CPU that `-global` sets. */
export interface GlobalSwitch {
  /** QEMU's name of the kind of CPU: `host-x86_64-cpu`. */
  readonly driver: string;
  readonly property: string;
  readonly value: string;
  readonly span: Span;
}

/**
 * What `-global` sets in QEMU's CPUs, in either of its spellings, by the name of one kind or of a class of them all
 * (`x86_64-cpu`, `cpu`).
 *
 * @see https://www.qemu.org/docs/master/system/invocation.html
 */
export function globalSwitches(commandLine: readonly QemuArgument[]): readonly GlobalSwitch[] {
  return commandLine.flatMap(({ value: word, span }, i) => {
    if (!/^--?global$/.test(commandLine[i - 1]?.value ?? '')) return [];
    const [, driver, property, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(word) ?? longGlobal(word);
    return /(?:^|-)cpu$/.test(driver ?? '')
      ? [{ driver: driver ?? '', property: property ?? '', value: switched(value ?? ''), span }]
      : [];
  });
}

/** `driver=…,property=…,value=…` in any order. */
function longGlobal(word: string): readonly (string | undefined)[] {
  const said = new Map(word.split(',').map((one) => one.split(/=(.*)/s, 2) as [string, string]));
  return [word, said.get('driver'), said.get('property'), said.get('value')];
}

/** What QEMU calls all x86 CPUs, and all CPUs. */
const CLASSES: readonly string[] = ['x86_64-cpu', 'cpu'];

/**
 * Properties of the CPUs of one kind that `-global` sets, also for all kinds at once, by the name that QEMU prints of
 * each: the last word counts.
 */
export function switchesOf(
  commandLine: readonly QemuArgument[],
  driver: string,
): ReadonlyMap<string, string> {
  const own = globalSwitches(commandLine).filter(
    (one) => one.driver === driver || CLASSES.includes(one.driver),
  );
  return new Map(own.map(({ property, value }) => [qemuName(libvirtName(property)), value]));
}

/** Switches that no CPU feature is behind, or none that a host could lack. */
const NO_FEATURE =
  /^(?:x-|hv-|kvm|xen-vapic|migratable|enforce|check|pmu|l3-cache|legacy-|host-|cpuid-0xb|full-cpuid|fill-mtrr|tcg-cpuid|vmware-cpuid|start-powered-off)/;

/** Is a property of QEMU's CPUs, in its spelling, something else than a feature? */
export function isNoFeature(property: string): boolean {
  return NO_FEATURE.test(property.replaceAll('_', '-'));
}
