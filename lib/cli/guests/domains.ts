import type { Domain } from '../../../types/domain.ts';
import { parseDomain } from '../../parser/domain/domain.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { guestFiles, isPassedOver, refuseNone } from './files.ts';
import type { Guest } from './guest.ts';
import { errorInFile, guestsFound, readingOf } from './guests.ts';

export interface GuestDomain {
  readonly guest: Guest;
  readonly domain: Domain;
}

/** Every guest in the files, directories and patterns, read. What was only found and is no guest is passed over. */
export function domainsIn(
  paths: readonly string[],
  args: Arguments,
  terminal: Terminal,
): readonly GuestDomain[] {
  const files = guestFiles(paths);
  const domains = files.flatMap((file) =>
    guestsFound(file, args, terminal).flatMap((guest) => {
      try {
        return [{ guest, domain: parseDomain(guest.text, readingOf(guest, args)) }];
      } catch (error) {
        if (isPassedOver(file, error)) return [];
        throw errorInFile(error, guest);
      }
    }),
  );
  if (domains.length === 0) refuseNone(files);
  return domains;
}
