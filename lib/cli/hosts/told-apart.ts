import { basename, dirname, resolve } from 'node:path';
import { renamedHost } from '../../parser/host/xml.ts';
import { remembered } from '../../text/remembered.ts';
import { CommandError } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import type { HostText } from './sources.ts';

/** A way to call the host of a text that others are called like. */
type Label = (text: HostText, name: string) => string;

const MOST_SHOWN = 4;

/**
 * The texts with hosts of one name told apart: by their files, or by the directories these are in. Files that state one
 * `NAME=` describe one host and keep it; one that states none is no part of it.
 */
export function toldApart(texts: readonly HostText[], { tell }: Terminal): readonly HostText[] {
  const owners = ownersOf(texts);
  const taken = new Set(owners.keys());
  const labels = new Map<HostText, Map<string, string>>();
  const made: string[] = [];
  for (const [name, group] of owners) {
    const open = group.filter(({ source }) => source.stated === undefined);
    if (group.length < 2 || open.length === 0) continue;
    const others = new Set([...taken].filter((other) => other !== name || open.length < group.length));
    const label = labelFor(name, open, others);
    for (const text of open) {
      remembered(labels, text, () => new Map<string, string>()).set(name, label(text, name));
      made.push(label(text, name));
    }
  }
  if (made.length === 0) return texts;
  const more = made.length > MOST_SHOWN ? ', …' : '';
  tell(
    words`note: hosts with the same name are named by file or directory: ${made.slice(0, MOST_SHOWN).join(', ')}${more}\n`,
  );
  return texts.map((text) => renamed(text, labels.get(text)));
}

/** Names of hosts → the texts that have one. */
function ownersOf(texts: readonly HostText[]): ReadonlyMap<string, readonly HostText[]> {
  const owners = new Map<string, HostText[]>();
  for (const text of texts)
    for (const name of new Set(text.hosts.map((host) => host.name)))
      remembered(owners, name, () => []).push(text);
  return owners;
}

function labelFor(name: string, group: readonly HostText[], taken: ReadonlySet<string>): Label {
  const depth = Math.max(...group.map(({ source }) => resolve(source.value).split('/').length));
  const byFolders = (count: number): Label => {
    return ({ source }, own) => `${dirname(resolve(source.value)).split('/').slice(-count).join('/')}/${own}`;
  };
  const counts = Array.from({ length: depth }, (_, i) => i + 1);
  const ways = [byFile, ...counts.map(byFolders), ({ source }: HostText) => basename(source.value)];
  const isUri = group.some(({ source }) => source.kind === 'uri');
  const found = ways.find((way) => {
    const labels = new Set(group.map((text) => way(text, name)));
    return labels.size === group.length && ![...labels].some((label) => taken.has(label));
  });
  if (found !== undefined && !isUri) return found;
  const places = group.map(({ source }) => source.value).join(', ');
  throw new CommandError(
    'ambiguous-host',
    `two hosts would be called "${name}" (${places}): give NAME= for one of them`,
  );
}

/** By the names of their files, and of what is in these. */
function byFile({ source, hosts }: HostText, name: string): string {
  return hosts.length === 1 || source.name === name ? source.name : `${source.name}/${name}`;
}

function renamed(text: HostText, names: ReadonlyMap<string, string> | undefined): HostText {
  if (names === undefined) return text;
  const hosts = text.hosts.map((host) => {
    const name = names.get(host.name);
    return name === undefined || name === host.name ? host : renamedHost(host, name);
  });
  return { ...text, hosts };
}
