import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, CommandError } from '../errors.ts';
import { writeText } from '../files/write.ts';
import type { CapturedText, CaptureFailure, Target } from '../hosts/capture.ts';
import { statedContext, timeoutOf } from '../hosts/live.ts';
import { hostName, isUri, namedSource, publicUri } from '../hosts/names.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import type { CapturedHost, FailedHost } from '../report/results.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, wordLines, words } from '../terminal/words.ts';

/** Asks hosts what a guest gets there, and writes a file for each: all of them or none, or with --keep-going as many as answer. */
export async function capture(args: Arguments, terminal: Terminal): Promise<0 | 1> {
  const directory = args.text('output');
  if (directory === undefined)
    throw new CommandError('missing-argument', 'no directory given: use --output DIR');
  const targets = args.positionals
    .map(namedSource)
    .map((source) => ({ name: hostName(source), uri: source.value }));
  refuseStray(targets);
  const { captureHosts, refuseFailures } = await import('../hosts/capture.ts');
  const { hasReachableMap } = await import('../hosts/cpu-map-of.ts');
  const cpuMap = args.has('with-cpu-map');
  const unreachable = cpuMap ? targets.find(({ uri }) => !hasReachableMap(uri)) : undefined;
  if (unreachable !== undefined) throw noMap(unreachable);
  const options = { context: await statedContext(args, terminal), timeout: timeoutOf(args), cpuMap };
  const { texts, failures } = await captureHosts(targets, options, terminal);
  if (!args.has('keep-going') || texts.size === 0) refuseFailures(targets, failures);
  attempt('write', directory, () => mkdirSync(directory, { recursive: true }));
  const files = targets.flatMap((target) => {
    const captured = texts.get(target.name);
    return captured === undefined ? [] : [write(directory, target, captured)];
  });
  const failed = failures.map(({ target: { name, uri }, code, message }): FailedHost => {
    return { name, uri: publicUri(uri), error: { code, message } };
  });
  if (args.has('json'))
    terminal.data(json({ command: 'capture', hosts: files, ...(failed.length > 0 && { failed }) }));
  else terminal.out(wordLines(files.map(({ file }) => file)));
  tellFailures(failures, targets.length, terminal);
  return failures.length === 0 ? 0 : 1;
}

function refuseStray(targets: readonly Target[]): void {
  const stray = targets.find(({ uri }) => !isUri(uri));
  if (stray !== undefined)
    throw new CommandError('bad-value', `"${stray.uri}" is no URI: write qemu+ssh://${stray.uri}/system`);
}

function noMap({ name, uri }: Target): CommandError {
  return new CommandError(
    'contradictory-options',
    `--with-cpu-map: ${publicUri(uri)} carries no files; only URIs of this machine and of ssh do`,
    [`Copy /usr/share/libvirt/cpu_map of ${name} yourself, and give it with --cpu-map ${name}=DIR.`],
  );
}

/** The host's file, and beside it its CPU map as a directory: one from before would no longer be that host's. */
function write(directory: string, { name, uri }: Target, { text, cpuMap }: CapturedText): CapturedHost {
  const file = join(directory, `${name}.xml`);
  const folder = join(directory, `${name}.cpu_map`);
  attempt('write', folder, () => {
    const old = existsSync(folder) ? readdirSync(folder).filter((one) => one.endsWith('.xml')) : [];
    for (const one of old) rmSync(join(folder, one));
    if (cpuMap !== undefined) mkdirSync(folder, { recursive: true });
    else if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  });
  for (const [path, content] of Object.entries(cpuMap ?? {})) writeText(join(folder, path), content);
  writeText(file, text);
  return { name, uri: publicUri(uri), file, ...(cpuMap !== undefined && { cpuMap: folder }) };
}

function tellFailures(failures: readonly CaptureFailure[], all: number, terminal: Terminal): void {
  if (failures.length === 0) return;
  const label = styled('error', 'red', terminal.colour.err);
  for (const { message } of failures) terminal.err(words`${label}: ${message}\n`);
  terminal.err(
    words`${failures.length} of ${all} hosts are missing: results without them do not hold for them\n`,
  );
}
