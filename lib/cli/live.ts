import { hostName, isUri, named, numberOption, type Arguments } from './arguments.ts';
import type { GuestContext } from './capture.ts';
import { readText, type TextFile } from './files.ts';
import type { Terminal } from './terminal.ts';

/** Seconds a host may take; the first question has libvirt look at every emulator it has. */
const PATIENCE = 60;

const NOBODY: ReadonlyMap<string, string> = new Map();

/**
 * What the hosts given as URIs say of themselves, by their names, for guests like the domain (or as the options say).
 * Where all hosts are files, nothing more is loaded.
 */
export async function askHosts(
  args: Arguments,
  terminal: Terminal,
  domain?: TextFile,
): Promise<ReadonlyMap<string, string>> {
  const words = args.texts('host').map(named);
  const uris = words.filter(({ value }) => isUri(value));
  if (uris.length === 0) return NOBODY;
  const { captureHosts, contextOf } = await import('./capture.ts');
  const context =
    domain === undefined ? await statedContext(args, terminal) : contextOf(domain.text, domain.path);
  const targets = uris.map((word) => ({ name: hostName(word), uri: word.value }));
  return captureHosts(targets, { context, timeout: timeoutOf(args) }, terminal);
}

/** Seconds a host may take. */
export function timeoutOf(args: Arguments): number {
  return numberOption(args, 'timeout') ?? PATIENCE;
}

/** The kind of guest that the options say; single ones go before the domain's. */
export async function statedContext(args: Arguments, terminal: Terminal): Promise<GuestContext> {
  const { contextOf } = await import('./capture.ts');
  const path = args.text('domain');
  const domain = path === undefined ? undefined : readText(path, terminal);
  const context: GuestContext = domain === undefined ? {} : contextOf(domain.text, domain.path);
  return {
    virttype: args.text('virttype') ?? context.virttype,
    arch: args.text('arch') ?? context.arch,
    machine: args.text('machine') ?? context.machine,
    emulatorbin: args.text('emulatorbin') ?? context.emulatorbin,
  };
}
