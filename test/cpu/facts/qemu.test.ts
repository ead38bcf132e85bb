// Tries lib/cpu/facts/measured/properties.ts as well.
import { alwaysShown, setByMachine, shownUntil } from '../../../lib/cpu/facts/qemu-compat.ts';
import {
  isMeasuredQemu,
  qemuHasName,
  unnamedFeatures,
  unnamedProperties,
} from '../../../lib/cpu/facts/qemu-names.ts';
import { derivedByQemu, isWithheld, refusesDerivedFeatures } from '../../../lib/cpu/facts/qemu-topology.ts';
import { candidateMaps } from '../../../lib/cpu/bundled.ts';
import { indexOf } from '../../../lib/cpu/map.ts';

const AMD = { vendor: 'AMD', virtType: 'kvm' } as const;

describe('what domcapabilities omit and a guest is shown all the same', () => {
  test.each<[what: string, context: Parameters<typeof alwaysShown>[0], shown: readonly string[]]>([
    ['an old machine type', { ...AMD, qemuVersion: '11.1.3', machine: 'pc-q35-10.0' }, ['arch-capabilities']],
    ['its other family', { ...AMD, qemuVersion: '10.1.1', machine: 'pc-i440fx-6.2' }, ['arch-capabilities']],
    ['a new one', { ...AMD, qemuVersion: '11.1.3', machine: 'pc-q35-10.1' }, []],
    ['an older QEMU', { ...AMD, qemuVersion: '10.0.13', machine: 'pc-q35-10.0' }, []],
    ['emulation', { ...AMD, virtType: 'qemu', qemuVersion: '11.1.3', machine: 'pc-q35-10.0' }, []],
    ['Intel', { ...AMD, vendor: 'Intel', qemuVersion: '11.1.3', machine: 'pc-q35-10.0' }, []],
    ['a distribution', { ...AMD, qemuVersion: '11.1.3', machine: 'pc-q35-rhel9.6.0' }, ['arch-capabilities']],
    ['an alias', { ...AMD, qemuVersion: '11.1.3', machine: 'q35' }, ['arch-capabilities']],
    ['nothing known', { qemuVersion: '11.1.3' }, ['arch-capabilities']],
  ])('%s', (_, context, shown) => {
    expect(alwaysShown(context)).toEqual(shown);
  });

  test('it ends with the last machine type that QEMU sets so', () => {
    expect(shownUntil('arch-capabilities')).toBe('10.0');
    expect(shownUntil('avx2')).toBeUndefined();
  });
});

describe('what a machine type sets in a named model', () => {
  test.each<[model: string, machine: string | undefined, set: Readonly<Record<string, boolean>>]>([
    ['EPYC', 'pc-q35-4.0', {}],
    ['EPYC', 'pc-i440fx-3.1', { npt: false, 'nrip-save': false }],
    ['EPYC-v1', 'pc-q35-3.1', {}],
    ['Skylake-Server', 'pc-q35-3.1', { mpx: true }],
    ['Skylake-Server', 'pc-q35-3.0', { mpx: true, pku: false }],
    // An older type has another value than those after it.
    ['Opteron_G4', 'pc-q35-2.8', { npt: false, 'nrip-save': false, rdtscp: false, topoext: false }],
    ['Opteron_G4', 'pc-q35-2.4', { npt: false, 'nrip-save': false, rdtscp: true, topoext: false }],
    ['EPYC', 'pc-q35-rhel7.6.0', {}],
    ['EPYC', 'q35', {}],
    ['EPYC', undefined, {}],
  ])('%s on %s', (model, machine, set) => {
    // Switches that are no features are turned off as well.
    const names = new Set(
      candidateMaps({ from: '12.8.0', to: '12.8.0' }).flatMap((map) => indexOf(map).names),
    );
    const features = [...setByMachine(model, machine)].filter(([name]) => names.has(name));
    expect(Object.fromEntries(features)).toEqual(set);
  });
});

describe('what QEMU derives from the topology', () => {
  const several = { processorsPerSocket: 2 };
  const one = { processorsPerSocket: 1 };
  test.each<[feature: string, context: Parameters<typeof derivedByQemu>[1], shown: string]>([
    ['ht', { ...several, qemuVersion: '7.2.22' }, 'always'],
    ['ht', { ...several, qemuVersion: '10.0.13' }, 'always'],
    ['cmp_legacy', { ...several, qemuVersion: '7.2.22', vendor: 'AMD' }, 'always'],
    ['cmp_legacy', { ...several, qemuVersion: '11.1.3', vendor: 'AMD' }, 'always'],
    ['cmp_legacy', { ...several, qemuVersion: '11.1.3', vendor: 'Hygon' }, 'always'],
    ['cmp_legacy', { ...several, qemuVersion: '11.1.3', vendor: 'Intel' }, 'as-defined'],
    ['cmp_legacy', { ...several, qemuVersion: '7.2.22', vendor: 'Intel' }, 'as-defined'],
    ['cmp_legacy', { ...several, qemuVersion: '7.2.22', vendor: 'Zhaoxin CentaurHauls' }, 'always'],
    ['cmp_legacy', { ...several, qemuVersion: '10.0.13', vendor: 'Zhaoxin CentaurHauls' }, 'as-defined'],
    ['cmp_legacy', { ...several, qemuVersion: '11.1.3' }, 'unknown'],
    ['cmp_legacy', { ...one, qemuVersion: '7.2.22', virtType: 'qemu' }, 'never'],
    ['cmp_legacy', { ...one, qemuVersion: '7.2.22', virtType: 'kvm' }, 'as-defined'],
    ['cmp_legacy', { ...one, qemuVersion: '10.0.13', virtType: 'qemu' }, 'as-defined'],
    ['ht', { ...one, qemuVersion: '11.1.3', virtType: 'qemu' }, 'as-defined'],
    ['ht', { ...one, qemuVersion: '7.2.22', virtType: 'qemu' }, 'never'],
    ['ht', { ...one, qemuVersion: '11.1.3', virtType: 'kvm' }, 'unknown'],
    ['topoext', { ...several, qemuVersion: '11.1.3', vendor: 'AMD' }, 'as-defined'],
    ['avx2', { ...several, qemuVersion: '11.1.3' }, 'as-defined'],
  ])('%s in %j is shown %s', (feature, context, shown) => {
    expect(derivedByQemu(feature, context)).toBe(shown);
  });

  test.each<[libvirt: string, qemu: string, refuses: boolean]>([
    ['9.0.0', '7.2.22', false],
    ['11.3.0', '10.0.13', true],
    ['11.3.0', '11.1.3', true],
    ['11.9.0', '10.0.0', true],
    ['11.10.0', '10.0.13', false],
    ['12.8.0', '11.1.3', false],
  ])('libvirt %s with QEMU %s takes them for unasked: %s', (libvirt, qemu, refuses) => {
    expect(refusesDerivedFeatures(libvirt, qemu)).toBe(refuses);
  });

  test.each<[feature: string, libvirt: string | undefined, maps: readonly string[], isSo: boolean]>([
    ['cmp_legacy', '11.3.0', ['11.3.0'], false],
    ['cmp_legacy', '11.10.0', ['11.3.0', '12.8.0'], true],
    ['ht', '12.9.0', ['12.8.0'], true],
    ['topoext', '12.9.0', ['12.8.0'], false],
    ['cmp_legacy', undefined, ['9.0.0', '12.8.0'], true],
    ['cmp_legacy', undefined, ['9.0.0', '11.3.0'], false],
  ])('%s of libvirt %s (maps %j) is kept from QEMU: %s', (feature, libvirtVersion, maps, isSo) => {
    const cpuMaps = maps.flatMap((version) => candidateMaps({ from: version, to: version }));
    expect(isWithheld(feature, { libvirtVersion, cpuMaps })).toBe(isSo);
  });
});

describe('names that QEMU has', () => {
  const named = (version: string): ReadonlySet<string> =>
    new Set(
      candidateMaps({ from: version, to: version }).flatMap((map) => [...indexOf(map).features.keys()]),
    );

  test('a QEMU newer than its libvirt can show what that libvirt cannot name', () => {
    const unnamed = unnamedFeatures('11.1.3', named('11.3.0'));
    expect(unnamed).toEqual(expect.arrayContaining(['tsa-l1-no', 'tsa-sq-no', 'its-no', 'cet-ss']));
    expect(unnamed).not.toContain('avx10');
  });

  test.each<[qemu: string, libvirt: string, unnamed: readonly string[]]>([
    ['7.2.22', '9.0.0', ['full-width-write']],
    ['10.0.13', '11.3.0', ['bhi-no', 'full-width-write']],
    ['11.1.3', '12.8.0', ['full-width-write']],
  ])('QEMU %s beside libvirt %s', (qemu, libvirt, unnamed) => {
    expect(unnamedFeatures(qemu, named(libvirt))).toEqual(unnamed);
  });

  test('a property is compared with libvirt’s names by its own spelling', () => {
    const properties = unnamedProperties('11.1.3', named('9.0.0'));
    expect(properties).toEqual(
      expect.arrayContaining(['amd-psfd', 'succor', 'kvm-asyncpf-vmexit', 'vmx-ept']),
    );
    expect(properties).not.toEqual(expect.arrayContaining(['pclmulqdq']));
    expect(unnamedProperties('7.2.22', named('11.3.0'))).not.toContain('vmx-invept-single-context-noglobals');
  });

  test.each<[qemu: string, measured: boolean]>([
    ['7.2', true],
    ['10.0.0', true],
    ['10.1.0', false],
    ['12.0.0', false],
  ])('QEMU %s was measured: %s', (qemu, measured) => {
    expect(isMeasuredQemu(qemu)).toBe(measured);
  });

  test.each<[qemu: string, feature: string, has: string]>([
    ['7.2.22', 'avx2', 'yes'],
    ['7.2.22', 'lahf_lm', 'yes'],
    ['6.2.0', 'vmx-ept', 'maybe'],
    ['7.2.22', 'cvt16', 'no'],
    ['7.2.22', 'cmpccxadd', 'no'],
    ['8.2.0', 'cmpccxadd', 'maybe'],
    ['10.0.13', 'cmpccxadd', 'yes'],
    ['10.0.13', 'tsa-l1-no', 'no'],
    ['10.1.0', 'tsa-l1-no', 'maybe'],
    ['11.1.3', 'tsa-l1-no', 'yes'],
    ['6.2.0', 'cmpccxadd', 'no'],
  ])('QEMU %s has a property for %s: %s', (qemu, feature, has) => {
    expect(qemuHasName(qemu, feature)).toBe(has);
  });
});
