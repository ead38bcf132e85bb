import { createInterface } from 'node:readline';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Words } from '../terminal/words.ts';

/** Does the user agree? With `--yes`, without being asked. */
export async function agreed(question: Words, args: Arguments, terminal: Terminal): Promise<boolean> {
  if (args.has('yes')) return true;
  terminal.err(question);
  const person = createInterface({ input: process.stdin });
  const answer = await new Promise<string>((resolve) => {
    person.once('line', resolve);
    person.once('close', () => {
      resolve('');
    });
  });
  person.close();
  return /^y(?:es)?$/i.test(answer.trim());
}
