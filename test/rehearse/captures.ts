import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';

const EXAMPLES = join(__dirname, '../../examples/upgrade');
const HERE = join(__dirname, 'hosts');

/** Captures of one processor (AMD, nested) under three releases, cut down: Debian 12, Debian 13, and newer. */
const FILES = {
  'debian-12-kvm': join(EXAMPLES, 'before/kvm-a.xml'),
  'debian-13-kvm': join(EXAMPLES, 'after/kvm-a.xml'),
  'newest-kvm': join(HERE, 'newest-kvm.xml'),
  'debian-12-qemu': join(HERE, 'debian-12-qemu.xml'),
  'debian-13-qemu': join(HERE, 'debian-13-qemu.xml'),
  'newest-qemu': join(HERE, 'newest-qemu.xml'),
} as const;

export type Capture = keyof typeof FILES;

export function captureText(capture: Capture): string {
  return readFileSync(FILES[capture], 'utf8');
}

/** A host with one name on both sides. */
export function captured(capture: Capture, name = 'kvm-a'): Host {
  return parseHost(captureText(capture), { name });
}

/** How a guest of the tests differs from the plainest. */
export interface GuestLook {
  readonly cores?: number;
  readonly type?: 'kvm' | 'qemu';
  readonly machine?: string;
  readonly devices?: string;
  readonly lines?: string;
}

/** A guest with a mode, or a named model. */
export function guestWith(cpu: string, look: GuestLook = {}): string {
  const { cores = 1, type = 'kvm', machine = 'pc-q35-7.2', devices = '', lines = '' } = look;
  const isMode = /^(?:host-|maximum)/.test(cpu);
  const head = isMode ? `mode='${cpu}' check='none'` : `mode='custom' match='exact' check='partial'`;
  const model = isMode ? '' : `<model fallback='forbid'>${cpu}</model>`;
  const topology = cores === 1 ? '' : `<topology sockets='1' dies='1' cores='${cores}' threads='1'/>`;
  return (
    `<domain type='${type}'><name>guest</name><vcpu>2</vcpu>` +
    `<os><type arch='x86_64' machine='${machine}'>hvm</type></os>` +
    `<cpu ${head}>${model}${topology}${lines}</cpu><devices>${devices}</devices></domain>`
  );
}
