import fc from 'fast-check';
import type { FeaturePolicy } from '../../types/domain.ts';

/** What a domain says of its CPU, whatever it looks like. */
export interface Guest {
  readonly mode: string;
  readonly features: readonly (readonly [name: string, policy: FeaturePolicy | undefined])[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What a domain looks like, whatever it says. */
export interface Style {
  readonly newline: string;
  readonly indent: string;
  readonly quote: string;
  readonly start: string;
  /** Stands between two features, on a line of its own or behind the one before. */
  readonly comment: string;
  readonly commentBehind: boolean;
  readonly nameFirst: boolean;
  readonly endTags: boolean;
  readonly blank: string;
}

export const guests = (
  names: string[],
  policies: readonly (FeaturePolicy | undefined)[],
): fc.Arbitrary<Guest> =>
  fc.record({
    mode: fc.constantFrom('host-passthrough', 'host-model', 'maximum', 'custom'),
    features: fc
      .tuple(
        fc.shuffledSubarray(names, { maxLength: 6 }),
        fc.array(fc.constantFrom(...policies), { minLength: 6, maxLength: 6 }),
      )
      .map(([some, chosen]) => some.map((name, i) => [name, chosen[i]] as const)),
    before: fc.subarray(["<topology sockets='1' cores='2' threads='1'/>", "<cache mode='passthrough'/>"]),
    after: fc.subarray(["<numa><cell id='0' cpus='0-1' memory='1' unit='GiB'/></numa>"]),
  });

export const PLAIN: Style = {
  ...{ newline: '\n', indent: '  ', quote: "'", start: '', comment: '', commentBehind: false },
  ...{ nameFirst: false, endTags: false, blank: ' ' },
};

export const styles: fc.Arbitrary<Style> = fc
  .record({
    newline: fc.constantFrom('\n', '\r\n', '\r', ''),
    indent: fc.constantFrom('  ', '\t', '    ', ''),
    quote: fc.constantFrom("'", '"'),
    start: fc.constantFrom('', '\ufeff', '\ufeff<?xml version=Q1.0Q?>', '<!-- é\u{1f600} -->'),
    comment: fc.constantFrom('', '<!-- why -->', '<!-- <feature name=QxQ/> -->', '<?note > ?>'),
    commentBehind: fc.boolean(),
    nameFirst: fc.boolean(),
    endTags: fc.boolean(),
    blank: fc.constantFrom(' ', '  ', '\t', 'LINE'),
  })
  .map((style) => ({ ...style, blank: style.blank === 'LINE' ? style.newline || ' ' : style.blank }));

/** The domain that says what `guest` says, looking as `style` looks. */
export function domainXml({ mode, features, before, after }: Guest, style: Style): string {
  const { newline, indent, start, comment, commentBehind, nameFirst, endTags, blank } = style;
  const line = (depth: number, content: string): string => newline + indent.repeat(depth) + content;
  const feature = ([name, policy]: Guest['features'][number]): string => {
    const attributes = [...(policy === undefined ? [] : [`policy='${policy}'`]), `name='${name}'`];
    const ordered = nameFirst ? attributes.reverse() : attributes;
    const tag = `<feature${blank}${ordered.join(blank)}`;
    return line(2, endTags ? `${tag}></feature>` : `${tag}/>`);
  };
  const between = comment === '' ? '' : commentBehind ? ` ${comment}` : line(2, comment);
  const model = mode === 'custom' ? ['<model>486</model>'] : [];
  const children = [
    ...[...model, ...before].map((child) => line(2, child)),
    features.map(feature).join(between),
    ...after.map((child) => line(2, child)),
  ].join('');
  const cpu =
    children === '' ? `<cpu mode='${mode}'/>` : `<cpu mode='${mode}'>${children}${line(1, '</cpu>')}`;
  const text = `${start}<domain type='kvm'>${line(1, '<name>a</name>')}${line(1, cpu)}${line(0, '</domain>')}`;
  return text.replaceAll(/['Q]/g, style.quote) + newline;
}
