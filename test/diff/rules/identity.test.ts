import { hostOf, outcomeOf } from '../../support/pool.ts';

test.each([
  ['host', ['smbios-host!']],
  ['sysinfo', []],
  ['emulate', []],
])("firmware tables of mode '%s'", (mode, told) => {
  const guest = `<os><type>hvm</type><smbios mode='${mode}'/></os><cpu mode='host-passthrough'/>`;
  expect(outcomeOf(guest, [hostOf('a', {}), hostOf('b', {})]).told).toEqual(told);
});
