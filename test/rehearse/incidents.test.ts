// Tries lib/cpu/facts/incidents.ts, lib/cpu/facts/incidents-cpu.ts and lib/cpu/facts/incidents-machine.ts as well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { INCIDENTS } from '../../lib/cpu/facts/incidents.ts';
import { incidentsOn, type IncidentContext } from '../../lib/rehearse/incidents.ts';
import type { Release } from '../../types/rehearsal.ts';
import { guestWith } from './captures.ts';

/** Versions as `libvirt/QEMU/kernel`; what is left out is not known. */
function release(text: string): Release {
  const [libvirt, qemu, kernel] = text.split('/').map((part) => (part === '' ? undefined : part));
  return { libvirt, qemu, kernel, microcode: undefined };
}

type Extra = Partial<Omit<IncidentContext, 'from' | 'to' | 'guest'>>;

interface Row {
  readonly from: string;
  readonly to: string;
  /** Versions on one side or the other with which nothing happens. */
  readonly but: readonly [side: 'from' | 'to', versions: string] | readonly ['extra', Extra];
  readonly guest: string;
  /** A guest that it does not concern. */
  readonly other?: string;
  readonly extra?: Extra;
  readonly possible?: true;
}

const NIC = "<interface type='network'><model type='virtio'/></interface>";
const GPU = "<video><model type='virtio'/></video>";
const DISK = "<disk type='network'><target dev='vda' bus='virtio'/></disk>";
const INTEL: Extra = { vendor: 'Intel', given: ['vmx'] };
const ARM: Extra = { arch: 'aarch64', vendor: undefined };
const HOST_MODEL = guestWith('host-model');
const START: Extra = { way: 'start' };
const lost = (...names: readonly string[]): Extra => ({ lost: names });
const machines = (some: Partial<IncidentContext['machines']>): Extra => ({
  machines: { gone: [], deprecated: [], moved: [], ofDistribution: false, ...some },
});
const BY_ALIAS = (before: string, after: string): Extra => ({
  ...START,
  ...machines({ moved: [{ before, after }] }),
});

/** One row for each incident: when it happens, and what keeps it from happening. */
const ROWS: Readonly<Record<string, Row>> = {
  'ht-extra': {
    ...{ from: '9.0.0/7.2.22/', to: '11.3.0/10.0.13/', but: ['to', '11.10.0/10.0.13/'] },
    ...{ guest: guestWith('EPYC', { cores: 2 }), other: guestWith('EPYC') },
  },
  'ht-extra-back': {
    ...{ from: '12.8.0/11.1.3/', to: '11.3.0/10.0.13/', but: ['to', '11.10.0/10.0.13/'] },
    ...{ guest: guestWith('EPYC', { cores: 2 }), other: guestWith('EPYC') },
  },
  'ht-missing': {
    ...{ from: '11.3.0/10.0.13/', to: '9.0.0/7.2.22/', but: ['from', '11.10.0/10.0.13/'] },
    ...{ guest: guestWith('host-model', { cores: 2 }), other: guestWith('host-passthrough', { cores: 2 }) },
  },
  'cmp-legacy': {
    ...{ from: '11.3.0/10.0.13/', to: '12.8.0/11.1.3/', but: ['from', '11.10.0/10.0.13/'] },
    ...{ guest: HOST_MODEL, other: guestWith('host-model', { cores: 2 }), extra: { given: ['cmp_legacy'] } },
  },
  'vmx-extra': {
    ...{ from: '9.0.0/7.2/', to: '10.1.0/8.2/', but: ['to', '10.2.0/8.2/'], extra: INTEL },
    ...{ guest: HOST_MODEL, other: guestWith('host-passthrough') },
  },
  'vmx-unknown': {
    ...{ from: '9.10.0/8.1/', to: '9.9.0/8.1/', but: ['from', '10.2.0/8.1/'], extra: INTEL },
    guest: HOST_MODEL,
  },
  'vmx-back': {
    ...{ from: '10.2.0/8.2/', to: '10.0.0/8.2/', but: ['to', '9.9.0/8.2/'], extra: INTEL },
    guest: HOST_MODEL,
  },
  'vmx-missing': {
    ...{ from: '10.0.0/8.2/', to: '10.0.0/8.2/', but: ['extra', { ...INTEL, ...lost('vmx') }] },
    ...{ guest: HOST_MODEL, extra: { ...INTEL, ...lost('vmx-posted-intr') } },
  },
  'names-back': {
    ...{ from: '11.3.0/10.0/', to: '9.0.0/7.2/', but: ['extra', { unnamed: false }] },
    ...{ guest: HOST_MODEL, other: guestWith('EPYC'), extra: { unnamed: true } },
  },
  'host-model-expands': {
    ...{ from: '9.0.0/7.2/', to: '11.3.0/10.0/', but: ['extra', { ...START, hostModel: false }] },
    ...{ guest: HOST_MODEL, other: guestWith('EPYC'), extra: { ...START, hostModel: true } },
  },
  'arch-capabilities-amd': {
    ...{ from: '11.3.0/10.0.13/', to: '12.8.0/11.1.3/', but: ['to', '12.8.0/10.0.13/'] },
    ...{ guest: HOST_MODEL, extra: { ...START, ...lost('arch-capabilities') } },
  },
  pdcm: {
    ...{ from: '11.3.0/10.0/', to: '12.8.0/11.1/', but: ['extra', lost('avx')] },
    ...{ guest: HOST_MODEL, extra: lost('pdcm') },
  },
  mpx: {
    ...{ from: '5.0.0/4.2/', to: '9.0.0/7.2/', but: ['extra', lost('avx')] },
    ...{ guest: guestWith('Skylake-Server'), extra: lost('mpx') },
  },
  tsx: {
    ...{ from: '9.0.0/7.2/', to: '9.0.0/7.2/', but: ['extra', { ...lost('rtm'), vendor: 'AMD' }] },
    ...{ guest: guestWith('Skylake-Server'), extra: { ...INTEL, ...lost('rtm') } },
  },
  waitpkg: {
    ...{ from: '7.1.0/6.2/', to: '8.6.0/7.1/', but: ['extra', lost('avx')] },
    ...{ guest: HOST_MODEL, extra: lost('waitpkg') },
  },
  'xsave-pku': {
    ...{ from: '8.0.0/6.2/5.4', to: '8.0.0/6.2/5.15', but: ['to', '9.0.0/7.2/6.6'], possible: true },
    ...{ guest: guestWith('EPYC'), other: guestWith('host-passthrough') },
  },
  'pmu-of-max': {
    ...{ from: '11.3.0/10.0/', to: '12.8.0/11.1.3/', but: ['to', '12.8.0/11.0/'] },
    ...{ guest: guestWith('maximum'), other: guestWith('host-passthrough'), extra: START },
  },
  's390-deprecated': {
    ...{ from: '11.5.0/10.0/', to: '11.6.0/10.0/', but: ['from', '11.6.0/10.0/'] },
    ...{ guest: HOST_MODEL, extra: { ...START, arch: 's390x' } },
  },
  'arm-registers-back': {
    ...{ from: '11.3.0/10.0/6.16', to: '11.3.0/10.0/6.12', but: ['to', '11.3.0/10.0/6.17'], extra: ARM },
    guest: guestWith('host-passthrough'),
  },
  'arm-registers-forward': {
    ...{ from: '11.3.0/10.0/6.12', to: '11.3.0/10.0/6.13', but: ['to', '11.3.0/10.0/6.12'], extra: ARM },
    ...{ guest: guestWith('host-passthrough'), possible: true },
  },
  'machine-gone': {
    ...{ from: '9.0.0/7.2/', to: '12.8.0/11.1/', but: ['extra', {}] },
    ...{ guest: guestWith('EPYC'), extra: machines({ gone: ['pc-q35-5.1'] }) },
  },
  'machine-of-distribution': {
    ...{ from: '10.0.0/9.1/', to: '11.3.0/10.0/', but: ['extra', {}] },
    ...{ guest: guestWith('EPYC', { machine: 'pc-q35-rhel9.6.0' }), other: guestWith('EPYC') },
    extra: machines({ gone: ['pc-q35-rhel9.6.0'], ofDistribution: true }),
  },
  'machine-deprecated': {
    ...{ from: '9.0.0/7.2/', to: '12.8.0/11.1/', but: ['extra', START] },
    ...{ guest: guestWith('EPYC'), extra: { ...START, ...machines({ deprecated: ['pc-q35-7.2'] }) } },
  },
  'machine-alias': {
    ...{ from: '9.0.0/7.2/', to: '12.8.0/11.1/', but: ['extra', START] },
    ...{ guest: guestWith('EPYC', { machine: 'q35' }), extra: BY_ALIAS('pc-q35-7.2', 'pc-q35-11.1') },
  },
  queues: {
    ...{ from: '6.0.0/5.1/', to: '9.0.0/7.2/', but: ['extra', BY_ALIAS('pc-q35-5.2', 'pc-q35-7.2')] },
    ...{ guest: guestWith('EPYC', { devices: DISK }), other: guestWith('EPYC') },
    extra: BY_ALIAS('pc-q35-5.1', 'pc-q35-7.2'),
  },
  edid: {
    ...{ from: '5.0.0/4.0/', to: '9.0.0/7.2/', but: ['extra', BY_ALIAS('pc-q35-4.1', 'pc-q35-7.2')] },
    ...{ guest: guestWith('EPYC', { devices: GPU }), other: guestWith('EPYC') },
    extra: BY_ALIAS('pc-q35-4.0', 'pc-q35-7.2'),
  },
  'uso-back': {
    ...{ from: '11.0.0/9.2.4/6.12', to: '9.0.0/8.2.10/6.1', but: ['to', '9.0.0/8.2.10/6.2'] },
    guest: guestWith('EPYC', { devices: NIC, machine: 'pc-q35-8.2' }),
    other: guestWith('EPYC', { devices: NIC, machine: 'pc-q35-8.1' }),
  },
  'uso-rhel': {
    ...{ from: '10.0.0/9.0/6.8', to: '10.10.0/9.1/6.8', but: ['from', '10.0.0/9.0/5.14'], possible: true },
    guest: guestWith('EPYC', { devices: NIC, machine: 'pc-q35-rhel9.6.0' }),
    other: guestWith('EPYC', { devices: NIC }),
    extra: machines({ ofDistribution: true }),
  },
  'virtio-gpu-to-9.0': {
    ...{ from: '10.0.0/8.2/', to: '10.2.0/9.0.0/', but: ['to', '10.2.0/9.0.1/'] },
    ...{ guest: guestWith('EPYC', { devices: GPU }), other: guestWith('EPYC', { devices: NIC }) },
  },
  'virtio-gpu-from-9.0': {
    ...{ from: '10.2.0/9.0.0/', to: '10.4.0/9.1.0/', but: ['from', '10.2.0/9.0.1/'] },
    guest: guestWith('EPYC', { devices: GPU }),
    other: guestWith('EPYC', { devices: GPU, machine: 'pc-q35-9.0' }),
  },
  'virtio-vga': {
    ...{ from: '11.3.0/10.0/', to: '12.0.0/10.2/', but: ['to', '12.5.0/11.0/'], possible: true },
    ...{ guest: guestWith('EPYC', { devices: GPU }), other: guestWith('EPYC') },
  },
};

function idsOf(
  { from, to, extra = {} }: Pick<Row, 'from' | 'to'> & { readonly extra?: Extra },
  guest?: string,
): readonly string[] {
  const context: IncidentContext = {
    way: 'forward',
    from: release(from),
    to: release(to),
    ...{ arch: 'x86_64', vendor: 'AMD', virtType: 'kvm' },
    ...{ lost: [], given: [], unnamed: false, hostModel: false },
    machines: { gone: [], deprecated: [], moved: [], ofDistribution: false },
    ...extra,
    ...(guest !== undefined && { guest: parseDomain(guest) }),
  };
  return incidentsOn(context).map(({ incident, certain }) => `${incident.id}${certain ? '' : '?'}`);
}

test('there is a row for each incident', () => {
  const ids = INCIDENTS.map(({ id }) => id);
  expect(Object.keys(ROWS).sort()).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(Object.entries(ROWS))('%s', (id, row) => {
  const found = row.possible === true ? `${id}?` : id;

  test('happens to such a guest, and is told of such hosts', () => {
    expect(idsOf(row, row.guest)).toContain(found);
    expect(idsOf(row)).toContain(found);
  });

  test('does not happen otherwise', () => {
    const [side, value] = row.but;
    const other = side === 'extra' ? { ...row, extra: value } : { ...row, [side]: value };
    const names = idsOf(other, row.guest);
    expect(names).not.toContain(id);
    expect(names).not.toContain(`${id}?`);
  });

  test('does not concern another guest', () => {
    const names = row.other === undefined ? [] : idsOf(row, row.other);
    expect(names).not.toContain(found);
  });

  test('has versions, a cure and a source', () => {
    const incident = INCIDENTS.find((one) => one.id === id);
    expect(incident?.cure).toMatch(/^[A-Z].*\.$/);
    expect(incident?.what).toMatch(/\.$/);
    expect(incident?.sources.length).toBeGreaterThan(0);
    for (const source of incident?.sources ?? []) expect(source).toMatch(/^(?:https?:\/\/\S+|measured: .+)$/);
    for (const version of Object.values(incident?.cured ?? {}))
      expect(version).toMatch(/^\d+\.\d+(?:\.\d+)?$/);
  });
});

test('a version that nobody stated makes it possible', () => {
  const row = { from: '9.0.0/7.2/', to: '/10.0.13/' };
  expect(idsOf(row, guestWith('EPYC', { cores: 2 }))).toContain('ht-extra?');
});

test('docs/incidents.md has each with its sources', () => {
  const page = readFileSync(join(__dirname, '../../docs/incidents.md'), 'utf8');
  for (const { id, sources } of INCIDENTS) {
    expect(page).toContain(`### ${id}\n`);
    for (const source of sources) expect(page).toContain(source);
  }
});
