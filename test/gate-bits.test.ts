import { gateVerdict } from '../lib/gate.ts';
import type { GateOperation } from '../types/gate.ts';
import type { Host } from '../types/host.ts';
import { poolOf, said } from './support/gate.ts';
import { host } from './support/host.ts';

const NEWER = { libvirtVersion: '11.3.0' };
const cpu = (mode: string, ...off: readonly string[]): string =>
  `<cpu mode='${mode}'>${off.map((name) => `<feature policy='disable' name='${name}'/>`).join('')}</cpu>`;

/** The verdict of the gate on the second host, in one line. */
function saidOf(text: string, hosts: readonly Host[], operation: GateOperation): string {
  const domain = `<domain type='kvm'><name>web</name>${text}</domain>`;
  return said(gateVerdict(domain, poolOf(hosts, hosts[1]?.name ?? ''), operation));
}

describe('a bit whose old behaviour has ended', () => {
  const hosts = [host('a', [], NEWER), host('b', ['zero-fcs-fds', 'fdp-excptn-only'], NEWER)];
  const shown = 'guest-feature-shown fdp-excptn-only,zero-fcs-fds [b,a]';

  test.each<[string, string, GateOperation, string]>([
    ['closes to no arrival where libvirt does not compare it', cpu('host-passthrough'), 'migrate', 'open'],
    ['closes to no start either', cpu('maximum'), 'prepare', 'open'],
    ['closes where libvirt compares it', cpu('host-model'), 'prepare', `closed; error ${shown}`],
    ['is off there', cpu('host-model', 'zero-fcs-fds', 'fdp-excptn-only'), 'prepare', 'open'],
  ])('%s', (_, text, operation, expected) => {
    expect(saidOf(text, hosts, operation)).toBe(expected);
  });
});

describe('a duty bit', () => {
  const has = host('a', ['arch-capabilities', 'rfds-clear'], NEWER);
  const lacks = host('b', ['arch-capabilities'], NEWER);
  const differs = 'warning duty-bit-differs rfds-clear [a,b]';

  test.each<[string, string, readonly Host[], GateOperation, string]>([
    [
      'that is off passes, and is said',
      cpu('host-passthrough', 'rfds-clear'),
      [has, lacks],
      'migrate',
      `open; ${differs}`,
    ],
    [
      'that is off starts, and is said',
      cpu('host-model', 'rfds-clear'),
      [has, lacks],
      'prepare',
      `open; ${differs}`,
    ],
    [
      'that is shown is a feature like others',
      cpu('host-passthrough'),
      [has, lacks],
      'migrate',
      'closed; error guest-feature-missing rfds-clear [b]',
    ],
    [
      'that all hosts have is nothing to say',
      cpu('host-passthrough', 'rfds-clear'),
      [has, { ...has, name: 'b' }],
      'migrate',
      'open',
    ],
  ])('%s', (_, text, hosts, operation, expected) => {
    expect(saidOf(text, hosts, operation)).toBe(expected);
  });
});
