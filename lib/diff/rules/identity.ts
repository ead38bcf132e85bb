import type { BaselineHost } from '../../../types/baseline.ts';
import type { DomainCpu } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { ElementChange } from '../../../types/plan.ts';
import { NESTED } from '../../cpu/names.ts';
import { compareVersions, machineVersion } from '../../cpu/versions.ts';
import { placeOf, scanAgain } from '../../xml/path.ts';
import { childrenNamed } from '../../xml/query.ts';
import { NOTHING, type Case, type Outcome } from '../case.ts';
import { kindsBy, type Kinds } from '../pool/facts.ts';

/** The order in which libvirt writes the features of a domain, as far as it matters here. */
const FEATURES_ORDER: readonly string[] = [
  ...['pae', 'acpi', 'apic', 'hap', 'viridian', 'hyperv', 'kvm', 'xen', 'pvspinlock', 'privnet', 'pmu'],
  ...['vmport', 'gic', 'smm', 'ioapic', 'hpt', 'capabilities', 'vmcoreinfo', 'msrs', 'cfpc', 'sbbc'],
];

/** What of a processor shows in its guests and no feature line can equalise. */
export function identityRule(guest: Case): Outcome {
  const { domain } = guest;
  const { cpu } = domain;
  const isKvm = (domain.type ?? 'kvm') === 'kvm';
  const issues =
    cpu === undefined || !isKvm ? emulatorIssues(guest) : kvmIssues(guest, cpu, guest.pool.ask(signatures));
  const changes = pmuChange(guest);
  return issues.length + changes.length === 0 ? NOTHING : { issues, changes };
}

function kvmIssues(c: Case, cpu: DomainCpu, kinds: Kinds): readonly Issue[] {
  const shows = cpu.mode === 'host-passthrough' || cpu.mode === 'maximum';
  return [
    ...(shows ? identityIssues(c, kinds) : []),
    ...microcodeIssues(c),
    ...cacheIssues(c, cpu, kinds),
    ...(shows ? pmuIssues(c, kinds) : []),
    ...nestedIssues(c, cpu),
  ];
}

function signatures(hosts: readonly BaselineHost[]): Kinds {
  return kindsBy(hosts, ({ processor }) =>
    processor?.family === undefined
      ? undefined
      : [processor.family, processor.model ?? '?', processor.stepping ?? '?'].join('/'),
  );
}

function microcodes(hosts: readonly BaselineHost[]): Kinds {
  return kindsBy(hosts, ({ processor }) => processor?.microcode);
}

function emulatorVersions(hosts: readonly BaselineHost[]): Kinds {
  return kindsBy(hosts, newestMachine);
}

function told(groups: Kinds): Pick<Issue, 'hosts' | 'received'> {
  const parts = [...groups].map(([value, names]) => `${value} on ${names.join(', ')}`);
  return { received: parts.join('; '), hosts: [...groups.values()].flat().sort() };
}

function identityIssues({ found }: Case, kinds: Kinds): readonly Issue[] {
  if (kinds.size < 2) return [];
  return [found('cpu-identity', undefined, told(kinds))];
}

function microcodeIssues({ found, pool }: Case): readonly Issue[] {
  const versions = pool.ask(microcodes);
  return versions.size < 2 ? [] : [found('microcode', undefined, told(versions))];
}

/** Processors of one signature have the same caches; of others nobody knows. */
function cacheIssues({ found, pool }: Case, cpu: DomainCpu, kinds: Kinds): readonly Issue[] {
  if (cpu.cacheMode !== 'passthrough') return [];
  const alike = kinds.size === 1 && [...kinds.values()].flat().length === pool.hosts.length;
  if (alike) return [];
  const span = cpu.children.find(({ name }) => name === 'cache')?.span;
  return [found('cache-passthrough', span, {}, kinds.size > 1 ? 'warning' : 'note')];
}

function pmuIssues({ domain, found, settings }: Case, kinds: Kinds): readonly Issue[] {
  const off =
    settings.pmu === 'off' || domain.uses.some(({ key, value }) => key === 'pmu' && value === 'off');
  return kinds.size < 2 || off ? [] : [found('pmu', undefined, {})];
}

function pmuChange({ domain, settings }: Case): readonly ElementChange[] {
  if (settings.pmu !== 'off' || domain.cpu === undefined) return [];
  const { cpu } = domain;
  const written = domain.uses.find(({ key }) => key === 'pmu');
  if (written?.value === 'off') return [];
  if (written !== undefined)
    return [{ kind: 'set-attribute', startTag: written.span, name: 'state', value: 'off' }];
  const element = { name: 'pmu', attributes: { state: 'off' } };
  const { tree, top } = scanAgain(domain.text, domain.span.start);
  const [features] = childrenNamed(tree, top.index, 'features');
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

function nestedIssues({ domain, found, pool, settings }: Case, cpu: DomainCpu): readonly Issue[] {
  if (cpu.mode === 'custom' || settings.nested === 'off' || domain.type === undefined) return [];
  const shared = NESTED.filter((name) => pool.common.has(name));
  if (shared.length === 0) return [];
  // Who names it in the domain knows of it.
  const seen = shared.filter((name) => !cpu.features.some((feature) => feature.name === name));
  return seen.map((feature) => found('nested-virtualisation', undefined, { feature }));
}

/** Emulation gives what that QEMU can do: another version, another CPU. */
function emulatorIssues({ domain, pool, found }: Case): readonly Issue[] {
  if (domain.cpu?.mode !== 'maximum') return [];
  const versions = pool.ask(emulatorVersions);
  return versions.size < 2 ? [] : [found('emulator-version', undefined, told(versions))];
}

/** The newest machine type in QEMU's own numbering tells the version of QEMU. */
function newestMachine({ machines, machine }: BaselineHost): string | undefined {
  const names = machines.length > 0 ? machines.map(({ name }) => name) : [machine ?? ''];
  const versions = names.flatMap((name) => {
    const parts = machineVersion(name);
    return parts?.distribution === '' ? [parts.version] : [];
  });
  return versions.sort(compareVersions).at(-1);
}
