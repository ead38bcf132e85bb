import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hostName, isUri, named, type Arguments } from '../arguments.ts';
import { writeText } from '../files.ts';
import { statedContext, timeoutOf } from '../live.ts';
import { json } from '../report/json.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

/** Asks hosts what a guest gets there, and writes a file for each, all of them or none. */
export async function capture(args: Arguments, terminal: Terminal): Promise<0> {
  const directory = args.text('output');
  if (directory === undefined) throw new UsageError('where to? Give --output DIR');
  if (args.positionals.length === 0)
    throw new UsageError('which hosts? Give a URI for each: qemu+ssh://a/system');
  const targets = args.positionals.map(named).map((word) => ({ name: hostName(word), uri: word.value }));
  const stray = targets.find(({ uri }) => !isUri(uri));
  if (stray !== undefined)
    throw new UsageError(`"${stray.uri}" is no URI: write qemu+ssh://${stray.uri}/system`);
  const { captureHosts } = await import('../capture.ts');
  const options = { context: await statedContext(args, terminal), timeout: timeoutOf(args) };
  const texts = await captureHosts(targets, options, terminal);
  mkdirSync(directory, { recursive: true });
  const files = targets.map(({ name, uri }) => ({ name, uri, file: join(directory, `${name}.xml`) }));
  for (const { name, file } of files) writeText(file, texts.get(name) ?? '');
  if (args.has('json')) terminal.out(json({ command: 'capture', hosts: files }));
  else terminal.out(files.map(({ file }) => `${file}\n`).join(''));
  return 0;
}
