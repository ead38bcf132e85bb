import type { Issue } from '../../../types/issue.ts';
import { publicUri } from '../hosts/names.ts';
import type { Arguments } from '../options/parse.ts';
import { words, type Words } from '../terminal/words.ts';
import { commandOption } from '../../report/wording.ts';

/** The command that a refusal leads to, to be pasted into a shell; `undefined` where no option is the way out. */
export function nextCommand(issues: readonly Issue[], args: Arguments): Words | undefined {
  const found = issues.find((one): one is Issue<'way-out'> => one.code === 'way-out');
  if (found === undefined) return undefined;
  const needsNames = found.options.includes('per-host') && args.text('output')?.includes('{host}') === false;
  if (needsNames) return undefined;
  const options = found.options.map(commandOption).join(' ');
  return words`next: ${commandLine([args.command, ...args.words])} ${options}\n`;
}

/** A call of the command as a shell takes it, without the secrets that a URI may hold. */
export function commandLine(given: readonly string[]): string {
  return ['virt-migratable', ...given.map(withoutSecrets).map(shellWord)].join(' ');
}

/** A word with its URI, if it has one, as it may be printed. */
function withoutSecrets(word: string): string {
  const at = word.search(/[a-z][\w+.-]*:\/\//i);
  return at < 0 ? word : word.slice(0, at) + publicUri(word.slice(at));
}

/** A word as a shell takes it for itself. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
