import type { DomainDevice, QemuArgument } from '../../../types/domain.ts';

/** What a device's argument says, by the properties that the facts about migration look at. */
const PROPERTIES: readonly string[] = ['driver', 'master', 'pci-id'];

/** Formats and protocols of an image, and of those it lies on. */
const FORMATS = /(?<![\w-])(?:driver|format)"?\s*[:=]\s*"?([\w-]+)/g;

/** The devices that a domain hands to QEMU past libvirt, as if they were elements of it. */
export function argumentDevices(commandLine: readonly QemuArgument[]): readonly DomainDevice[] {
  return commandLine.flatMap(({ value, span }, i): DomainDevice[] => {
    const option = (commandLine[i - 1]?.value ?? '').replace(/^--/, '-');
    if (option === '-device') return [{ element: option, values: propertiesOf(value), span }];
    if (option === '-drive' || option === '-blockdev')
      return [...value.matchAll(FORMATS)].map(([, driver = '']) => ({
        element: option,
        values: { driver },
        span,
      }));
    return option === '-virtfs' ? [{ element: option, values: {}, span }] : [];
  });
}

/** `driver,name=value …` or JSON, as libvirt itself writes it. */
function propertiesOf(value: string): Readonly<Record<string, string>> {
  const found = PROPERTIES.flatMap((name): (readonly [string, string])[] => {
    const written = new RegExp(`(?:^|,)${name}=([^,]*)`).exec(value)?.[1];
    const inJson = new RegExp(`"${name}"\\s*:\\s*"?([^",}]*)`).exec(value)?.[1];
    const first = name === 'driver' && !value.startsWith('{') ? /^[^,=]+(?=,|$)/.exec(value)?.[0] : undefined;
    const said = first ?? written ?? inJson;
    return said === undefined ? [] : [[name, said.replace(/^true$/, 'on')]];
  });
  return Object.fromEntries(found);
}

/** Options with which the rest of what a domain says means something else. */
const CHANGING: ReadonlySet<string> = new Set(
  'accel enable-kvm icount incoming loadvm M machine overcommit readconfig set smp'
    .split(' ')
    .map((name) => `-${name}`),
);

/** The arguments that change what the guest sees in ways that are not looked at, each once. */
export function unjudgedArguments(commandLine: readonly QemuArgument[]): readonly QemuArgument[] {
  const found = new Map<string, QemuArgument>();
  for (const one of commandLine) {
    const option = one.value.replace(/^--/, '-');
    if (CHANGING.has(option) && !found.has(option)) found.set(option, { ...one, value: option });
  }
  return [...found.values()];
}
