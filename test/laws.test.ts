// Tries lib/cpu/qemu-properties.ts, lib/text/made.ts, lib/text/remembered.ts and lib/text/tallied.ts as well.
import fc from 'fast-check';
import { candidateMaps } from '../lib/cpu/bundled.ts';
import { featuresOfModel, indexOf } from '../lib/cpu/map.ts';
import { CORE, FILTERED, NOT_MIGRATABLE, TOPOLOGY_OWNED } from '../lib/cpu/names.ts';
import { diffHosts } from '../lib/diff/pool/baseline.ts';
import { hasErrors, isLibvirtXmlError } from '../lib/issues/issues.ts';
import { parseDomain } from '../lib/parser/domain/domain.ts';
import { parseHost } from '../lib/parser/host/host.ts';
import { disableFeatures } from '../lib/rewrite.ts';
import { rewriteView } from './support/rewrite.ts';
import { applyEdits } from '../lib/text/edit.ts';
import type { DomainFeature, FeaturePolicy } from '../types/domain.ts';
import type { Host } from '../types/host.ts';
import type { DomainPlan } from '../types/plan.ts';
import type { Edit } from '../types/xml.ts';
import { domainXml, guests, PLAIN, styles, type Guest, type Style } from './support/domains.ts';
import { factOf } from './support/findings.ts';

const [MAP] = candidateMaps({ from: '9.0.0', to: '9.0.0' });
const IN_486 = new Set(MAP === undefined ? [] : featuresOfModel(indexOf(MAP), '486'));
const SPECIAL = [CORE, FILTERED, TOPOLOGY_OWNED, NOT_MIGRATABLE, IN_486];

/** Names that every guest notices and can do without: every eighth, so that two draws often meet. */
const NAMES = (MAP?.features ?? [])
  .map(({ name }) => name)
  .filter((name, i) => i % 8 === 0 && !SPECIAL.some((set) => set.has(name)));

const sorted = (names: Iterable<string>): string[] => [...names].sort();
const namesArbitrary = fc.subarray(NAMES);

test('the laws are tried on enough names', () => {
  expect(NAMES.length).toBeGreaterThan(15);
});

const ANY_POLICY = ['force', 'require', 'optional', 'disable', 'forbid', undefined] as const;
const NO_DEMAND = ['optional', 'disable', 'forbid'] as const;

const featuresIn = (xml: string): readonly DomainFeature[] => parseDomain(xml).cpu?.features ?? [];
const namesIn = (xml: string): string[] => featuresIn(xml).map(({ name }) => name);
const offIn = (xml: string): Set<string> =>
  new Set(featuresIn(xml).flatMap(({ name, policy }) => (/disable|forbid/.test(policy) ? [name] : [])));

/** A host of libvirt 9.0.0, or of one whose version nobody stated, with these features beside those of a 486. */
function hostOf(name: string, features: readonly string[], libvirtVersion?: string): Host {
  const list = features.map((feature) => `<feature name='${feature}'/>`).join('');
  const xml = `<cpu><arch>x86_64</arch><model>486</model>${list}</cpu>`;
  return parseHost(xml, { name, ...(libvirtVersion !== undefined && { libvirtVersion }) });
}

function pools(
  minLength: number,
  versions: readonly (string | undefined)[] = ['9.0.0'],
): fc.Arbitrary<Host[]> {
  return fc
    .array(fc.tuple(namesArbitrary, fc.constantFrom(...versions)), { minLength, maxLength: 5 })
    .map((hosts) => hosts.map(([features, version], i) => hostOf(`host-${i}`, features, version)));
}

const ANY_VERSION = ['9.0.0', '11.3.0', '12.8.0', undefined];

describe('any string is read or refused by a LibvirtXmlError', () => {
  const domain = `<domain type='kvm'><name>a</name><cpu mode='custom'><model>486</model>
    <feature policy='disable' name='pcid'/><feature name='avx2'/></cpu></domain>`;
  const caps = `<domainCapabilities><path>/usr/bin/qemu</path><domain>kvm</domain><arch>x86_64</arch><cpu>
    <mode name='host-model' supported='yes'><model fallback='forbid'>486</model><feature policy='require' name='avx2'/>
    </mode></cpu></domainCapabilities>`;
  const host = `<capabilities><host><uuid>u</uuid><cpu><arch>x86_64</arch><model>486</model><vendor>Intel</vendor>
    <feature name='pcid'/></cpu></host></capabilities>`;
  const PIECES = [domain, caps, host, '<cpu><arch>x86_64</arch><model>486</model></cpu>'];
  const tokens = PIECES.join('').match(/<\/?\w+|\w+='[^']*'|[^<>]+|\/?>/g) ?? [];
  const oddities =
    `<!-- --> <![CDATA[ ]]> <?x ?> &amp; &#0; &x; & <!DOCTYPE \0 \ud800 \ufeff é \u{1f600} = ' " < </ xmlns='y' <a
    __proto__ constructor='' name="" policy='x' mode='x' mode='host-model'`.split(/ |\n +/);
  const fragments = fc
    .array(fc.constantFrom(...tokens, ...oddities, ' ', '\r\n'), { maxLength: 25 })
    .map((list) => list.join(''));
  const damaged = fc
    .tuple(
      fc.constantFrom(...PIECES),
      fc.nat(400),
      fc.nat(12),
      fc.oneof(fragments, fc.constantFrom(...PIECES, '')),
    )
    .map(([text, at, length, instead]) => text.slice(0, at) + instead + text.slice(at + length));
  const anything = fc.string({ unit: 'binary', maxLength: 40 });

  const refusedAt = (parse: (text: string) => unknown, text: string): number => {
    try {
      parse(text);
      return -1;
    } catch (error) {
      if (isLibvirtXmlError(error)) return error.offset;
      throw error;
    }
  };

  test.each<[string, fc.Arbitrary<string>]>([
    ['anything', anything],
    ['anything in an element', anything.map((text) => `<domain>${text}</domain>`)],
    ['fragments', fragments],
    ['damaged documents', damaged],
  ])('%s', (_, texts) => {
    fc.assert(
      fc.property(texts, fc.constantFrom(parseDomain, parseHost), (text, parse) => {
        expect(refusedAt(parse, text)).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('disableFeatures', () => {
  const check = (
    law: (text: string, names: readonly string[], style: Style, guest: Guest) => void,
    policies: readonly (FeaturePolicy | undefined)[] = NO_DEMAND,
  ): void => {
    fc.assert(
      fc.property(guests(NAMES, policies), styles, namesArbitrary, (guest, style, names) => {
        law(domainXml(guest, style), names, style, guest);
      }),
      { numRuns: 400 },
    );
  };

  test('twice is once', () => {
    check((text, names) => {
      const once = disableFeatures(text, names);
      expect(disableFeatures(once.xml, names)).toEqual({ ...once, edits: [] });
    }, ANY_POLICY);
  });

  test('its edits make the result, and nothing else differs', () => {
    check((text, names) => {
      const { xml, edits } = disableFeatures(text, names);
      expect(applyEdits(text, edits)).toBe(xml);
      expect(remainder(xml, written(edits))).toBe(remainder(text, edits));
    }, ANY_POLICY);
  });

  test('what is off is what was off and what was asked for, however the domain looks', () => {
    check((text, names, _, guest) => {
      const { xml } = disableFeatures(text, names);
      expect(offIn(xml)).toEqual(new Set([...offIn(text), ...names]));
      expect(offIn(disableFeatures(domainXml(guest, PLAIN), names).xml)).toEqual(offIn(xml));
    });
  });

  test("the user's features come first and unmoved, new ones behind them and sorted, none twice", () => {
    check((text, names) => {
      const { xml } = disableFeatures(text, names);
      const users = namesIn(text);
      expect(namesIn(xml)).toEqual([...users, ...sorted(names.filter((name) => !users.includes(name)))]);
    });
  });

  test('only optional features are changed, and lines are added in one place', () => {
    check((text, names) => {
      const { edits } = disableFeatures(text, names);
      const optional = featuresIn(text).filter(
        ({ name, policy }) => policy === 'optional' && names.includes(name),
      );
      const values = edits.filter(({ text: written }) => written === 'disable');
      expect(values.map(({ start, end }) => ({ start, end }))).toEqual(
        optional.map((found) => found.policyValue),
      );
      expect(edits.length - values.length).toBe(names.every((name) => namesIn(text).includes(name)) ? 0 : 1);
    });
  });

  test('new lines look as their neighbours do: same quotes, same line breaks', () => {
    check((text, names, { quote, newline }) => {
      const inserted = disableFeatures(text, names).edits.map((edit) => edit.text);
      expect(inserted.join('')).not.toContain(quote === '"' ? "'" : '"');
      for (const [found] of inserted.join('').matchAll(/\r\n|\n|\r/g)) expect(found).toBe(newline);
    });
  });

  test('a feature that the domain demands is left alone, and so is everything else', () => {
    check((text, names) => {
      const demanded = featuresIn(text).filter(
        ({ name, policy }) => /force|require/.test(policy) && names.includes(name),
      );
      const { xml, edits, issues } = disableFeatures(text, names);
      expect(issues.map((one) => [one.code, factOf(one, 'feature')])).toEqual(
        demanded.map(({ name }) => ['policy-conflict', name]),
      );
      expect(demanded.length === 0 || (xml === text && edits.length === 0)).toBe(true);
    }, ANY_POLICY);
  });
});

/** A text without what these edits replace. */
const remainder = (text: string, edits: readonly Edit[]): string =>
  applyEdits(
    text,
    edits.map((edit) => ({ ...edit, text: '' })),
  );

/** The edits' own text, by its place in the result. */
function written(edits: readonly Edit[]): readonly Edit[] {
  let shift = 0;
  return edits.map(({ start, end, text }) => {
    const at = start + shift;
    shift += text.length - (end - start);
    return { start: at, end: at + text.length, text };
  });
}

describe('diffHosts', () => {
  test('the order of hosts changes nothing', () => {
    const orders = pools(2, ANY_VERSION).chain((pool) =>
      fc.tuple(fc.constant(pool), fc.shuffledSubarray(pool, { minLength: pool.length })),
    );
    fc.assert(
      fc.property(orders, ([pool, shuffled]) => {
        expect(diffHosts(shuffled)).toEqual(diffHosts(pool));
      }),
    );
  });

  test('a host given twice changes nothing in common', () => {
    fc.assert(
      fc.property(pools(1, ANY_VERSION), fc.nat(), (pool, which) => {
        const again = pool.slice(which % pool.length).slice(0, 1);
        expect(diffHosts([...pool, ...again]).common).toEqual(diffHosts(pool).common);
      }),
    );
  });

  test('one host more never adds a feature', () => {
    fc.assert(
      fc.property(pools(2, ANY_VERSION), ([host, ...others]) => {
        const before = new Set(diffHosts(others).common);
        const after = diffHosts(host === undefined ? others : [host, ...others]).common;
        expect(after.filter((name) => !before.has(name))).toEqual([]);
      }),
    );
  });

  test('every loss names each host once, and one that lacks it or may', () => {
    fc.assert(
      fc.property(pools(1, ANY_VERSION), (pool) => {
        for (const { presentOn, missingOn, unknownOn } of diffHosts(pool).losses) {
          expect(missingOn.length + unknownOn.length).toBeGreaterThan(0);
          expect(sorted([...presentOn, ...missingOn, ...unknownOn])).toEqual(
            sorted(pool.map(({ name }) => name)),
          );
        }
      }),
    );
  });

  test('what three have in common is the intersection, however it is grouped', () => {
    fc.assert(
      fc.property(namesArbitrary, namesArbitrary, namesArbitrary, (a, b, c) => {
        const hosts = [a, b, c].map((features, i) => hostOf(`host-${i}`, features, '9.0.0'));
        const both = a.filter((name) => b.includes(name));
        const common = sorted([...IN_486, ...both.filter((name) => c.includes(name))]);
        expect(diffHosts(hosts).common).toEqual(common);
        expect(diffHosts([hostOf('both', both, '9.0.0'), ...hosts.slice(2)]).common).toEqual(common);
      }),
    );
  });
});

/** What goes only because its parent does. */
const orphansIn = ({ disable }: DomainPlan): ReadonlySet<string> =>
  new Set(disable.filter(({ reason }) => reason === 'parent-disabled').map(({ feature }) => feature));

describe('rewriteDomain', () => {
  const rewrites = (
    policies: readonly (FeaturePolicy | undefined)[],
  ): fc.Arbitrary<[string, Host[], Guest]> =>
    fc
      .tuple(guests(NAMES, policies), styles, pools(2))
      .map(([guest, style, pool]) => [domainXml(guest, style), pool, guest]);

  test('twice is once, and a level domain comes back as it is', () => {
    fc.assert(
      fc.property(rewrites(ANY_POLICY), ([text, pool]) => {
        const once = rewriteView(text, pool);
        expect(once.changed).toBe(once.shared !== text);
        const twice = rewriteView(once.shared, pool);
        expect([twice.changed, twice.shared]).toEqual([false, once.shared]);
      }),
    );
  });

  test('an error leaves every form as the input is', () => {
    fc.assert(
      fc.property(rewrites(ANY_POLICY), ([text, pool]) => {
        const { issues, shared, perHost } = rewriteView(text, pool);
        const forms = new Set([shared, ...Object.values(perHost)]);
        expect(!hasErrors(issues) || (forms.size === 1 && forms.has(text))).toBe(true);
      }),
    );
  });

  test('a guest that follows its host sees the same on every host, in either form', () => {
    fc.assert(
      fc.property(rewrites(NO_DEMAND), ([text, pool, guest]) => {
        fc.pre(guest.mode !== 'custom');
        const { shared, perHost, baseline, issues, plan } = rewriteView(text, pool);
        expect(hasErrors(issues)).toBe(false);
        const users = offIn(text);
        const orphans = orphansIn(plan);
        const visible = baseline.common.filter((name) => !users.has(name) && !orphans.has(name));
        for (const { name, features = [] } of pool) {
          for (const form of [shared, perHost[name] ?? '']) {
            const off = offIn(form);
            expect(features.filter((feature) => !off.has(feature))).toEqual(visible);
          }
        }
      }),
    );
  });

  test('no form turns off what every host has but for orphans of a parent, or turns on what was off', () => {
    fc.assert(
      fc.property(rewrites(NO_DEMAND), ([text, pool]) => {
        const { shared, perHost, baseline, plan } = rewriteView(text, pool);
        const orphans = orphansIn(plan);
        const before = offIn(text);
        for (const form of [shared, ...Object.values(perHost)]) {
          const after = offIn(form);
          expect([...before].filter((name) => !after.has(name))).toEqual([]);
          expect(
            baseline.common.filter((name) => after.has(name) && !before.has(name) && !orphans.has(name)),
          ).toEqual([]);
        }
      }),
    );
  });
});
