// Tries lib/cli/report/patch.ts as well.
import { domcapabilities } from '../support/host.ts';
import { domain, folder, HOSTS, off, run, text } from './run.ts';

const cwd = folder({
  'guest.xml': domain(),
  'off.xml': domain().replace("migratable='on'", "migratable='off'"),
});

/** The lines of a policy in a domain. */
const linesOf = (xml: string, policy: string): number => xml.split(`policy='${policy}'`).length - 1;

test('guard requires what both hosts have, and says so in a line', () => {
  const { code, out, err } = run(cwd, ['rewrite', 'guest.xml', '--guard', ...HOSTS]);
  expect([code, linesOf(out, 'require'), linesOf(out, 'disable')]).toEqual([0, 41, 3]);
  expect(out).toContain("<cpu mode='host-passthrough' check='full' migratable='on'>");
  expect(err).toContain('set check="full"\n');
  expect(err).toMatch(/^require 3dnowprefetch, apic, (?:\S+, ){4}\S+ and 34 more: all hosts have it$/m);
});

test('exhaustive turns off what else both can name', () => {
  const { code, out, err } = run(cwd, ['rewrite', 'guest.xml', '--exhaustive', ...HOSTS]);
  expect([code, linesOf(out, 'require')]).toEqual([0, 0]);
  expect(linesOf(out, 'disable')).toBeGreaterThan(150);
  expect(err).toMatch(/^disable .* more: not common to all hosts$/m);
});

test('pin replaces the CPU', () => {
  const { code, out, err } = run(cwd, ['rewrite', 'guest.xml', '--pin', ...HOSTS]);
  expect([code, out]).toEqual([
    0,
    text("<cpu mode='custom' check='partial' match='exact'>\n    <model fallback='forbid'>"),
  ]);
  expect(err).toContain(
    'set mode="custom"\nset match="exact"\nset check="partial"\nremove migratable\nadd <model ',
  );
});

test('pin takes the model it is told to, and refuses one that a libvirt does not know', () => {
  const pinned = run(cwd, ['rewrite', 'guest.xml', '--pin', '--model', 'Opteron_G1', ...HOSTS]);
  expect(pinned).toMatchObject({ code: 0, out: text("<model fallback='forbid'>Opteron_G1</model>") });
  const unknown = run(cwd, ['rewrite', 'guest.xml', '--pin', '--model', 'Warp-1', ...HOSTS]);
  expect(unknown).toMatchObject({ code: 2, out: '', err: text('the CPU model "Warp-1"') });
});

test('auto takes the first way out of a refusal, says which, and changes nothing in a second run', () => {
  const captured = (libvirt: string, ...features: readonly string[]): string =>
    `<?virt-migratable libvirt='${libvirt}'?>\n${domcapabilities(features)}`;
  const mixed = folder({
    'guest.xml': "<domain type='kvm'>\n  <cpu mode='host-passthrough'/>\n</domain>\n",
    'new.xml': captured('12.8.0', 'vmx', 'vmx-ept'),
    'old.xml': captured('9.0.0', 'vmx'),
  });
  const words = ['rewrite', 'guest.xml', '--host', 'new.xml', '--host', 'old.xml'];
  const refused = run(mixed, words);
  expect(refused).toMatchObject({
    code: 1,
    out: '',
    err: text(`next: virt-migratable ${words.join(' ')} --`),
  });
  const taken =
    '--disable-parent was taken, because without it the guest is refused, or may differ (feature-not-expressible)';
  expect(run(mixed, [...words, '--auto', '--diff'])).toMatchObject({ code: 0, err: text(taken) });
  const explained = run(mixed, ['explain', ...words.slice(1), '--auto']);
  expect(explained).toMatchObject({ code: 0, err: text('[way-taken]') });
  const written = run(mixed, [...words, '--auto', '--record', '--in-place']);
  expect(written).toMatchObject({ code: 0, err: text(taken) });
  expect(run(mixed, [...words, '--auto', '--record', '--check'])).toMatchObject({ code: 0, out: '' });
});

test('the changes are told to programs too', () => {
  const { out } = run(cwd, ['rewrite', 'guest.xml', '--guard', '--json', ...HOSTS]);
  const { plan } = JSON.parse(out) as { plan: { shared: readonly object[] } };
  expect(plan.shared.slice(0, 2)).toEqual([
    { kind: 'set-attribute', name: 'check', value: 'full' },
    { kind: 'add', name: '3dnowprefetch', policy: 'require' },
  ]);
});

test('migratable is set on by option only', () => {
  expect(run(cwd, ['rewrite', 'off.xml', ...HOSTS])).toMatchObject({ code: 1, out: '' });
  const set = run(cwd, ['rewrite', 'off.xml', '--set-migratable', ...HOSTS]);
  expect(set).toMatchObject({ code: 0, out: domain(off('clflushopt'), off('clwb'), off('lahf_lm')) });
  expect(set.err).toContain('set migratable="on"\n');
});

test('a model without --pin is a slip', () => {
  const ran = run(cwd, ['rewrite', 'guest.xml', '--model', 'EPYC', ...HOSTS]);
  expect(ran).toMatchObject({ code: 2, err: text('--model needs --pin') });
});
