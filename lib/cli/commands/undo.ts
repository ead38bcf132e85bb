import type { ReadOptions } from '../../../types/options.ts';
import { parseDomain } from '../../parser/domain/domain.ts';
import { undoRecorded, type Undone as RecordUndone } from '../../record/record.ts';
import { applyEdits } from '../../text/edit.ts';
import { CommandError } from '../errors.ts';
import { statsOf } from '../files/glob.ts';
import { deliver, inPlaceContradictions, refuseFirst } from '../files/output.ts';
import { readTextFile, type TextFile } from '../files/read.ts';
import { isPath } from '../guests/files.ts';
import type { Guest } from '../guests/guest.ts';
import { guestsInXml, errorInFile, inFile, inItsPlace, readingOf } from '../guests/guests.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import type { UndoResult } from '../report/results.ts';
import { tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** What a domain was before. */
type Undone = Pick<UndoResult, 'changed' | 'xml' | 'issues'>;

/** Removes from domains what a recorded rewrite added, in a file or where one is defined. */
export async function undo(args: Arguments, terminal: Terminal): Promise<0 | 1> {
  const [word = ''] = args.positionals;
  if (isDefined(word, args)) return undoWhereDefined(args, terminal);
  refuseFirst(inPlaceContradictions(args));
  const source = readTextFile(word, terminal);
  const undone = undoneOf(source, args, terminal);
  if (args.has('json')) terminal.data(json({ command: 'undo', ...undone }));
  await deliver(source, [{ text: undone.xml }], args, terminal);
  return 0;
}

/** A name on a connection, stated or the usual one, and no file. */
function isDefined(word: string, args: Arguments): boolean {
  if (isPath(word)) return false;
  const isUsual = (process.env['LIBVIRT_DEFAULT_URI'] ?? '') !== '' && statsOf(word) === undefined;
  return args.text('connect') !== undefined || isUsual;
}

/** Each domain of a file as it was; what stands between them stays. */
function undoneOf(source: TextFile, args: Arguments, terminal: Terminal): Undone {
  const all = guestsInXml(source, args).map((guest) => ({
    guest,
    ...undoneIn(guest, readingOf(guest, args)),
  }));
  const issues = all.flatMap(({ guest, issues: found }) => inFile(found, guest));
  tellIssues(issues, terminal, source);
  const edits = all.map(({ guest, domain }) => inItsPlace(guest, domain.text));
  const xml = applyEdits(source.text, edits);
  const changed = xml !== source.text;
  if (!changed) terminal.tell(words`nothing to undo: the domain has no record of a rewrite\n`);
  return { changed, xml, issues };
}

function undoneIn(guest: Guest, read: ReadOptions): RecordUndone {
  try {
    return undoRecorded(parseDomain(guest.text, read), read);
  } catch (error) {
    throw errorInFile(error, guest);
  }
}

/** Shows what changes, asks, and defines it. */
async function undoWhereDefined(args: Arguments, terminal: Terminal): Promise<0 | 1> {
  refuseContradictions(args, terminal);
  const [word = ''] = args.positionals;
  const { connectionOf, guestsOn } = await import('../guests/connection.ts');
  const uri = connectionOf(args);
  const dump = ['--inactive', '--security-info'] as const;
  const { files, failed } = await guestsOn(uri, [word], dump, args, terminal);
  const source = files[0]?.content;
  if (source === undefined) throw failed[0]?.error;
  const undone = undoneOf(source, args, terminal);
  const isJson = args.has('json');
  const { printDiff } = await import('../report/patch.ts');
  if (undone.changed && !isJson) printDiff(source.path, source.text, undone.xml, terminal);
  const isDone = !undone.changed || args.has('diff');
  const { definedIfAgreed, targetOf } = await import('../guests/define.ts');
  const { path: name, text: before } = source;
  const change = { name, before, after: undone.xml, done: 'as before the rewrite' };
  const defined =
    !isDone && (await definedIfAgreed(targetOf(name, uri, args, terminal), change, args, terminal));
  if (isJson) terminal.data(json({ command: 'undo', defined, ...undone }));
  return isDone || defined ? 0 : 1;
}

function refuseContradictions(args: Arguments, terminal: Terminal): void {
  const writes = args.has('in-place') || args.text('output') !== undefined;
  refuseFirst([[writes, '--connect defines the domain there: --output and --in-place are for files']]);
  if (!args.has('yes') && !args.has('diff') && !terminal.interactive)
    throw new CommandError(
      'not-confirmed',
      'nobody can be asked here: use --yes to define without a question, or --diff to look',
    );
}
