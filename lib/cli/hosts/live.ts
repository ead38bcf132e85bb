import { readTextFile, type TextFile } from '../files/read.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { GuestContext } from './capture.ts';
import type { HostSource } from './sources.ts';

/** Seconds a host may take; the first question has libvirt look at every emulator it has. */
const PATIENCE = 60;

const NOBODY: ReadonlyMap<string, string> = new Map();

/**
 * What the hosts given as URIs report of themselves, by their names, for guests like the domain (or as the options
 * state). Where all hosts are files, nothing more is loaded.
 */
export async function askHosts(
  sources: readonly HostSource[],
  args: Arguments,
  terminal: Terminal,
  domain?: TextFile,
): Promise<ReadonlyMap<string, string>> {
  const uris = sources.filter(({ kind }) => kind === 'uri');
  if (uris.length === 0) return NOBODY;
  const { captureHosts, contextOf, refuseFailures } = await import('./capture.ts');
  const context =
    domain === undefined ? await statedContext(args, terminal) : contextOf(domain.text, domain.path);
  const targets = uris.map(({ name, value: uri }) => ({ name, uri }));
  const { texts, failures } = await captureHosts(targets, { context, timeout: timeoutOf(args) }, terminal);
  refuseFailures(targets, failures);
  return new Map([...texts].map(([name, { text }]) => [name, text]));
}

export function timeoutOf(args: Arguments): number {
  return args.number('timeout') ?? PATIENCE;
}

/** The kind of guest that the options state; single ones go before the domain's. */
export async function statedContext(args: Arguments, terminal: Terminal): Promise<GuestContext> {
  const { contextOf } = await import('./capture.ts');
  const path = args.text('domain');
  const domain = path === undefined ? undefined : readTextFile(path, terminal);
  const context: GuestContext = domain === undefined ? {} : contextOf(domain.text, domain.path);
  return {
    virttype: args.text('virttype') ?? context.virttype,
    arch: args.text('arch') ?? context.arch,
    machine: args.text('machine') ?? context.machine,
    emulatorbin: args.text('emulatorbin') ?? context.emulatorbin,
  };
}
