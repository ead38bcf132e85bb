// Tries lib/diff/gate/verdict.ts as well.
import { diffHosts } from '../lib/diff/pool/baseline.ts';
import { gatePool } from '../lib/diff/gate/facts.ts';
import { gateVerdict } from '../lib/gate.ts';
import { rewriteView } from './support/rewrite.ts';
import type { GateOperation, GateOptions, GatePool, GateVerdict } from '../types/gate.ts';
import type { Host } from '../types/host.ts';
import { poolOf, said } from './support/gate.ts';
import { documentedHosts, host } from './support/host.ts';

const RESCUE = { rescue: true };

function ask(cpu: string, pool: GatePool, operation: GateOperation, options?: GateOptions): GateVerdict {
  const xml = `<domain type='kvm'><name>web</name><os><type arch='x86_64'>hvm</type></os>${cpu}</domain>`;
  return gateVerdict(xml, pool, operation, options);
}

const off = (...names: readonly string[]): string =>
  names.map((name) => `<feature policy='disable' name='${name}'/>`).join('');
const passthrough = (...names: readonly string[]): string =>
  `<cpu mode='host-passthrough'>${off(...names)}</cpu>`;
const model = (lines: string, attributes = ''): string =>
  `<cpu mode='custom' match='exact'${attributes}><model fallback='forbid'>486</model>${lines}</cpu>`;
const need = (name: string): string => `<feature policy='require' name='${name}'/>`;

const [A, B] = documentedHosts();
const ON_B = poolOf([A, B], 'B');
const MISSING = 'error guest-feature-missing';
const GAINED = 'error guest-feature-gained';
const SHOWN = 'error guest-feature-shown';

describe('a guest that follows its host, on B of the documented hosts', () => {
  test.each<[string, string, GateOperation, string]>([
    ['arrives with all off', passthrough('pcid', 'stibp', 'taa-no'), 'migrate', 'open'],
    ['comes back with all off', passthrough('pcid', 'stibp', 'taa-no'), 'restore', 'open'],
    ['starts with all off', passthrough('pcid', 'stibp', 'taa-no'), 'prepare', 'open'],
    [
      'arrives as it was',
      passthrough(),
      'migrate',
      `closed; ${MISSING} pcid,stibp [B]; ${GAINED} taa-no [B,A]`,
    ],
    [
      'so does maximum',
      "<cpu mode='maximum'/>",
      'restore',
      `closed; ${MISSING} pcid,stibp [B]; ${GAINED} taa-no [B,A]`,
    ],
    ["arrives in A's own form", passthrough('pcid', 'stibp'), 'migrate', `closed; ${GAINED} taa-no [B,A]`],
    ["arrives in B's own form", passthrough('taa-no'), 'migrate', `closed; ${MISSING} pcid,stibp [B]`],
    ['starts as it is', passthrough(), 'prepare', `closed; ${SHOWN} taa-no [B,A]`],
    ["starts in B's own form", passthrough('taa-no'), 'prepare', 'open'],
    ['host-model starts as it is', "<cpu mode='host-model'/>", 'prepare', `closed; ${SHOWN} taa-no [B,A]`],
    ["host-model starts in B's own form", `<cpu mode='host-model'>${off('taa-no')}</cpu>`, 'prepare', 'open'],
    [
      'match=minimum starts so too',
      model('', '').replace('exact', 'minimum'),
      'prepare',
      `closed; ${SHOWN} taa-no [B,A]`,
    ],
    [
      'requires what B lacks',
      `<cpu mode='maximum'>${need('pcid')}${off('taa-no')}</cpu>`,
      'prepare',
      `closed; ${MISSING} pcid [B]`,
    ],
    [
      'may not migrate at all',
      "<cpu mode='maximum' migratable='off'/>",
      'migrate',
      `closed; error not-migratable; ${MISSING} pcid,stibp [B]; ${GAINED} taa-no [B,A]`,
    ],
  ])('%s', (_, cpu, operation, expected) => {
    expect(said(ask(cpu, ON_B, operation))).toBe(expected);
  });

  test('names the features', () => {
    expect(ask(passthrough(), ON_B, 'migrate').features).toEqual(['pcid', 'stibp', 'taa-no']);
  });

  test.each<[string, string]>([
    ['by a global of its own', "<qemu:arg value='host-x86_64-cpu.taa-no=off'/>"],
    ['by one in long form', "<qemu:arg value='driver=host-x86_64-cpu,property=taa-no,value=off'/>"],
  ])('is off %s', (_, arg) => {
    const xml = `<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>${passthrough('pcid', 'stibp')}
      <qemu:commandline><qemu:arg value='-global'/>${arg}</qemu:commandline></domain>`;
    expect(gateVerdict(xml, ON_B, 'migrate').decision).toBe('open');
    expect(gateVerdict(xml, ON_B, 'prepare').decision).toBe('open');
    expect(gateVerdict(xml.replaceAll('off', 'on'), ON_B, 'migrate').decision).toBe('closed');
    expect(gateVerdict(xml.replace('qemu/1.0', 'other'), ON_B, 'migrate').decision).toBe('closed');
  });
});

describe('a custom CPU, on B', () => {
  const hosts = [
    host('A', ['pcid', 'stibp', 'avx']),
    host('B', ['taa-no', 'stibp']),
    host('C', ['stibp', 'avx']),
  ];
  const onB = poolOf(hosts, 'B');
  const haswell = (lines = '', check = 'partial'): string =>
    `<cpu mode='custom' check='${check}'><model>Haswell-noTSX</model>${lines}</cpu>`;
  const lackedByAll = ask(haswell('', 'full'), onB, 'migrate').features;

  test.each<[string, string, GateOperation, string]>([
    ['has what all have', model(need('stibp')), 'migrate', 'open'],
    ['requires what B has', model(need('taa-no')), 'migrate', 'open'],
    ['requires what B lacks', model(need('pcid')), 'migrate', `closed; ${MISSING} pcid [B]`],
    ['requires what nobody has', model(need('aes')), 'restore', `closed; ${MISSING} aes [B]`],
    ['would have what others lack', model(need('taa-no')), 'prepare', `closed; ${SHOWN} taa-no [B,A,C]`],
    ['arrives, and is prepared then', model(need('taa-no'), " check='full'"), 'prepare', 'open'],
    [
      'may have what B lacks',
      model("<feature policy='optional' name='avx'/>"),
      'migrate',
      `closed; ${MISSING} avx [B]`,
    ],
    ['cannot have what none has', model("<feature policy='optional' name='aes'/>"), 'migrate', 'open'],
    ['asks for what QEMU derives', model(need('ht')), 'migrate', 'open'],
    ['has a model that another host gives in full', haswell(), 'migrate', `closed; ${MISSING} avx,pcid [B]`],
    ['has it without that', haswell(off('avx', 'pcid')), 'migrate', 'open'],
    [
      'has a model B does not know',
      model('').replace('486', 'EPYC-v3'),
      'migrate',
      'closed; error unknown-model EPYC-v3 [B]',
    ],
    ['has no model', "<cpu><topology sockets='1' cores='1' threads='1'/></cpu>", 'migrate', 'open'],
    ['is not there', '', 'prepare', 'open'],
  ])('%s', (_, cpu, operation, expected) => {
    expect(said(ask(cpu, onB, operation))).toBe(expected);
  });

  test('that was held to its model has all of it', () => {
    expect(lackedByAll).toEqual(expect.arrayContaining(['avx', 'avx2', 'pcid']));
    expect(lackedByAll).not.toContain('stibp');
  });

  test('of another vendor does not pass', () => {
    const amd = [host('A', [], { vendor: 'AMD' }), host('B', [], { vendor: 'AMD' })];
    const cpu = model('').replace('</model>', '</model><vendor>Intel</vendor>');
    expect(said(ask(cpu, poolOf(amd, 'B'), 'migrate'))).toBe('closed; error vendor-mismatch [B]');
  });
});

/** A host on which QEMU has these machine types. */
function machines(one: Host, ...names: readonly string[]): Host {
  const facts = {
    canonical: undefined,
    maxCpus: undefined,
    deprecated: false,
    arch: 'x86_64',
    virtType: undefined,
  };
  return { ...one, machines: names.map((name) => ({ name, ...facts })) };
}

const INS_OUTS = host('A', ['vmx', 'vmx-ins-outs'], { libvirtVersion: '11.3.0' });
const PLAIN = host('B', ['vmx']);
const NAMING = host('C', ['vmx'], { libvirtVersion: '11.3.0' });
/** libvirt 9.0.0 has no name for cmpccxadd, and QEMU 7.2 no property. */
const NEWER = machines(host('A', ['cmpccxadd'], { libvirtVersion: '11.3.0' }), 'pc-q35-7.2', 'pc-q35-10.0');
const OLDER = machines(host('B', []), 'pc-i440fx-7.1', 'pc-q35-7.2', 'q35');

describe('a domain without a CPU gets the default model of QEMU', () => {
  const hosts = [host('A', ['svm']), host('B', [])];

  test.each<[string, string, string, GateOperation, string]>([
    ['does not start where its model shows more', '', 'A', 'prepare', `closed; ${SHOWN} svm [A,B]`],
    ['does not start where its model shows less', '', 'B', 'prepare', `closed; ${MISSING} svm [B]`],
    ['arrives where its model may lose something', '', 'B', 'migrate', `closed; ${MISSING} svm [B]`],
    [
      'is judged so with a topology alone',
      '<cpu><topology sockets="1" cores="1" threads="1"/></cpu>',
      'A',
      'prepare',
      `closed; ${SHOWN} svm [A,B]`,
    ],
  ])('%s', (_, cpu, self, operation, expected) => {
    expect(said(ask(cpu, poolOf(hosts, self), operation))).toBe(expected);
  });
});

describe('the gate', () => {
  test.each<[string, string, string]>([
    ['type', 'kvm', 'qemu'],
    ['architecture', 'x86_64', 'aarch64'],
  ])('gives no verdict on a guest of another %s', (_, own, other) => {
    const xml = "<domain type='kvm'><os><type arch='x86_64'>hvm</type></os><cpu mode='maximum'/></domain>";
    expect(gateVerdict(xml.replace(own, other), ON_B, 'migrate').decision).toBe('unjudged');
  });

  test('lets an i686 guest through as any other', () => {
    const xml = `<domain type='kvm'><os><type arch='i686'>hvm</type></os>${passthrough('pcid', 'stibp', 'taa-no')}</domain>`;
    expect(gateVerdict(xml, ON_B, 'migrate').decision).toBe('open');
  });

  test.each(['A', 'B'])('on %s passes what the rewrite makes of a guest', (self) => {
    const { shared, perHost } = rewriteView(`<domain type='kvm'>${passthrough()}</domain>`, [A, B]);
    for (const operation of ['migrate', 'restore', 'prepare'] as const)
      expect(gateVerdict(shared, poolOf([A, B], self), operation).decision).toBe('open');
    expect(gateVerdict(perHost[self] ?? '', poolOf([A, B], self), 'prepare').decision).toBe('open');
  });

  test('takes an ancestor that is off for a name some libvirt does not know', () => {
    const newer = host('A', ['vmx', 'vmx-ins-outs'], { libvirtVersion: '11.3.0' });
    const hosts = [newer, host('B', ['vmx'])];
    const { shared } = rewriteView(`<domain type='kvm'>${passthrough()}</domain>`, hosts, {
      cpu: { disableParent: true },
    });
    expect(shared).toContain("name='vmx'");
    expect(gateVerdict(shared, poolOf(hosts, 'B'), 'migrate').decision).toBe('open');
  });

  test.each<[string, string, readonly Host[], GateOperation, string]>([
    ['what B is not known to have, all others have', 'B', [INS_OUTS, PLAIN], 'prepare', 'open'],
    [
      'a guest from B would gain on A what B is not known to have',
      'A',
      [INS_OUTS, PLAIN],
      'migrate',
      `closed; ${GAINED} vmx-ins-outs [A,B]`,
    ],
    [
      'B may have what C lacks',
      'B',
      [INS_OUTS, PLAIN, NAMING],
      'prepare',
      `closed; ${SHOWN} vmx-ins-outs [B,C]`,
    ],
    [
      'B is not known to have what a guest from A has',
      'B',
      [INS_OUTS, PLAIN],
      'migrate',
      `closed; ${MISSING} vmx-ins-outs [B]`,
    ],
    ['QEMU of B cannot give what its libvirt cannot name', 'B', [NEWER, OLDER], 'prepare', 'open'],
    [
      'so B lacks what a guest from A has',
      'B',
      [NEWER, OLDER],
      'migrate',
      `closed; ${MISSING} cmpccxadd,kvm-asyncpf-vmexit [B]`,
    ],
    [
      'and A alone has it',
      'A',
      [NEWER, OLDER],
      'prepare',
      `closed; ${SHOWN} cmpccxadd [A,B]; ${SHOWN} kvm-asyncpf-vmexit [A,B]`,
    ],
    [
      'which a guest from B would gain',
      'A',
      [NEWER, OLDER],
      'migrate',
      `closed; ${GAINED} cmpccxadd [A,B]; ${GAINED} kvm-asyncpf-vmexit [A,B]`,
    ],
    [
      'where the distribution numbers its machines, nobody knows',
      'A',
      [NEWER, machines(OLDER, 'pc-q35-7.2', 'pc-q35-rhel9.4.0')],
      'migrate',
      `closed; ${GAINED} cmpccxadd [A,B]`,
    ],
  ])('of names that not every libvirt knows: %s', (_, self, hosts, operation, expected) => {
    expect(said(ask(passthrough(), poolOf(hosts, self), operation))).toBe(expected);
  });

  const NEWEST = machines(host('A', [], { libvirtVersion: '11.3.0' }), 'pc-q35-10.0');
  const OLDEST = machines(host('B', []), 'pc-q35-7.2');
  const HIDDEN = 'kvm-asyncpf-vmexit';

  test.each<[string, string, string, string]>([
    ['host-passthrough', passthrough(), `${MISSING} ${HIDDEN} [B]`, `${SHOWN} ${HIDDEN} [A,B]`],
    ['maximum', "<cpu mode='maximum'/>", `${MISSING} ${HIDDEN} [B]`, `${SHOWN} ${HIDDEN} [A,B]`],
    ['host-model', "<cpu mode='host-model'/>", '', ''],
    ["match='minimum'", "<cpu match='minimum'><model>486</model></cpu>", '', ''],
  ])('of what only QEMU’s version tells, %s is shown what the rewrite says', (_, cpu, arriving, starting) => {
    const hosts = [NEWEST, OLDEST];
    const decision = (words: string): string => (words === '' ? 'open' : `closed; ${words}`);
    expect(said(ask(cpu, poolOf(hosts, 'B'), 'migrate'))).toBe(decision(arriving));
    expect(said(ask(cpu, poolOf(hosts, 'A'), 'prepare'))).toBe(decision(starting));
    const { issues } = rewriteView(`<domain type='kvm'>${cpu}</domain>`, hosts);
    expect(issues.some(({ code }) => code === 'qemu-feature-differs')).toBe(arriving !== '');
  });

  test.each<[string, readonly Host[], GateVerdict['decision']]>([
    ['QEMU of the other host cannot give', [NEWER, OLDER], 'rescued'],
    ['QEMU of the other host might give', [NEWER, machines(OLDER, 'pc-q35-10.2')], 'closed'],
    ['nobody knows of the other host', [NEWER, host('B', [])], 'closed'],
  ])('rescues a guest from what %s accordingly', (_, hosts, decision) => {
    expect(ask(passthrough(), poolOf(hosts, 'A'), 'migrate', RESCUE).decision).toBe(decision);
  });

  test.each<[string, readonly Host[], string]>([
    [
      'nothing that some libvirt rejects',
      [NEWER, OLDER],
      "give it a named model (cpu: 'pin') or level it on arrival (cpu: { onArrival: true }), because libvirt on B does not know that name",
    ],
    [
      'the nearest name that all know',
      [INS_OUTS, host('B', ['vmx'], { libvirtVersion: '9.0.0' }), NAMING],
      'disable vmx instead, because libvirt on B does not know that name',
    ],
    ['the feature where all know it', [host('A', ['avx2']), PLAIN], 'disable it in its XML'],
  ])('advises %s', (_, hosts, words) => {
    const { issues } = ask(passthrough(), poolOf(hosts, 'A'), 'prepare');
    expect(issues.map(({ message }) => message).join()).toContain(words);
  });

  test('says of each feature who lacks it', () => {
    const hosts = [host('A', ['aes', 'avx2', 'pcid']), host('B', ['avx2']), host('C', ['aes'])];
    expect(said(ask(passthrough(), poolOf(hosts, 'A'), 'prepare'))).toBe(
      `closed; ${SHOWN} aes [A,B]; ${SHOWN} avx2 [A,C]; ${SHOWN} pcid [A,B,C]`,
    );
  });

  test.each<[string, () => GatePool, string]>([
    ['a host that is not there', () => gatePool(diffHosts([A, B]), 'C'), 'the pool has no host "C"'],
    [
      'hosts that are no pool',
      () => gatePool(diffHosts([host('A', [], { vendor: 'AMD' }), host('B', [], { vendor: 'Intel' })]), 'A'),
      'CPU vendors differ (AMD: A; Intel: B): use one pool for each vendor',
    ],
  ])('is not for %s', (_, make, message) => {
    expect(make).toThrow(new RangeError(message));
  });
});

describe('a rescue', () => {
  const gaining = passthrough('pcid', 'stibp');

  test('lets a guest arrive that would only gain', () => {
    const verdict = ask(gaining, ON_B, 'migrate', RESCUE);
    expect(said(verdict)).toBe('rescued; warning guest-rescued taa-no [B]');
    expect(verdict.xml).toContain("<qemu:arg value='host-x86_64-cpu.taa-no=off'/>");
    expect(verdict.xml).toContain(gaining);
    expect(gateVerdict(verdict.xml, ON_B, 'migrate', RESCUE).decision).toBe('open');
    expect(gateVerdict(verdict.xml, ON_B, 'prepare', RESCUE).decision).toBe('open');
    expect(gateVerdict(verdict.xml, poolOf([A, B], 'A'), 'migrate', RESCUE).decision).toBe('open');
  });

  test.each<[string, string, GatePool, GateOperation]>([
    ['of one that would lose too', passthrough('pcid'), ON_B, 'migrate'],
    ['of one that comes back', gaining, ON_B, 'restore'],
    ['of one that starts', gaining, ON_B, 'prepare'],
    ['of host-model', gaining.replace('host-passthrough', 'host-model'), ON_B, 'migrate'],
    ['of a custom CPU', model(need('pcid')), ON_B, 'migrate'],
    ['against an explicit require', gaining.replace('</cpu>', `${need('taa-no')}</cpu>`), ON_B, 'migrate'],
    [
      'of what another host has too: the guest may be using it',
      passthrough('pcid', 'stibp'),
      poolOf([A, B, host('C', ['taa-no'])], 'B'),
      'migrate',
    ],
    [
      'on a host known by its physical CPU only',
      passthrough('pcid', 'stibp'),
      poolOf([A, host('B', ['taa-no'], { fallback: 'allow' })], 'B'),
      'migrate',
    ],
  ])('is no rescue %s', (_, cpu, pool, operation) => {
    const verdict = ask(cpu, pool, operation, RESCUE);
    expect(verdict.decision).toBe('closed');
    expect(verdict.xml).not.toContain('-global');
  });

  test('is not for an i686 guest: QEMU calls its CPUs otherwise', () => {
    const xml = `<domain type='kvm'><os><type arch='i686'>hvm</type></os>${gaining}</domain>`;
    expect(gateVerdict(xml, ON_B, 'migrate', RESCUE).decision).toBe('closed');
  });

  test('is only made when asked for', () => {
    expect(ask(gaining, ON_B, 'migrate').decision).toBe('closed');
  });
});
