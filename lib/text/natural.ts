/**
 * Which of two texts comes first where numbers in them count as numbers: kvm-2 before kvm-10. Negative if it is the
 * first, 0 for equal texts alone.
 *
 * @example
 * ['kvm-10', 'kvm-2'].sort(naturalOrder); // → ['kvm-2', 'kvm-10']
 */
export function naturalOrder(a: string, b: string): number {
  if (a === b) return 0;
  let start = 0;
  while (a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (isDigit(a, start - 1)) start--;
  const [endOfA, endOfB] = [endOfDigits(a, start), endOfDigits(b, start)];
  if (endOfA === start || endOfB === start) return plainOrder(a, b);
  const [left, right] = [numberIn(a, start, endOfA), numberIn(b, start, endOfB)];
  return (
    left.length - right.length ||
    plainOrder(left, right) ||
    naturalOrder(a.slice(endOfA), b.slice(endOfB)) ||
    plainOrder(a, b)
  );
}

/** Does a digit stand here? */
export function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text, end)) end++;
  return end;
}

/** Digits without zeros in front. */
function numberIn(text: string, start: number, end: number): string {
  let first = start;
  while (first < end && text.charCodeAt(first) === 0x30) first++;
  return text.slice(first, end);
}

function plainOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
