import type { BaselineHost } from '../../../types/baseline.ts';
import type { Domain, DomainCpu } from '../../../types/domain.ts';
import type { Issue, IssueFactsByCode } from '../../../types/issue.ts';
import { cpuArgumentOf, isFollower, parseCpuArgument } from '../../cpu/cpu-argument.ts';
import { NESTED } from '../../cpu/names.ts';
import { compareVersions, qemuNumber } from '../../cpu/versions.ts';
import { frozen } from '../../text/frozen.ts';
import { remembered } from '../../text/remembered.ts';
import { placeOf, scanAgain } from '../../xml/place.ts';
import { childrenNamed } from '../../xml/query.ts';
import { NOTHING, sayingLater, type Case, type Outcome } from '../case.ts';
import { followsHost } from '../cpu/changes.ts';
import { kindsBy, type Kinds } from '../pool/kinds.ts';

/** The order in which libvirt writes the features of a domain, as far as it matters here. */
const FEATURES_ORDER: readonly string[] = (
  'pae acpi apic hap viridian hyperv kvm xen pvspinlock privnet pmu ' +
  'vmport gic smm ioapic hpt capabilities vmcoreinfo msrs cfpc sbbc'
).split(' ');

type Signature = IssueFactsByCode['cpu-identity']['signatures'][number];
type Versions = IssueFactsByCode['microcode']['versions'];

/** What of a host shows in its guests and no feature line can equalise. */
export function identityRule(guest: Case): Outcome {
  const changes = pmuChange(guest);
  return changes.length === 0 ? LATER : { ...LATER, changes };
}

const LATER: Outcome = sayingLater((guest) => [...smbiosIssues(guest), ...processorIssues(guest)]);

/** Blocks 0 and 1 of the host's tables, but for the UUID: libvirt's formatdomain, "SMBIOS System Information". */
function smbiosIssues({ domain, pool, issueAt }: Case): readonly Issue[] {
  const shown = domain.uses.filter(({ key, value }) => key === 'smbios.mode' && value === 'host');
  return pool.hosts.length < 2 ? [] : shown.map(({ span }) => issueAt('smbios-host', span, {}));
}

function processorIssues(c: Case): readonly Issue[] {
  const { cpu, type = 'kvm', commandLine } = c.domain;
  if (type !== 'kvm') return emulatorIssues(c);
  const argument = cpuArgumentOf(commandLine);
  // What goes past libvirt is the guest's CPU, whatever `<cpu>` says.
  if (argument !== undefined) return kvmIssues(c, isFollower(parseCpuArgument(argument.value).model));
  return cpu === undefined ? [] : kvmIssues(c, followsHost(cpu), cpu);
}

function kvmIssues(c: Case, shows: boolean, cpu?: DomainCpu): readonly Issue[] {
  const kinds = c.pool.ask(signatures);
  return [
    ...(shows ? identityIssues(c, kinds) : []),
    ...microcodeIssues(c),
    ...(cpu === undefined ? [] : cacheIssues(c, cpu, kinds)),
    ...(shows ? pmuIssues(c, kinds) : []),
    ...(cpu === undefined ? [] : nestedIssues(c, cpu)),
  ];
}

function signatures(hosts: readonly BaselineHost[]): readonly Signature[] {
  const kinds = new Map<string, Signature & { readonly hosts: string[] }>();
  for (const { name, processor } of hosts) {
    if (processor?.family === undefined) continue;
    const { family, model, stepping } = processor;
    const key = [family, model, stepping].join('/');
    remembered(kinds, key, () => ({ family, model, stepping, hosts: [] })).hosts.push(name);
  }
  return frozen([...kinds.values()]);
}

function microcodes(hosts: readonly BaselineHost[]): Versions {
  return versionsIn(kindsBy(hosts, ({ processor }) => processor?.microcode));
}

function emulatorVersions(hosts: readonly BaselineHost[]): Versions {
  return versionsIn(kindsBy(hosts, newestMachine));
}

function versionsIn(kinds: Kinds): Versions {
  return frozen([...kinds].map(([version, hosts]) => ({ version, hosts })));
}

function identityIssues({ issueAt }: Case, kinds: readonly Signature[]): readonly Issue[] {
  return kinds.length < 2 ? [] : [issueAt('cpu-identity', undefined, { signatures: kinds })];
}

function microcodeIssues({ issueAt, pool }: Case): readonly Issue[] {
  const versions = pool.ask(microcodes);
  return versions.length < 2 ? [] : [issueAt('microcode', undefined, { versions })];
}

/** Processors of one signature have the same caches; of others nobody knows. */
function cacheIssues({ issueAt, pool }: Case, cpu: DomainCpu, kinds: readonly Signature[]): readonly Issue[] {
  if (cpu.cacheMode !== 'passthrough') return [];
  const alike = kinds.length === 1 && kinds[0]?.hosts.length === pool.hosts.length;
  if (alike) return [];
  const span = cpu.children.find(({ name }) => name === 'cache')?.span;
  return [issueAt('cache-passthrough', span, {}, kinds.length > 1 ? 'warning' : 'note')];
}

function pmuIssues({ domain, issueAt, settings }: Case, kinds: readonly Signature[]): readonly Issue[] {
  const isOff = settings.pmu === 'off' || isPmuOff(domain);
  return kinds.length < 2 || isOff ? [] : [issueAt('pmu', undefined, {})];
}

function isPmuOff({ uses }: Domain): boolean {
  return uses.some(({ key, value }) => key === 'pmu' && value === 'off');
}

function pmuChange({ domain, settings }: Case): Outcome['changes'] {
  const { cpu } = domain;
  if (settings.pmu !== 'off' || cpu === undefined || isPmuOff(domain)) return NOTHING.changes;
  const { tree, top } = scanAgain(domain.text, domain.span.start);
  const all = childrenNamed(tree, top.index, 'features');
  // One that says no state is on.
  const [written] = all.flatMap(({ index }) => childrenNamed(tree, index, 'pmu'));
  if (written !== undefined)
    return [{ kind: 'set-attribute', startTag: written.startTag, name: 'state', value: 'off' }];
  const element = { name: 'pmu', attributes: { state: 'off' } };
  const [features] = all;
  if (features !== undefined)
    return [{ kind: 'add-element', parent: placeOf(tree, features), order: FEATURES_ORDER, element }];
  return [
    {
      kind: 'add-element',
      parent: {
        span: domain.span,
        startTag: domain.span,
        contentEnd: domain.span.end,
        children: [{ name: 'cpu', span: cpu.span }],
      },
      order: ['cpu', 'features'],
      element: { name: 'features', children: [element] },
    },
  ];
}

function nestedIssues({ domain, issueAt, pool, settings }: Case, cpu: DomainCpu): readonly Issue[] {
  if (cpu.mode === 'custom' || settings.nested === 'off' || domain.type === undefined) return [];
  const shared = NESTED.filter((name) => pool.common.has(name));
  if (shared.length === 0) return [];
  // Who names it in the domain knows of it.
  const seen = shared.filter((name) => !cpu.features.some((feature) => feature.name === name));
  return seen.map((feature) => issueAt('nested-virtualisation', undefined, { feature }));
}

/** Emulation gives what that QEMU can do: another version, another CPU. */
function emulatorIssues({ domain, pool, issueAt }: Case): readonly Issue[] {
  if (domain.cpu?.mode !== 'maximum') return [];
  const versions = pool.ask(emulatorVersions);
  return versions.length < 2 ? [] : [issueAt('emulator-version', undefined, { versions })];
}

/** The newest machine type in QEMU's own numbering tells the version of QEMU. */
function newestMachine({ machines, machine }: BaselineHost): string | undefined {
  const names = machines.length > 0 ? machines.map(({ name }) => name) : [machine ?? ''];
  const versions = names.flatMap((name) => qemuNumber(name) ?? []);
  return versions.sort(compareVersions).at(-1);
}
