// Tries lib/diff/pool/adjusted.ts as well.
import { gateVerdict } from '../../../lib/gate.ts';
import { createPool } from '../../../lib/pool.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { Host } from '../../../types/host.ts';

interface Facts {
  readonly libvirt?: string;
  readonly qemu?: string;
  readonly virtType?: 'kvm' | 'qemu';
  readonly vendor?: string;
  readonly features?: readonly string[];
}

/** A host as a capture describes it. */
function captured(
  name: string,
  { libvirt = '11.3.0', qemu, virtType = 'kvm', vendor = 'AMD', features = [] }: Facts,
): Host {
  const hypervisor = qemu === undefined ? '' : ` hypervisor='QEMU ${qemu}'`;
  const model = vendor === 'AMD' ? 'kvm64' : 'Nehalem';
  const lines = features.map((feature) => `<feature policy='require' name='${feature}'/>`).join('');
  return parseHost(
    `<?virt-migratable libvirt='${libvirt}'${hypervisor}?><domainCapabilities><path>/q</path><domain>${virtType}</domain><machine>pc-q35-10.0</machine><arch>x86_64</arch><cpu><mode name='host-model' supported='yes'><model fallback='forbid'>${model}</model><vendor>${vendor}</vendor>${lines}</mode></cpu></domainCapabilities>`,
    { name },
  );
}

const guest = (cpu: string, machine = 'pc-q35-10.0', type = 'kvm'): string =>
  `<domain type='${type}'><os><type arch='x86_64' machine='${machine}'>hvm</type></os>${cpu}${type === 'qemu' ? STATED : ''}</domain>`;
/** What QEMU's emulated CPU is in each version, is another matter. */
const STATED =
  "<q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:arg value='-global'/><q:arg value='max-x86_64-cpu.family=15'/></q:commandline>";
const FOLLOWER = "<cpu mode='host-passthrough'/>";
const NEW: Facts = { qemu: '11.1.3' };
const OLD: Facts = { qemu: '10.0.13', features: ['arch-capabilities', 'rdctl-no'] };

/** What a rewrite turns off on each host, and whether the guest was safe as it is. */
function answers(text: string, facts: readonly Facts[]): unknown {
  const pool = createPool(
    facts.map((one, i) => captured(`h${i}`, one)),
    { accept: ['other-machine'] },
  );
  const result = pool.rewritePerHost(text);
  const offIn = (xml: string): readonly string[] =>
    [...xml.matchAll(/policy='disable' name='([^']*)'/g)].map(([, name = '']) => name);
  const gates = pool.baseline.hosts.map(({ name }) => {
    const verdict = (xml: string): string => gateVerdict(xml, pool.gate(name), 'prepare').decision;
    return result.ok ? [verdict(text), verdict(result.forHost(name).xml)] : [];
  });
  return { safe: pool.check(text).safe, off: result.ok && Object.values(result.perHost).map(offIn), gates };
}

const OPEN = ['open', 'open'];
const LEVELLED = ['closed', 'open'];

/** `x-arch-cap-always-on` of QEMU 10.1 and later: no document of such a host lists what the guest gets all the same. */
test.each<[string, string, readonly Facts[], unknown]>([
  [
    'beside an older QEMU',
    guest(FOLLOWER),
    [NEW, OLD],
    {
      safe: false,
      off: [['arch-capabilities'], ['arch-capabilities', 'rdctl-no']],
      gates: [LEVELLED, LEVELLED],
    },
  ],
  [
    'beside an older QEMU that shows none',
    guest(FOLLOWER),
    [NEW, { qemu: '10.0.13' }],
    { safe: false, off: [['arch-capabilities'], []], gates: [LEVELLED, OPEN] },
  ],
  [
    'beside its like',
    guest(FOLLOWER),
    [NEW, NEW],
    { safe: false, off: [['arch-capabilities'], ['arch-capabilities']], gates: [LEVELLED, LEVELLED] },
  ],
  [
    'in mode maximum, with an older machine type of the other family',
    guest("<cpu mode='maximum'/>", 'pc-i440fx-6.2'),
    [NEW, NEW],
    { safe: false, off: [['arch-capabilities'], ['arch-capabilities']], gates: [LEVELLED, LEVELLED] },
  ],
  [
    'with a machine type of its own',
    guest(FOLLOWER, 'pc-q35-10.1'),
    [NEW, NEW],
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
  [
    'in a named model',
    guest("<cpu mode='custom'><model>kvm64</model></cpu>"),
    [NEW, NEW],
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
  [
    'of Intel',
    guest(FOLLOWER),
    [NEW, NEW].map((one) => ({ ...one, vendor: 'Intel' })),
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
  [
    'in emulation',
    guest(FOLLOWER, 'pc-q35-10.0', 'qemu'),
    [NEW, NEW].map((one) => ({ ...one, virtType: 'qemu' })),
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
  [
    'of an older QEMU',
    guest(FOLLOWER),
    [{ qemu: '10.0.13' }, { qemu: '9.2.0' }],
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
  [
    'of an unknown QEMU, with an old libvirt',
    guest(FOLLOWER),
    [{ libvirt: '9.0.0' }, { libvirt: '9.0.0' }],
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
  [
    'of an unknown QEMU, with a libvirt of its time',
    guest(FOLLOWER),
    [{}, {}],
    { safe: false, off: [['arch-capabilities'], ['arch-capabilities']], gates: [LEVELLED, LEVELLED] },
  ],
  [
    'where all documents list it',
    guest(FOLLOWER),
    [
      { ...NEW, features: ['arch-capabilities'] },
      { ...OLD, features: ['arch-capabilities'] },
    ],
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
])('arch-capabilities %s', (_, text, facts, expected) => {
  expect(answers(text, facts)).toEqual(expected);
});

const TCG: Facts = { virtType: 'qemu', qemu: '7.2.22', libvirt: '9.0.0' };
const LATER: Facts = { virtType: 'qemu', qemu: '10.0.13', libvirt: '9.0.0', features: ['cmp_legacy'] };
const VME: Facts = { ...LATER, features: ['cmp_legacy', 'vme'] };
/** Its libvirt hands QEMU no line about what it takes the topology to decide. */
const NEWEST: Facts = { ...LATER, qemu: '11.1.3', libvirt: '12.9.0' };
const cores = (count: number, mode = 'maximum'): string =>
  `<cpu mode='${mode}'><topology sockets='1' cores='${count}' threads='1'/></cpu>`;

/** QEMU decides on it where a socket has several processors of AMD, and leaves it to the host where it has one. */
test.each<[string, string, readonly Facts[], unknown]>([
  [
    'one core',
    guest(cores(1), 'q35', 'qemu'),
    [TCG, LATER],
    { safe: false, off: [[], ['cmp_legacy']], gates: [OPEN, LEVELLED] },
  ],
  [
    'no topology',
    guest("<cpu mode='maximum'/>", 'q35', 'qemu'),
    [TCG, LATER],
    { safe: false, off: [[], ['cmp_legacy']], gates: [OPEN, LEVELLED] },
  ],
  [
    'two cores',
    guest(cores(2), 'q35', 'qemu'),
    [TCG, LATER],
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
  [
    'one core of a model that has it',
    guest(
      "<cpu mode='custom'><model fallback='forbid'>486</model><feature policy='require' name='cmp_legacy'/></cpu>",
      'q35',
      'qemu',
    ),
    [VME, VME],
    { safe: true, off: [[], []], gates: [OPEN, OPEN] },
  ],
])('cmp_legacy with %s', (_, text, facts, expected) => {
  expect(answers(text, facts)).toEqual(expected);
});

test('cmp_legacy is asked for in vain where some host lacks it, but by a guest of several cores', () => {
  const pool = createPool([captured('a', TCG), captured('b', LATER)], { accept: ['other-machine'] });
  const wants = (count: number): readonly string[] =>
    pool
      .check(
        guest(
          cores(count).replace('</cpu>', "<feature policy='require' name='cmp_legacy'/></cpu>"),
          'q35',
          'qemu',
        ),
      )
      .issues.map(({ code }) => code);
  expect([wants(1), wants(2)]).toEqual([['policy-conflict'], ['feature-topology']]);
});

const LINE = "<cpu mode='maximum'><feature policy='disable' name='cmp_legacy'/></cpu>";
const ASKING =
  "<cpu mode='custom'><model fallback='forbid'>486</model><feature policy='require' name='cmp_legacy'/></cpu>";
const ON_KVM: Facts = { ...NEWEST, virtType: 'kvm' };
const WITHHELD = 'libvirt on h1 hands QEMU no line about cmp_legacy';
const ON_ARRIVAL = { cpu: { onArrival: true } } as const;

/** Where libvirt keeps the line from QEMU, a CPU that follows its host is equal on arrival only. */
test.each<[string, string, readonly Facts[], readonly string[]]>([
  ['no topology', guest("<cpu mode='maximum'/>", 'q35', 'qemu'), [TCG, NEWEST], [WITHHELD]],
  ['a line of its own', guest(LINE, 'q35', 'qemu'), [TCG, NEWEST], [WITHHELD]],
  ['KVM', guest(FOLLOWER), [{ ...ON_KVM, features: [] }, ON_KVM], [WITHHELD]],
  ['two cores', guest(cores(2), 'q35', 'qemu'), [TCG, NEWEST], []],
  ['host-model, which is shown none there', guest(cores(1, 'host-model'), 'q35', 'qemu'), [TCG, NEWEST], []],
  ['a line of its own where all have it', guest(LINE, 'q35', 'qemu'), [LATER, NEWEST], [WITHHELD]],
  [
    'a model that asks for it',
    guest(ASKING, 'q35', 'qemu'),
    [LATER, NEWEST],
    [
      'the domain requires cmp_legacy (policy "require"), but h1 may lack it: remove that line, leave h1 out, or use accept: [\'conflicts\']',
    ],
  ],
  ['a model that asks for it, of one libvirt', guest(ASKING, 'q35', 'qemu'), [NEWEST, NEWEST], []],
  ['no line where all have it', guest("<cpu mode='maximum'/>", 'q35', 'qemu'), [LATER, NEWEST], []],
  ['its like', guest("<cpu mode='maximum'/>", 'q35', 'qemu'), [NEWEST, NEWEST], []],
  ['a libvirt that hands it over', guest("<cpu mode='maximum'/>", 'q35', 'qemu'), [TCG, LATER], []],
])('cmp_legacy where no line gets to QEMU: %s', (_, text, facts, expected) => {
  const hosts = facts.map((one, i) => captured(`h${i}`, one));
  const { issues } = createPool(hosts, { accept: ['other-machine'] }).rewrite(text);
  const errors = issues.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message.replace(/, which.*/, ''))).toEqual(expected);
});

test.each([
  ['one processor', guest("<cpu mode='maximum'/>", 'q35', 'qemu'), ['levelled', 'levelled']],
  ['a line of its own', guest(LINE, 'q35', 'qemu'), ['levelled', 'levelled']],
  ['two cores', guest(cores(2), 'q35', 'qemu'), ['open', 'open']],
])('is levelled on arrival with %s', (_, text, arriving) => {
  const pool = createPool([captured('h0', TCG), captured('h1', NEWEST)], { accept: ['other-machine'] });
  const result = pool.rewritePerHost(text, ON_ARRIVAL);
  if (!result.ok) throw new Error(result.issues.map(({ code }) => code).join());
  const [at0, at1] = ['h0', 'h1'].map((name) => result.forHost(name).xml);
  const verdict = (xml = '', host: string, operation: 'prepare' | 'migrate'): string =>
    gateVerdict(xml, pool.gate(host), operation).decision;
  expect([verdict(at0, 'h0', 'prepare'), verdict(at1, 'h1', 'prepare')]).toEqual(OPEN);
  expect([verdict(at1, 'h0', 'migrate'), verdict(at0, 'h1', 'migrate')]).toEqual(arriving);
});

test.each([
  ['one processor', 1, [['cmp_legacy'], ['cmp_legacy']]],
  ['two cores', 2, [[], []]],
])('host-model with %s is shown it by the libvirt alone that hands it over', (_, count, off) => {
  const facts = [{ ...ON_KVM, libvirt: '9.0.0' }, ON_KVM];
  expect(answers(guest(cores(count, 'host-model')), facts)).toMatchObject({ safe: count > 1, off });
});

test('a line that only some libvirt hands to QEMU is no matter of arrival', () => {
  const pool = createPool([captured('h0', LATER), captured('h1', NEWEST)], { accept: ['other-machine'] });
  const { issues } = pool.rewrite(guest(LINE, 'q35', 'qemu'), ON_ARRIVAL);
  expect(issues.filter(({ code }) => code === 'feature-not-expressible')).toEqual([
    expect.objectContaining({ withheld: true, unnamedOn: ['h1'], severity: 'error' }),
  ]);
});
