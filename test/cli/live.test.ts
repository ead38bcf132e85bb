import { domain, folder, HOSTS, off, run } from './run.ts';

const running = (...lines: readonly string[]): string =>
  domain(...lines).replace('<domain', "<domain id='3'");
const cwd = folder({
  'live.xml': running(),
  'still.xml': domain(),
  'level.xml': running(off('clflushopt'), off('clwb'), off('lahf_lm')),
  'pinned.xml': running("<feature policy='require' name='clwb'/>").replace(
    /<cpu [^>]*>/,
    "<cpu mode='custom' match='exact' check='full'>\n    <model fallback='forbid'>486</model>",
  ),
});

test('check says where a running guest can go now, and what a stop and start would change', () => {
  const { code, out, err } = run(cwd, ['check', 'live.xml', ...HOSTS, '--from', 'b']);
  expect(code).toBe(1);
  expect(out).toBe(`guest: running, so its CPU stays as it is until it is stopped and started
  a: cannot take it now; it can after a rewrite, a stop and a start
  b: can take it now
guest: not safe to move among a, b (x86-64-v1):
  clflushopt: b has it, a lacks it. No consequence is known.
  clwb, lahf_lm: a has them, b lacks them. No consequence is known.
`);
  expect(err).toMatch(
    /^error: a cannot take the running guest: .* clflushopt, .*\nerror: .* \[live-gains\]\nwarning: .*--inactive\) \[live-needs-power-cycle\]\n$/,
  );
});

test('check passes a running guest that every host can take', () => {
  expect(run(cwd, ['check', 'level.xml', ...HOSTS])).toMatchObject({
    code: 0,
    out: text(['a', 'b']),
    err: '',
  });
});

function text(hosts: readonly string[]): unknown {
  const lines = hosts.map((name) => `  ${name}: can take it now\n`).join('');
  return expect.stringContaining(`${lines}guest: safe to move among ${hosts.join(', ')} (x86-64-v1)\n`);
}

test('what libvirt wrote out for a running guest is nobody’s demand', () => {
  const { code, out, err } = run(cwd, ['check', 'pinned.xml', ...HOSTS]);
  expect(code).toBe(1);
  expect(out).toContain('  a: can take it now\n  b: cannot take it now; it can after a rewrite');
  expect(err).not.toContain('policy');
});

test('--json lists the hosts', () => {
  const { live } = JSON.parse(run(cwd, ['check', 'live.xml', ...HOSTS, '--json']).out) as {
    readonly live: readonly unknown[];
  };
  expect(live).toMatchObject([
    { host: 'a', now: 'no', missing: ['clflushopt'], afterPowerCycle: true },
    { host: 'b', now: 'no', missing: ['clwb', 'lahf_lm'], afterPowerCycle: true },
  ]);
});

test('--from names a host', () => {
  const { code, err } = run(cwd, ['check', 'live.xml', ...HOSTS, '--from', 'z']);
  expect(code).toBe(2);
  expect(err).toContain('there is no host "z" (a, b)');
});

test('--from of a guest that does not run is told to have no effect', () => {
  const [given, none] = [['--from', 'b'], []].map((more) =>
    run(cwd, ['check', 'still.xml', ...HOSTS, ...more]),
  );
  expect(given?.err).toContain('note: --from has no effect: still.xml is not the XML of a running guest');
  expect([given?.code, given?.out]).toEqual([none?.code, none?.out]);
  expect(none?.err).not.toContain('--from');
});

test('rewrite changes what is given, and says when it takes effect', () => {
  const { code, err } = run(cwd, ['rewrite', 'live.xml', ...HOSTS]);
  expect(code).toBe(0);
  expect(err).toContain('warning: this is the XML of a running guest');
});
