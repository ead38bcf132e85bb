import { closeSync, openSync } from 'node:fs';
import { LibvirtXmlError, type ErrorPlace } from '../../issues/issues.ts';
import { attempt, CommandError } from '../errors.ts';
import { readChunks } from './descriptors.ts';

/** What a line is for, and where it stands: worked out for errors alone. */
type UseLine = (line: string, place: () => ErrorPlace) => void;

/** In UTF-16 units; no line of a fold is nearly as long, and what never ends is not read for ever. */
const LONGEST_LINE = 1 << 28;

/** Each line of a file in UTF-8, one after the other, `-` meaning standard input: as little is held as one line needs. */
export function eachLine(path: string, use: UseLine): void {
  const shown = path === '-' ? '<stdin>' : path;
  const descriptor = path === '-' ? 0 : attempt('read', shown, () => openSync(path, 'r'));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [rest, number] = ['', 0];
  const useLine = (line: string): void => {
    number++;
    use(line, () => ({ text: '\n'.repeat(number - 1) + line, offset: number - 1, file: shown }));
  };
  const take = (text: string): void => {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      useLine(rest + text.slice(start, end));
      rest = '';
      start = end + 1;
    }
    rest += text.slice(start);
    if (rest.length > LONGEST_LINE)
      throw new CommandError('unreadable', `cannot read ${shown}: line ${number + 1} does not end`);
  };
  const decoded = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      const place = { text: '\n'.repeat(number), offset: number, file: shown };
      const hint = 'Convert it to UTF-8 (iconv -t UTF-8).';
      throw new LibvirtXmlError('bad-encoding', 'the file is not valid UTF-8', { ...place, hint });
    }
  };
  try {
    attempt('read', shown, () => {
      readChunks(descriptor, (bytes) => {
        take(decoded(bytes));
      });
    });
    take(decoded());
    if (rest !== '') useLine(rest);
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}
