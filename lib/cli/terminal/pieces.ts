/** How long a text is written at once, in UTF-16 units. */
const LONGEST_WRITE = 1 << 16;

/** Prints a text that comes in pieces, many of them at once. */
export function printPieces(pieces: Iterable<string>, print: (text: string) => void): void {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < LONGEST_WRITE) continue;
    print(text);
    text = '';
  }
  if (text !== '') print(text);
}

/** Prints lines, many of them at once. */
export function printLines(all: Iterable<string>, print: (text: string) => void): void {
  printPieces(withEnds(all), print);
}

function* withEnds(all: Iterable<string>): Generator<string> {
  for (const line of all) yield `${line}\n`;
}
