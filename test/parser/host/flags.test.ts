// Tries lib/parser/host/cpuid-text.ts, lib/parser/host/cpuinfo.ts, lib/parser/host/incus.ts,
// lib/parser/host/listed.ts and lib/parser/host/lscpu.ts as well.
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { baselineCpu } from '../../../lib/diff/pool/baseline-cpu.ts';
import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { refusalOf, told } from '../../support/findings.ts';

const nine = { libvirtVersion: '9.0.0' };
/** What every guest has under KVM, and is read into every list of flags. */
const GIVEN = ['arat', 'hypervisor', 'tsc-deadline', 'tsc_adjust', 'x2apic'];

const cpuinfo = (flags: string, vendor = 'GenuineIntel', processor = 0): string =>
  `processor\t: ${processor}\nvendor_id\t: ${vendor}\ncpu family\t: 6\nmodel\t\t: 85\nstepping\t: 7\nmicrocode\t: 0x5003604\nflags\t\t: ${flags}\naddress sizes\t: 46 bits physical, 48 bits virtual\n\n`;
const lscpu = (flags: string): string =>
  `Architecture:                       x86_64\n  CPU op-mode(s):                   32-bit, 64-bit\n  Address sizes:                    46 bits physical, 48 bits virtual\nVendor ID:                          GenuineIntel\n  Model name:                       Intel(R) Xeon(R)\n    CPU family:                     6\n    Model:                          85\n    Stepping:                       7\n    Flags:                          ${flags}\n`;
const lscpuJson = (flags: string): string =>
  JSON.stringify({
    lscpu: [
      {
        field: 'Architecture:',
        data: 'x86_64',
        children: [{ field: 'Address sizes:', data: '46 bits physical' }],
      },
      {
        ...{ field: 'Vendor ID:', data: 'GenuineIntel' },
        children: [
          { field: 'CPU family:', data: '6' },
          { field: 'Model:', data: '85' },
          { field: 'Stepping:', data: '7' },
          { field: 'Flags:', data: flags },
        ],
      },
    ],
  });
const resources = (flags: readonly string[]): object => ({
  cpu: {
    architecture: 'x86_64',
    sockets: [{ vendor: 'GenuineIntel', address_sizes: { physical_bits: 46 }, cores: [{ core: 0, flags }] }],
  },
});

describe('the flags of Linux are read in libvirt’s names, with what every guest has and without what none gets', () => {
  const flags = 'fpu vme sse4_1 pclmulqdq ibrs ibpb stibp constant_tsc est acpi vnmi';
  const features = [...GIVEN, 'fpu', 'pclmuldq', 'spec-ctrl', 'sse4.1', 'stibp', 'vme'].sort();

  test.each<[string, string, string, ParseHostOptions]>([
    ['/proc/cpuinfo', 'cpuinfo', cpuinfo(flags) + cpuinfo(flags, 'GenuineIntel', 1), {}],
    ['/proc/cpuinfo with Windows line ends', 'cpuinfo', cpuinfo(flags).replaceAll('\n', '\r\n'), {}],
    ['lscpu', 'lscpu', lscpu(flags), {}],
    ['lscpu -J', 'lscpu', lscpuJson(flags), {}],
    ['the resources of Incus', 'incus', JSON.stringify(resources(flags.split(' '))), {}],
    ['the API’s answer with them', 'incus', JSON.stringify({ metadata: resources(flags.split(' ')) }), {}],
    [
      'the capabilities of VDSM',
      'vdsm',
      JSON.stringify({
        cpuFlags: `${flags.replaceAll(' ', ',')},model_Nehalem`,
        cpuModel: 'Intel(R) Xeon(R)',
      }),
      {},
    ],
  ])('%s', (_, source, text, options) => {
    const host = parseHost(text, { name: 'a', ...nine, ...options });
    expect(host).toMatchObject({
      name: 'a',
      source,
      grade: 'C',
      arch: 'x86_64',
      vendor: source === 'vdsm' ? 'Intel' : 'Intel',
      features,
    });
    expect(told(host.issues)).toEqual(['warning weak-source [a]']);
  });

  test('what they cannot show is silent, what they could is lacking', () => {
    const { silent } = parseHost(cpuinfo(flags), nine);
    const unseen = ['rdctl-no', 'umip', 'core-capability', 'ibpb'];
    expect(unseen.filter((name) => !silent.includes(name))).toEqual([]);
    expect(['avx', 'hypervisor', 'fpu'].filter((name) => silent.includes(name))).toEqual([]);
  });
});

test('/proc/cpuinfo and lscpu tell the processor', () => {
  const processor = { family: 6, model: 85, stepping: 7, physicalAddressBits: 46 };
  expect(parseHost(cpuinfo('fpu')).processor).toEqual({
    ...processor,
    microcode: '83899908',
    tsc: undefined,
  });
  expect(parseHost(lscpu('fpu')).processor).toMatchObject(processor);
  expect(parseHost(lscpuJson('fpu')).processor).toMatchObject(processor);
});

test('of processors that differ, what all have counts', () => {
  const text = cpuinfo('fpu avx avx512f') + cpuinfo('fpu avx', 'GenuineIntel', 1);
  expect(parseHost(text, nine).features).toEqual([...GIVEN, 'avx', 'fpu'].sort());
});

test.each([
  ['AMD', 'AuthenticAMD', 'ibpb stibp ssbd', ['amd-stibp', 'ibpb']],
  ['a vendor nobody knows', 'Genuine  RDC', 'ibpb stibp fpu', ['fpu']],
])('made-up flags mean what they mean on %s', (_, vendor, flags, expected) => {
  expect(parseHost(cpuinfo(flags, vendor), nine).features).toEqual([...GIVEN, ...expected].sort());
});

test.each([
  ['/proc/cpuinfo', cpuinfo('fpu avx') + cpuinfo('fpu sse', 'AuthenticAMD')],
  ['/proc/cpuinfo with prompts', `$ cat /proc/cpuinfo\n${cpuinfo('fpu avx')}$ ssh b\n${cpuinfo('fpu sse')}`],
  ['lscpu', lscpu('fpu avx') + lscpu('fpu sse')],
])('machines in a row are hosts each: %s', (_, text) => {
  const hosts = parseHosts(text, { ...nine, name: 'a' });
  expect(hosts.map(({ name, features }) => [name, features])).toEqual([
    ['a#1', [...GIVEN, 'avx', 'fpu'].sort()],
    ['a#2', [...GIVEN, 'fpu', 'sse'].sort()],
  ]);
});

describe('flags that a terminal broke into lines are whole', () => {
  const all = [...GIVEN, 'avx', 'fpu', 'sse', 'vme'].sort();
  const below = (...lines: readonly string[]): string => lscpu(lines.join(`\n${' '.repeat(36)}`));

  test.each([
    ['within a word', below('fpu vm', 'e avx ', 'sse')],
    ['between words, with a blank cut off', below('fpu vme', 'avx sse ', 'arat')],
    ['between words, where a blank begins the next line', below('fpu vme', ' avx ss', 'e')],
    ['between words, as they fit', below('fpu vme', 'avx', 'sse')],
    ['with Windows line ends', below('fpu vm', 'e avx ', 'sse').replaceAll('\n', '\r\n')],
    ['of /proc/cpuinfo, at the beginning of the next', cpuinfo('fpu vme av\nx sse')],
  ])('%s', (_, text) => {
    expect(parseHost(text, nine).features).toEqual(all);
  });
});

test.each([
  ['a /proc/cpuinfo that was cut off', cpuinfo('x').slice(0, 60)],
  ['an old lscpu', lscpu('').replace(/ *Flags:.*\n/, '')],
  ['oVirt on POWER', '{"cpuFlags": "powernv,model_POWER9", "cpuModel": "POWER9"}'],
])('without a flag of x86 is no host: %s', (_, text) => {
  expect(refusalOf(() => parseHost(text, nine))).toBe('no-cpu-model 1:1');
});

describe('a vendor that libvirt does not know is another one all the same', () => {
  const r = (leaf: string, ebx: string, ecx: string, edx: string): string =>
    `   0x${leaf} 0x00: eax=0x000506e3 ebx=0x${ebx} ecx=0x${ecx} edx=0x${edx}\n`;
  const zhaoxin =
    r('00000000', '68532020', '20206961', '68676e61') + r('00000001', '00000000', '00000000', '00000001');

  test.each([
    ['/proc/cpuinfo', cpuinfo('fpu', '  Shanghai  ')],
    ['cpuid', zhaoxin],
    [
      'cpudata',
      `<cpudata arch='x86'>${zhaoxin.replaceAll(/ *0x(\w+) 0x00: eax=0x(\w+) ebx=0x(\w+) ecx=0x(\w+) edx=0x(\w+)\n/g, "<cpuid eax_in='0x$1' ecx_in='0x00' eax='0x$2' ebx='0x$3' ecx='0x$4' edx='0x$5'/>")}</cpudata>`,
    ],
    [
      'QEMU',
      '{"return": {"model": {"name": "host", "props": {"vendor": "  Shanghai  ", "fpu": true, "avx": false}}}}',
    ],
  ])('%s', (_, text) => {
    const host = parseHost(text, { name: 'z', ...nine });
    expect(host.vendor).toBe('Shanghai');
    const { issues } = diffHosts([host, parseHost(cpuinfo('fpu'), { name: 'i', ...nine })]);
    expect(told(issues)).toContain('error vendor-mismatch [i,z]');
    // libvirt would refuse the name of one.
    expect(baselineCpu([host], nine).vendor).toBeUndefined();
  });
});

test('a vendor that only a newer libvirt knows is the same on hosts of both', () => {
  const host = (name: string, libvirtVersion: string): Host =>
    parseHost(cpuinfo('fpu', 'CentaurHauls'), { name, libvirtVersion });
  expect(diffHosts([host('a', '9.0.0'), host('b', '12.8.0')]).vendor).toBe('Zhaoxin CentaurHauls');
});

test('the flags alone are enough', () => {
  expect(parseHost('flags\t\t: fpu vme avx\n', nine)).toMatchObject({ source: 'cpuinfo', vendor: undefined });
});

describe('other architectures', () => {
  const arm = (part: string): string =>
    `processor\t: 0\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\nCPU variant\t: 0x3\nCPU part\t: ${part}\nCPU revision\t: 1\n`;

  test('aarch64 has flags that no feature line can name, and the parts of its identity', () => {
    expect(parseHost(arm('0xd0c'))).toMatchObject({
      ...{ arch: 'aarch64', features: undefined, unnamed: ['asimd', 'fp', 'sve'] },
      properties: { 'cpu implementer': 0x41, 'cpu variant': 3, 'cpu part': 0xd0c, 'cpu revision': 1 },
    });
  });

  test.each([
    ['riscv64', 'processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc_sstc\nmmu\t\t: sv39\n'],
    ['loongarch64', 'processor\t\t: 0\nISA\t\t\t: loongarch32 loongarch64\nFeatures\t\t: cpucfg lam fpu\n'],
    ['armv7l', arm('0xd03').replace('CPU variant', 'CPU architecture: 7\nCPU variant')],
    ['aarch64', arm('0xd03').replace('CPU variant', 'CPU architecture: 8\nCPU variant')],
  ])('%s is told from others', (arch, text) => {
    expect(parseHost(text)).toMatchObject({ arch, features: undefined });
  });

  const power = (cpu: string): string =>
    `processor\t: 0\ncpu\t\t: ${cpu}, altivec supported\nrevision\t: 2.2\n`;

  test.each([
    ['POWER9 (architected)', 'POWER9'],
    ['POWER7+ (raw)', 'POWER7'],
    ['POWER8E (raw)', 'POWER8'],
    ['POWER8NVL (raw)', 'POWER8'],
  ])('POWER has a level: %s', (cpu, model) => {
    expect(parseHost(power(cpu))).toMatchObject({ arch: 'ppc64le', model, vendor: 'IBM', features: [] });
  });

  test.each(['POWER99', 'POWER8X'])('%s is no level', (cpu) => {
    expect(refusalOf(() => parseHost(power(cpu)))).toBe('unknown-model 1:1');
  });

  test('s390x has nothing that could be compared', () => {
    const host = parseHost('vendor_id       : IBM/S390\n# processors    : 2\nfeatures\t: esan3 zarch\n', {
      name: 's',
    });
    expect([host.arch, host.features, ...told(host.issues)]).toEqual([
      's390x',
      undefined,
      'error unknown-presence [s]',
    ]);
  });
});

test('resources without flags are refused', () => {
  const text = JSON.stringify({ cpu: { architecture: 'x86_64', sockets: [{ cores: [{ core: 0 }] }] } });
  expect(refusalOf(() => parseHost(text))).toBe('no-cpu-model 1:1');
});

test('as one host they have what all have, and are silent where one is', () => {
  const { features, silent, grade } = parseHost(lscpuJson('fpu') + lscpuJson('fpu avx'), nine);
  expect([features, silent.includes('umip'), grade]).toEqual([[...GIVEN, 'fpu'].sort(), true, 'C']);
});

test('several documents in one text are several hosts', () => {
  const hosts = parseHosts(lscpuJson('fpu') + lscpuJson('fpu avx'), { name: 'a' });
  expect(hosts.map(({ name }) => name)).toEqual(['a#1', 'a#2']);
});

describe('raw CPUID', () => {
  const r = (leaf: string, eax: string, ebx: string, ecx: string, edx: string): string =>
    `   0x${leaf} 0x00: eax=0x${eax} ebx=0x${ebx} ecx=0x${ecx} edx=0x${edx}\n`;
  const leaves =
    r('00000000', '0000000d', '756e6547', '6c65746e', '49656e69') +
    r('00000001', '000506e3', '00100800', '00000001', '00000003');

  test.each([
    ['cpuid -r', `CPU 0:\n${leaves}CPU 1:\n${leaves}`],
    ['an old cpuid -r', `CPU 0:\n${leaves.replaceAll(' 0x00: eax', ': eax')}`],
    [
      'a dump of InstLatX64',
      'CPUID 00000000: 0000000D-756E6547-6C65746E-49656E69 [GenuineIntel]\nCPUID 00000001: 000506E3-00100800-00000001-00000003\n',
    ],
  ])('%s', (_, text) => {
    expect(parseHost(text, { name: 'x', ...nine })).toMatchObject({
      ...{ name: 'x', source: 'cpuid', grade: 'C', vendor: 'Intel', features: ['fpu', 'pni', 'vme'] },
      processor: { family: 6, model: 94, stepping: 3 },
    });
  });

  test('of processors that differ, what all have counts', () => {
    const text = `CPU 0:\n${leaves}CPU 1:\n${leaves.replace('edx=0x00000003', 'edx=0x00000001')}`;
    expect(parseHost(text, nine).features).toEqual(['fpu', 'pni']);
  });

  test('of unlike CPUs is refused', () => {
    const text = leaves + leaves.replace('0x000506e3', '0x000506e4');
    expect(refusalOf(() => parseHost(text, nine))).toBe('vendor-mismatch 1:1');
  });

  test('without its first leaves is refused', () => {
    expect(
      refusalOf(() =>
        parseHost(
          `CPU 0:\n${r('00000007', '0', '0', '0', '0').replaceAll('=0x0 ', '=0x00000000 ').replace('edx=0x0', 'edx=0x00000000')}`,
        ),
      ),
    ).toBe('no-cpu-model 1:1');
  });
});
