import { parseHost } from '../../../lib/parser/host/host.ts';
import { refusalOf } from '../../support/findings.ts';

const nine = { libvirtVersion: '9.0.0' };

const inMode = (inner: string): string =>
  `<domainCapabilities><arch>x86_64</arch><cpu>
<mode name='host-model' supported='yes'><model fallback='forbid'>486</model>
${inner}</mode></cpu></domainCapabilities>`;

const cpu = (inner: string): string => `<cpu><arch>x86_64</arch><model>486</model>\n${inner}</cpu>`;

test.each([
  ['a policy with a prefix', inMode("<feature policy='disable' q:policy='require' name='avx'/>"), '3:27'],
  ['a support with a prefix', inMode('').replace('supported', 'q:supported'), '2:25'],
  ['a name with a prefix', cpu("<feature q:name='avx' name='tsc'/>"), '2:10'],
  ['a prefix in the CPU of a host in a domain', `<domain>${cpu("<feature q:name='a'/>")}</domain>`, '2:10'],
])('%s is refused: libvirt reads it without', (_, xml, place) => {
  expect(refusalOf(() => parseHost(xml, nine))).toBe(`foreign-name ${place}`);
});

test.each([
  ['a feature', "<feature\ufeff policy='require' name='avx'/>"],
  ['a policy', "<feature policy='disable' \ufeffpolicy='require' name='avx'/>"],
  ['a name', "<feature policy='disable' name='avx' \u1680name='aes'/>"],
  ['a feature with a prefix', "<q:feature xmlns:q='urn:q' policy='require' name='avx'/>"],
])('%s with another character in its name is none', (_, line) => {
  const { features } = parseHost(inMode(line), nine);
  expect(features).toEqual(parseHost(inMode(''), nine).features);
});
