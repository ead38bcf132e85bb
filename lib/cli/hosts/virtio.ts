import type { Host } from '../../../types/host.ts';
import type { ReadOptions } from '../../../types/options.ts';
import type { VirtioFeatures } from '../../../types/virtio.ts';
import { parseVirtioFeatures } from '../../parser/host/virtio.ts';
import { CommandError } from '../errors.ts';
import { readTextFile } from '../files/read.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { namedSource, refuseUnknownHost } from './names.ts';

/** The hosts with what the command line states of their virtio devices. Several files of one host add up. */
export function withVirtio(args: Arguments, terminal: Terminal, hosts: readonly Host[]): readonly Host[] {
  const sources = args.texts('virtio').map(namedSource);
  if (sources.length === 0) return hosts;
  const virtio = new Map<string, VirtioFeatures>();
  for (const { name, value } of sources) {
    if (name === undefined)
      throw new CommandError('bad-value', `--virtio ${value} names no host: write --virtio NAME=${value}`);
    refuseUnknownHost(`--virtio ${name}=…`, name, hosts);
    const { text, path } = readTextFile(value, terminal);
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
