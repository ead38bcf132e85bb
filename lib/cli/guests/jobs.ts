import type { TextFile } from '../files/read.ts';
import type { Terminal } from '../terminal/terminal.ts';
import {
  unreadable,
  unreadableGuest,
  type FileAnswer,
  type GuestAnswer,
  type SharedWork,
  type Work,
} from './answer.ts';
import { checkGuest } from './check.ts';
import { explainGuest } from './explain.ts';
import { contentOf, isPassedOver, mayHoldGuest, type GuestFile } from './files.ts';
import type { Guest } from './guest.ts';
import { errorInFile, guestsIn } from './guests.ts';
import { lintGuest } from './lint.ts';
import { rewriteFile } from './rewrite.ts';

type Job = (file: TextFile, guests: readonly Guest[], work: Work) => FileAnswer;

const JOBS = {
  check: eachWith(checkGuest),
  explain: eachWith(explainGuest),
  lint: eachWith(lintGuest),
  rewrite: rewriteFile,
} as const satisfies Record<SharedWork['command'], Job>;

/** The answer to all guests of a file; that it cannot be read, or holds none, is one too. */
export function answerFile(
  file: GuestFile,
  work: SharedWork,
  terminal: Pick<Terminal, 'stdin' | 'detail'>,
): FileAnswer {
  try {
    const content = contentOf(file, terminal);
    if (!mayHoldGuest(file, content.text)) return { guests: [] };
    return JOBS[work.command](content, guestsIn(content, work.args), work);
  } catch (error) {
    if (isPassedOver(file, error)) return { guests: [] };
    return { guests: [unreadable({ guest: file.path }, error, work)] };
  }
}

/** One that cannot be read is no reason to leave the others out. */
function eachWith(answer: (guest: Guest, work: Work) => GuestAnswer): Job {
  return (_, guests, work) => ({
    guests: guests.map((guest) => {
      try {
        return answer(guest, work);
      } catch (error) {
        if (guest.number === undefined) throw errorInFile(error, guest);
        return unreadableGuest(guest, error, work);
      }
    }),
  });
}
