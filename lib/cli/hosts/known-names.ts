import type { Host } from '../../../types/host.ts';
import { newHostReader } from '../../parser/host/host.ts';
import { readTextFile } from '../files/read.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { hostSources, type HostSource } from './sources.ts';
import { toldApart } from './told-apart.ts';
import { readYaml } from './yaml.cjs';

/**
 * What the hosts are called that a command line names, or the configuration. It is for somebody who types, so nobody is
 * asked, nothing is told, and what cannot be read is called by its file.
 */
export async function hostNames(args: Arguments, terminal: Terminal): Promise<readonly string[]> {
  const silent = { ...terminal, tell: () => undefined, detail: () => undefined };
  const reader = newHostReader();
  const sources = await hostSources(args, silent).catch(() => []);
  const texts = sources.map((source) => ({ source, text: '', hosts: hostsIn(source, reader.read, silent) }));
  const named = toldApart(texts, silent);
  return [
    ...new Set(
      named.flatMap(({ source, hosts }) =>
        hosts.length === 0 ? [source.name] : hosts.map(({ name }) => name),
      ),
    ),
  ];
}

function hostsIn(
  { kind, value, stated, name }: HostSource,
  read: ReturnType<typeof newHostReader>['read'],
  terminal: Terminal,
): readonly Host[] {
  if (kind !== 'file') return [];
  try {
    const { text } = readTextFile(value, terminal, { packed: true });
    return read(text, { yaml: readYaml, ...(stated === undefined ? { defaultName: name } : { name }) });
  } catch {
    return [];
  }
}
