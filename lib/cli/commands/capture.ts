import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, usageError } from '../errors.ts';
import { writeText } from '../files/write.ts';
import { statedContext, timeoutOf } from '../hosts/live.ts';
import { hostName, isUri, namedSource, publicUri } from '../hosts/names.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { joinedWords, words } from '../terminal/words.ts';

/** Asks hosts what a guest gets there, and writes a file for each, all of them or none. */
export async function capture(args: Arguments, terminal: Terminal): Promise<0> {
  const directory = args.text('output');
  if (directory === undefined) throw usageError('no directory given: use --output DIR', 'missing-argument');
  const sources = args.positionals.map(namedSource);
  const targets = sources.map((source) => ({ name: hostName(source), uri: source.value }));
  const stray = targets.find(({ uri }) => !isUri(uri));
  if (stray !== undefined)
    throw usageError(`"${stray.uri}" is no URI: write qemu+ssh://${stray.uri}/system`, 'bad-value');
  const { captureHosts } = await import('../hosts/capture.ts');
  const options = { context: await statedContext(args, terminal), timeout: timeoutOf(args) };
  const texts = await captureHosts(targets, options, terminal);
  attempt('write', directory, () => mkdirSync(directory, { recursive: true }));
  const files = targets.map(({ name, uri }) => ({
    name,
    uri: publicUri(uri),
    file: join(directory, `${name}.xml`),
  }));
  for (const { name, file } of files) writeText(file, texts.get(name) ?? '');
  if (args.has('json')) terminal.data(json({ command: 'capture', hosts: files }));
  else terminal.out(joinedWords(files.map(({ file }) => words`${file}\n`)));
  return 0;
}
