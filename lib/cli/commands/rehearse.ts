import type { RehearsalGuest } from '../../../types/rehearsal.ts';
import { parseDomain } from '../../parser/domain/domain.ts';
import { rehearse as rehearsed } from '../../rehearse/rehearse.ts';
import { CommandError } from '../errors.ts';
import { chosenGuests } from '../guests/chosen.ts';
import { isPassedOver, refuseNone, type GuestFile } from '../guests/files.ts';
import type { Guest } from '../guests/guest.ts';
import { errorInFile, guestsFound, labelOf, readingOf } from '../guests/guests.ts';
import { hostsOf } from '../hosts/read.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { failureOf, tellFailure } from '../report/failure.ts';
import { formatOf, printed } from '../report/formats.ts';
import { rehearsalFacts, rehearsalTable, rehearsalLines, type HostsGiven } from '../report/rehearsal.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Rehearses an upgrade: which guests get stuck, which change, and what cures it. */
export async function rehearse(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const before = await hostsOf(args, terminal, wordsOf(args, 'before'));
  const after = await hostsOf(args, terminal, wordsOf(args, 'after'));
  const { guests, code: unread } = await guestsOf(args, terminal);
  const result = rehearsed(before, after, { guests, kernel: kernelsOf(args), read: limits(args) });
  const given = givenBy(args);
  tellIssues(result.issues, terminal);
  const shown = {
    facts: () => rehearsalFacts(result),
    table: () => rehearsalTable(result, given),
  };
  if (!printed(format, shown, terminal)) {
    const isWide = format === 'wide' || terminal.verbose;
    for (const { words, isWhole } of rehearsalLines(result, { given, isWide, colour: terminal.colour.out }))
      terminal.out(isWhole ? words : fitted(words, terminal.width()));
  }
  const asked = result.guests.flatMap(({ moves }) => moves.flatMap(({ issues }) => issues));
  const own = exitCodeFor([...result.issues, ...asked.filter(({ code }) => code === 'context-mismatch')]);
  return Math.max(unread, own, result.ok ? 0 : 1) as 0 | 1 | 2;
}

function wordsOf(args: Arguments, side: 'before' | 'after'): readonly string[] {
  const words = args.texts(side);
  if (words.length === 0)
    throw new CommandError(
      'no-hosts',
      `no hosts ${side} the upgrade given: use --${side} DIR, a directory that "virt-migratable capture" wrote`,
    );
  return words;
}

function givenBy(args: Arguments): HostsGiven {
  const connect = args.text('connect') ?? process.env['LIBVIRT_DEFAULT_URI'];
  return { words: [...args.texts('before'), ...args.texts('after')], connect };
}

function kernelsOf(args: Arguments): { readonly before?: string; readonly after?: string } {
  const [before, after] = (['kernel-before', 'kernel-after'] as const).map((name) => {
    const version = args.text(name);
    if (version !== undefined && !/^\d+\.\d+/.test(version))
      throw new CommandError('bad-value', `--${name} takes a version such as 6.12, not "${version}"`);
    return version;
  });
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** The guests that were given, and 2 where one cannot be read: the others are rehearsed all the same. */
async function guestsOf(
  args: Arguments,
  terminal: Terminal,
): Promise<{ readonly guests: readonly RehearsalGuest[]; readonly code: 0 | 2 }> {
  if (args.positionals.length === 0 && !args.has('all')) return { guests: [], code: 0 };
  const { files, failed } = await chosenGuests(args, terminal, ['--inactive']);
  const errors: unknown[] = failed.map(({ error }) => error);
  const guests = files.flatMap((file) => {
    try {
      return guestsFound(file, args, terminal).flatMap((guest) => read(guest, args, errors, file));
    } catch (error) {
      errors.push(error);
      return [];
    }
  });
  if (guests.length + errors.length === 0) refuseNone(files);
  for (const error of errors) tellFailure(failureOf(error), terminal);
  return { guests, code: errors.length > 0 ? 2 : 0 };
}

/** What was only found in a directory, and is no guest, is passed over. */
function read(guest: Guest, args: Arguments, errors: unknown[], file: GuestFile): readonly RehearsalGuest[] {
  try {
    const { name } = parseDomain(guest.text, readingOf(guest, args));
    return [{ xml: guest.text, name: labelOf(guest, name), file: guest.file.path }];
  } catch (error) {
    if (!isPassedOver(file, error)) errors.push(errorInFile(error, guest));
    return [];
  }
}
