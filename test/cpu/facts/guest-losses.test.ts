// Tries lib/cpu/facts/consequences-capabilities.ts, lib/cpu/facts/consequences-controls.ts,
// lib/cpu/facts/consequences-immunities.ts and lib/cpu/facts/sources.ts as well.
import fc from 'fast-check';
import { COMBINATIONS } from '../../../lib/cpu/facts/combinations.ts';
import { factOf, FEATURE_FACTS } from '../../../lib/cpu/facts/consequences.ts';
import { isSecurityLoss, guestLosses } from '../../../lib/cpu/facts/guest-losses.ts';
import { mapOf } from '../../support/map.ts';

const NAMES = FEATURE_FACTS.map(({ feature }) => feature);
const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

/** Each loss in a line: cost, the rule if there is one, features. */
function linesOf(lost: string, kept: string): readonly string[] {
  return guestLosses({ lost: words(lost), kept: words(kept) }).map(
    ({ cost = 'rest', combination, features }) =>
      `${cost}: ${combination === undefined ? '' : `${combination}: `}${features.join(' ')}`,
  );
}

test.each<[string, string, string, readonly string[]]>([
  ['nothing', '', 'avx2', []],
  ['nothing that is known', 'clwb movdiri', '', []],
  [
    'the gravest first',
    'aes avx2 ssbd gds-no smep',
    '',
    ['security: smep', 'security: ssbd', 'boot: avx2', 'speed: aes', 'rest: gds-no'],
  ],
  ['Meltdown', 'rdctl-no pcid', '', ['speed: meltdown-without-pcid: rdctl-no pcid']],
  ['Meltdown with PCID', 'rdctl-no', 'pcid', ['speed: rdctl-no']],
  ['PCID alone', 'pcid', 'rdctl-no', ['speed: pcid']],
  [
    'TSX on a CPU safe from MDS',
    'taa-no tsx-ctrl',
    'rtm mds-no md-clear',
    ['security: tsx-open: taa-no tsx-ctrl'],
  ],
  ['TSX without microcode', 'taa-no', 'rtm', ['security: tsx-open-without-microcode: taa-no']],
  ['TSX with cleared buffers', 'tsx-ctrl', 'rtm md-clear', ['speed: tsx-cleared-only: tsx-ctrl']],
  ['TSX that can be turned off', 'taa-no', 'rtm tsx-ctrl mds-no', ['speed: taa-no']],
  ['no TSX', 'taa-no tsx-ctrl', 'mds-no', ['rest: taa-no', 'rest: tsx-ctrl']],
  [
    'no defence against Spectre v2',
    'spec-ctrl ibrs ibpb',
    '',
    ['security: spectre-v2-undefended: spec-ctrl ibrs ibpb'],
  ],
  ['Intel’s control in place of AMD’s', 'ibrs ibpb', 'spec-ctrl', ['rest: ibpb', 'rest: ibrs']],
  ['AMD’s controls in place of Intel’s', 'spec-ctrl', 'ibrs ibpb', ['rest: spec-ctrl']],
  ['half of AMD’s controls', 'ibrs', 'ibpb', ['security: ibrs']],
  [
    'spec-ctrl without STIBP',
    'stibp amd-stibp',
    'spec-ctrl',
    ['security: spec-ctrl-without-stibp: stibp amd-stibp'],
  ],
  ['STIBP by another name', 'amd-stibp', 'spec-ctrl stibp', ['rest: amd-stibp']],
  ['one name for SSBD of three', 'ssbd amd-ssbd', 'virt-ssbd', ['rest: amd-ssbd', 'rest: ssbd']],
  ['SSBD where it is not needed', 'ssbd', 'ssb-no', ['rest: ssbd']],
  [
    'Ice Lake and Sapphire Rapids',
    'fb-clear sbdr-ssdp-no fbsdp-no psdp-no',
    'arch-capabilities mds-no taa-no',
    ['security: stale-data-neither-immune-nor-defended: fb-clear sbdr-ssdp-no fbsdp-no psdp-no'],
  ],
  [
    'RFDS both ways',
    'rfds-no rfds-clear',
    '',
    ['security: register-file-neither-immune-nor-defended: rfds-clear rfds-no'],
  ],
  [
    'TSA both ways',
    'verw-clear tsa-sq-no',
    'tsa-l1-no',
    ['security: scheduler-neither-immune-nor-defended: verw-clear tsa-sq-no'],
  ],
  ['retpolines that leak', 'rsba ibrs-all', 'spec-ctrl', ['security: retpolines-not-enough: rsba ibrs-all']],
  [
    'two rules that share a feature',
    'spec-ctrl rsba ibrs-all',
    '',
    ['security: retpolines-not-enough: rsba ibrs-all', 'security: spectre-v2-undefended: spec-ctrl'],
  ],
  [
    'the register with all in it',
    'arch-capabilities rdctl-no mds-no rsba',
    'pcid',
    ['security: arch-capabilities mds-no rdctl-no rsba'],
  ],
  [
    'the register with immunities only',
    'arch-capabilities rdctl-no skip-l1dfl-vmentry',
    '',
    ['speed: arch-capabilities rdctl-no skip-l1dfl-vmentry'],
  ],
  [
    'the register, and a rule that reaches out of it',
    'arch-capabilities rdctl-no pcid mds-no',
    '',
    ['speed: arch-capabilities mds-no', 'speed: meltdown-without-pcid: rdctl-no pcid'],
  ],
  ['the register, empty', 'arch-capabilities', '', ['rest: arch-capabilities']],
  [
    'for guests in the guest',
    'flush-l1d pschange-mc-no',
    'vmx',
    ['security: flush-l1d', 'speed: pschange-mc-no'],
  ],
  [
    'without guests in the guest',
    'flush-l1d pschange-mc-no',
    '',
    ['rest: flush-l1d', 'rest: pschange-mc-no'],
  ],
  ['inverse bits', 'zero-fcs-fds fdp-excptn-only', '', ['rest: fdp-excptn-only', 'rest: zero-fcs-fds']],
])('%s', (_, lost, kept, expected) => {
  expect(linesOf(lost, kept)).toEqual(expected);
});

test('a loss says what covers it, and which flaws the register stands for', () => {
  expect(guestLosses({ lost: ['amd-ssbd'], kept: ['ssbd'] })[0]?.coveredBy).toEqual(['ssbd']);
  const [register] = guestLosses({ lost: ['arch-capabilities', 'rfds-clear', 'mds-no'], kept: [] });
  expect(register?.cve).toEqual(['CVE-2023-28746']);
});

test('every feature that is known is in exactly one loss, and costs come in order', () => {
  const order = ['security', 'boot', 'speed', undefined];
  fc.assert(
    fc.property(fc.subarray(NAMES), fc.subarray(NAMES), (lost, more) => {
      const kept = more.filter((name) => !lost.includes(name));
      const losses = guestLosses({ lost, kept });
      expect(losses.flatMap(({ features }) => features).sort()).toEqual([...lost].sort());
      const ranks = losses.map(({ cost }) => order.indexOf(cost));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    }),
  );
});

test('the order of what is lost does not matter', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(NAMES), (lost) => {
      expect(guestLosses({ lost, kept: [] })).toEqual(guestLosses({ lost: lost.toSorted(), kept: [] }));
    }),
  );
});

test('every duty that is lost with nothing to cover it is a loss of security', () => {
  const duties = FEATURE_FACTS.filter(({ kind }) => kind === 'duty');
  for (const { feature } of duties) {
    expect(guestLosses({ lost: [feature], kept: [] }).filter(isSecurityLoss)).toHaveLength(1);
  }
});

test('every rule names features of the maps and holds for what it asks', () => {
  const maps = ['9.0.0', '11.3.0', '12.8.0'].map((version) => mapOf(version));
  const known = new Set(maps.flatMap((map) => map.features.map(({ name }) => name)));
  for (const {
    combination,
    lost = [],
    lostOneOf = [],
    kept = [],
    notKept = [],
    cve = [],
    text,
  } of COMBINATIONS) {
    expect([...lost, ...lostOneOf, ...kept, ...notKept].filter((name) => !known.has(name))).toEqual([]);
    expect([...lost, ...lostOneOf].filter((name) => factOf(name) === undefined)).toEqual([]);
    expect(cve.filter((id) => !text.includes(id))).toEqual([]);
    const first = guestLosses({ lost: [...lost, ...lostOneOf], kept });
    expect(first.map((loss) => loss.combination)).toContain(combination);
  }
  expect(new Set(COMBINATIONS.map(({ combination }) => combination)).size).toBe(COMBINATIONS.length);
});
