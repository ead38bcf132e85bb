import type { Host } from '../../types/host.ts';
import type { ReadOptions } from '../../types/options.ts';
import type { VirtioFeatures } from '../../types/virtio.ts';
import { parseVirtioFeatures } from '../parser/host/virtio.ts';
import { named, type Arguments } from './arguments.ts';
import { readText } from './files.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage.ts';

/** The hosts with what the command line says of their virtio devices. Several files of one host add up. */
export function withVirtio(args: Arguments, terminal: Terminal, hosts: readonly Host[]): readonly Host[] {
  const words = args.texts('virtio');
  if (words.length === 0) return hosts;
  const virtio = new Map<string, VirtioFeatures>();
  for (const { name, value } of words.map(named)) {
    if (name === undefined)
      throw new UsageError(`--virtio ${value}: which host is it of? Write NAME=${value}`);
    if (!hosts.some((host) => host.name === name)) {
      const known = hosts.map((host) => host.name).join(', ');
      throw new UsageError(`--virtio ${name}=…: there is no such host (${known})`);
    }
    const { text, path } = readText(value, terminal);
    virtio.set(name, both(virtio.get(name), text, { file: path }));
  }
  return hosts.map((host) => ({ ...host, virtio: virtio.get(host.name) }));
}

function both(before: VirtioFeatures | undefined, text: string, options: ReadOptions): VirtioFeatures {
  const { offered, properties } = parseVirtioFeatures(text, options);
  return {
    offered: { ...before?.offered, ...offered },
    properties: { ...before?.properties, ...properties },
  };
}
