import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import { parseVirtioFeatures } from '../../../lib/parser/host/virtio.ts';
import { errorOf, refusalOf } from '../../support/findings.ts';
import { domcapabilities } from '../../support/host.ts';

/** So many that what grows with their square would not come to an end. */
const MANY = 25_000;
const V9 = { libvirtVersion: '9.0.0' };
const lines = (of: (i: number) => string, count = MANY): string =>
  Array.from({ length: count }, (_, i) => of(i)).join('');
const cpu = (inner: string): string => `<cpu><arch>x86_64</arch><model>486</model>${inner}</cpu>`;
const withModels = (custom: string): string => domcapabilities(['avx'], { custom });

describe('many of a kind are read in time', () => {
  test.each<[string, string]>([
    ['models', withModels(lines((i) => `<model>m-${i}</model>`))],
    ['models between what looks like more', withModels(lines((i) => `<model>m-${i}</model><!-- <model -->`))],
    ['blockers', withModels(lines((i) => `<blockers model='m-${i}'><feature name='f-${i}'/></blockers>`))],
    ['children that mean nothing', cpu(lines((i) => `<c-${i}/>`))],
    ['elements in namespaces', cpu(lines(() => "<feature xmlns='urn:x' name='avx'/>"))],
    ['comments in front', `${lines(() => '<!-- <?virt-migratable -->')}${cpu('')}`],
    ['notes in front', `${lines((i) => `<?virt-migratable libvirt='9.0.${i}'?>`)}${cpu('')}`],
    ['letters in a note', `<?virt-migratable ${'a'.repeat(MANY * 10)}?>${cpu('')}`],
    ['documents', lines(() => cpu("<feature name='avx'/>"))],
  ])('%s', (_, text) => {
    const [first] = parseHosts(text, V9);
    expect(first?.features).toContain('fpu');
  });

  test('documents of one name, each beside another', () => {
    const identity =
      '<capabilities><host><cpu><arch>x86_64</arch><model>486</model></cpu></host></capabilities>';
    const hosts = parseHosts(
      lines((i) => (i % 2 === 0 ? identity : domcapabilities([])), 4000),
      V9,
    );
    expect(hosts).toHaveLength(4000);
  });

  test('hosts of one text as one host', () => {
    const host = parseHost(
      lines((i) => cpu(i % 2 === 0 ? "<feature name='avx'/>" : '')),
      V9,
    );
    expect([host.features, host.uncertain, host.issues.length]).toEqual([['fpu', 'pse', 'vme'], ['avx'], 1]);
  });

  test('names of Arm and s390x, which no map checks', () => {
    const text = (name: (i: number) => string): string =>
      `<cpu><arch>aarch64</arch><model>m</model>${lines((i) => `<feature name='${name(i)}'/>`)}</cpu>`;
    expect(parseHost(text((i) => `f-${i}`)).unnamed).toHaveLength(MANY);
    expect(errorOf(() => parseHost(text((i) => `f-${i % (MANY - 1)}`)))?.code).toBe('duplicate-feature');
  });

  test('properties of a QMP answer', () => {
    const props = lines((i) => `"p-${i}": true, `);
    expect(parseHost(`{"return": {"model": {"props": {${props}"avx": true}}}}`, V9).unnamed).toHaveLength(
      MANY,
    );
  });

  test('answers of virtio devices', () => {
    const answers = lines((i) => `{"virtio-net": ["f-${i}"]}\n`);
    expect(parseVirtioFeatures(answers).offered['virtio-net']).toHaveLength(MANY);
    expect(refusalOf(() => parseVirtioFeatures(`${':'.repeat(MANY * 4)}\u2028x\r`))).toBe('bad-virtio 1:1');
  });
});

describe('many of a kind are refused in time, at the first', () => {
  test.each<[string, string, string]>([
    ['unknown features', cpu(lines((i) => `\n<feature name='no-${i}'/>`)), 'unknown-feature 2:1'],
    [
      'features given twice',
      cpu(lines((i) => `\n<feature name='${i === 0 ? 'avx' : 'aes'}'/>`)),
      'duplicate-feature 4:1',
    ],
    ['features without a name', cpu(lines(() => '\n<feature/>')), 'bad-feature-name 2:1'],
    ['a name as long as a book', cpu(`\n<feature name='${'x'.repeat(MANY * 40)}'/>`), 'unknown-feature 2:1'],
    [
      'a model as long as a book',
      `<cpu><arch>x86_64</arch>\n<model>${'x'.repeat(MANY * 40)}</model></cpu>`,
      'unknown-model 2:1',
    ],
  ])('%s', (_, text, expected) => {
    expect(refusalOf(() => parseHost(text, V9))).toBe(expected);
  });
});

describe('what stands in a comment or a value steers nothing', () => {
  /** Skylake-Client lost mpx after 9.0.0, so what the model means tells which version the reader settled on. */
  const text = (inner: string): string =>
    domcapabilities([], { model: 'Skylake-Client', custom: `<model usable='yes'>486</model>${inner}` });
  const mapsOf = (xml: string): readonly string[] => parseHost(xml).cpuMaps.map(({ version }) => version);
  const PLAIN = mapsOf(text(''));

  test.each([
    ['a canonical model', "<!-- <model canonical='EPYC-v1'>EPYC</model> -->"],
    ['a versioned model', '<!--EPYC-v2</model>-->'],
    ['blockers', "<!-- <blockers model='EPYC'/> -->"],
    ['a VMX feature', "<!-- <feature name='vmx-ept'/> -->"],
    ['a canonical model in CDATA', "<![CDATA[<model canonical='EPYC-v1'>]]>"],
    ['a canonical model in a value', `<model usable='yes' vendor="x canonical='y'">EPYC</model>`],
    ['an element that only begins so', "<blockersx model='EPYC'/>"],
    ['an instruction', "<?x <model canonical='EPYC-v1'> ?>"],
  ])('%s', (_, inner) => {
    expect(mapsOf(text(inner))).toEqual(PLAIN);
  });

  test.each([
    ['a canonical model', "<model usable='yes' canonical='EPYC-v1'>EPYC</model>"],
    ['a versioned model', "<model usable='yes'>EPYC-v2</model>"],
  ])('%s itself does', (_, inner) => {
    expect(mapsOf(text(inner))).toEqual(['11.3.0', '12.8.0']);
  });
});
